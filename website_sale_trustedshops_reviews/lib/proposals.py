# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Words by which a buyer agrees to be invited, as a proposal for the merchant.

No translations of one another: each says what the law of its country asks for, in the
words that shops there use. Bracketed parts name who gets which data for what, for how
long, and how to take it back (art. 6 (1) a, 7 and 13 GDPR; section 7 UWG; art. 398 of
the Polish law on electronic communication).
"""

_GERMAN = (
    "Ja, ich möchte meinen Einkauf bewerten. Ich willige ein, dass {shop} meine"
    " E-Mail-Adresse, meine Bestellnummer mit Datum und die bestellten Produkte an"
    " die Trusted Shops SE, Subbelrather Str. 15c, 50823 Köln, übermittelt und dass"
    " mir per E-Mail eine Einladung, meinen Einkauf zu bewerten, und eine Erinnerung"
    " daran gesendet werden. Die Einwilligung ist freiwillig, meine Bestellung hängt"
    " nicht von ihr ab. {shop} bewahrt sie als Nachweis {years} auf; wie lange"
    " Trusted Shops die Daten speichert, steht in der Datenschutzerklärung von"
    " Trusted Shops. Ich kann die Einwilligung jederzeit mit Wirkung für die Zukunft"
    " widerrufen: über den Link in der Bestellbestätigung, auf der Seite meiner"
    " Bestellung{contact}."
)
_POLISH = (
    "Tak, chcę ocenić swój zakup. Wyrażam zgodę na przekazanie przez {shop} mojego"
    " adresu e-mail, numeru i daty zamówienia oraz listy zamówionych produktów spółce"
    " Trusted Shops SE, Subbelrather Str. 15c, 50823 Kolonia, Niemcy, oraz na"
    " otrzymanie pocztą elektroniczną zaproszenia do wystawienia opinii o zakupie i"
    " jednego przypomnienia. Zgoda jest dobrowolna i nie jest warunkiem złożenia"
    " zamówienia. {shop} przechowuje ją jako dowód przez {years}; czas przechowywania"
    " danych przez Trusted Shops określa polityka prywatności Trusted Shops. Zgodę"
    " mogę wycofać w każdej chwili, bez wpływu na zgodność z prawem wcześniejszego"
    " przetwarzania: przez link w potwierdzeniu zamówienia, na stronie mojego"
    " zamówienia{contact}."
)
_ENGLISH = (
    "Yes, I would like to review my purchase. I agree that {shop} passes my e-mail"
    " address, the number and date of my order and the products ordered to Trusted"
    " Shops SE, Subbelrather Str. 15c, 50823 Cologne, Germany, and that I am sent an"
    " invitation to review my purchase and one reminder by e-mail. My consent is"
    " voluntary, and my order does not depend on it. {shop} keeps it as proof for"
    " {years}; how long Trusted Shops keeps the data is stated in its privacy notice."
    " I can withdraw my consent at any time with effect for the future: by the link in"
    " the order confirmation, on the page of my order{contact}."
)
_BY_LANGUAGE = {
    "de": (_GERMAN, " oder per E-Mail an {email}"),
    "en": (_ENGLISH, ", or by e-mail to {email}"),
    "pl": (_POLISH, " lub e-mailem na adres {email}"),
}
# Where there is no certificate, whose own page is the better one. [?]
PRIVACY_URL = "https://www.trustedshops.com/legal-notice-privacy/"


def _count_years(language, years):
    """Return a number of years in words that a sentence can use."""
    if language == "de":
        return "ein Jahr" if years == 1 else f"{years} Jahre"
    if language == "pl":
        few = years % 10 in (2, 3, 4) and years % 100 not in (12, 13, 14)
        return "rok" if years == 1 else f"{years} {'lata' if few else 'lat'}"
    return "one year" if years == 1 else f"{years} years"


def propose(lang_code, shop, years, email=""):
    """Return the words that a merchant may begin with in one of his languages.

    :param str lang_code: for example ``de_DE``
    :param str shop: name of the company that sells
    :param int years: for which consents are kept
    :param email: of the company, to take the consent back
    :type email: str or None
    :return: '' in a language for which there is no proposal
    :rtype: str
    """
    language = lang_code.partition("_")[0].partition("@")[0]
    if language not in _BY_LANGUAGE:
        return ""
    words, contact = _BY_LANGUAGE[language]
    return words.format(
        shop=shop,
        years=_count_years(language, years),
        contact=contact.format(email=email) if email else "",
    )
