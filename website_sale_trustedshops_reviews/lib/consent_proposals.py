# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Proposed texts of the consent to review invitations.

They are not translations of each other: each says what the law of its country requires,
in the words that shops there use. The sentence beside the box says who gives what to
whom, how often, and that the consent can be withdrawn; the details say which data, for
how long, and how to withdraw (art. 6 (1) a, 7 and 13 GDPR; section 7 UWG; art. 398 of
the Polish law on electronic communication).
"""

_GERMAN = (
    "Ich willige ein: {shop} gibt E‑Mail-Adresse und Bestelldaten an Trusted Shops SE,"
    " damit ich eine Einladung und eine Erinnerung per E‑Mail erhalte. Jederzeit"
    " widerrufbar.",
    "Meine E‑Mail-Adresse, meine Bestellnummer mit Datum und die bestellten Produkte"
    " gehen an die Trusted Shops SE, Subbelrather Str. 15c, 50823 Köln, die mich"
    " einlädt, meinen Einkauf zu bewerten. Die Einwilligung ist freiwillig, meine"
    " Bestellung hängt nicht von ihr ab. {shop} bewahrt sie als Nachweis {years} auf;"
    " wie lange Trusted Shops die Daten speichert, steht in der Datenschutzerklärung"
    " von Trusted Shops. Ich kann sie jederzeit mit Wirkung für die Zukunft widerrufen:"
    " auf der Seite meiner Bestellung{contact}.",
    " oder per E‑Mail an {email}",
)
_POLISH = (
    "Wyrażam zgodę: {shop} przekaże mój e‑mail i dane zamówienia Trusted Shops SE,"
    " która wyśle mi e‑mailem jedno zaproszenie do oceny i jedno przypomnienie. Zgodę"
    " mogę wycofać w każdej chwili.",
    "Mój adres e‑mail, numer i data zamówienia oraz lista zamówionych produktów trafią"
    " do Trusted Shops SE, Subbelrather Str. 15c, 50823 Kolonia, Niemcy, która zaprosi"
    " mnie do wystawienia opinii o zakupie. Zgoda jest dobrowolna i nie jest warunkiem"
    " złożenia zamówienia. {shop} przechowuje ją jako dowód przez {years}; czas"
    " przechowywania danych przez Trusted Shops określa polityka prywatności Trusted"
    " Shops. Zgodę mogę wycofać bez wpływu na zgodność z prawem wcześniejszego"
    " przetwarzania: na stronie mojego zamówienia{contact}.",
    " lub e‑mailem na adres {email}",
)
_ENGLISH = (
    "I agree that {shop} gives my e‑mail address and order data to Trusted Shops SE, so"
    " that I get one invitation and one reminder by e‑mail. I can withdraw at any"
    " time.",
    "My e‑mail address, the number and date of my order and the products ordered go to"
    " Trusted Shops SE, Subbelrather Str. 15c, 50823 Cologne, Germany, which invites me"
    " to review my purchase. My consent is voluntary, and my order does not depend on"
    " it. {shop} keeps it as proof for {years}; how long Trusted Shops keeps the data"
    " is stated in its privacy notice. I can withdraw it with effect for the future: on"
    " the page of my order{contact}.",
    " or by e‑mail to {email}",
)
_BY_LANGUAGE = {"de": _GERMAN, "en": _ENGLISH, "pl": _POLISH}
# The page to link to without a live certificate, which has its own page.
PRIVACY_URL = "https://www.trustedshops.com/legal-notice-privacy/"


def get_proposal(lang_code, shop, has_email=False):
    """Return the proposed words of the consent in a language.

    Its details contain ``{years}`` and ``{email}``, which are filled in when a buyer
    reads them, see ``_get_words`` of ``trustedshops.consent.text``.

    :param str lang_code: language, for example ``de_DE``
    :param str shop: name of the company that sells
    :param bool has_email: whether buyers can write to the company to withdraw
    :return: the sentence beside the box, and its details; None unless the language is
        German, English or Polish
    :rtype: tuple[str, str] or None
    """
    language = lang_code.partition("_")[0].partition("@")[0]
    if language not in _BY_LANGUAGE:
        return None
    sentence, details, contact = _BY_LANGUAGE[language]
    details = details.replace("{contact}", contact if has_email else "")
    return sentence.replace("{shop}", shop), details.replace("{shop}", shop)
