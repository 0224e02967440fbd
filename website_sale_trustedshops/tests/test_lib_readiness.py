# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a program sees of the criteria on the pages of a shop, in seven languages."""

from dataclasses import replace
from pathlib import Path
from unittest import TestCase

from lxml import etree

from ..lib.criteria import read_criteria
from ..lib.inspection import Inspection, find_pages
from ..lib.shop_page import read_page
from ..lib.shop_words import WORDS

LIST = Path(__file__).parents[1] / "views" / "trustedshops_criteria.xml"
CRITERIA = read_criteria(etree.parse(LIST).getroot())
HOME = "https://lampen.example"
FOOTER = """
<footer><a href="/impressum">Impressum</a> <a href="/privacy">Datenschutz</a>
<a href="/widerruf">Widerrufsbelehrung</a> <a href="/versand">Versand und Zahlung</a>
<a href="/rueckgabe">Vertrag widerrufen</a> Zertifiziert von Trusted Shops
</footer>"""
FACTS = {
    "language": "de",
    "id": 7,
    "domain": "",
    "company": "Lampen GmbH",
    "postcode": "10115",
    "phone": "+49 30 1234567",
    "countries": ["Deutschland", "Österreich"],
    "methods": [("wire_transfer", "Wire Transfer")],
    "order_label": "Zahlungspflichtig bestellen",
    "has_mail": True,
}
WITHDRAWAL_FORM = "Widerrufsrecht: Hiermit widerrufe ich"
PRICE = "<p>19,90 € inkl. 19 % MwSt. zzgl. Versandkosten</p>"
# What the pages of a complete shop hold, by kind and path.
CONTENT = {
    "start": ("/", "<h1>Lampen</h1>"),
    "shop": ("/shop", PRICE),
    "product": ("/shop/lampe-1", f"{PRICE}<p>Lieferzeit: 2-3 Werktage</p>"),
    "identity": (
        "/impressum",
        "Lampen GmbH<br>Hauptstraße 1<br>10115 Berlin<br>post@lampen.example"
        "<br>Telefon: 030 1234567",
    ),
    "privacy": ("/privacy", "Wir übermitteln Daten an Trusted Shops."),
    "withdrawal": (
        "/widerruf",
        "Widerrufsrecht: binnen vierzehn Tagen … Hiermit widerrufe(n) ich/wir (*) …",
    ),
    "function": ("/rueckgabe", "Vertrag widerrufen"),
    "shipping": ("/versand", "Nach Deutschland 4,90 €. Vorkasse, PayPal"),
}


def make_page(kind, content=None, status=200, url="", **options):
    """Return a page of the shop as the browser hands it in."""
    path, usual = CONTENT[kind]
    body = usual if content is None else content
    source = (
        f"<html data-website-id='7' lang='de-DE'><body><main>{body}</main>{FOOTER}"
        "</body></html>"
    )
    asked = HOME + path
    return read_page(kind, asked, url or asked, status, source, **options)


def look(facts=None, **pages):
    """Return what is seen by point; pages in place of those of a complete shop."""
    shop = {kind: make_page(kind) for kind in CONTENT} | pages
    criteria = [each for each in CRITERIA if "shop" in each.scopes]
    found = Inspection([page for page in shop.values() if page], facts or FACTS).look(
        criteria
    )
    return {each["point"]: each for each in found}


def urls_of(paths):
    return tuple(HOME + path for path in paths)


class TestLibReadiness(TestCase):
    def assertSeen(self, seen, cause, urls=(), **values):
        urls = tuple(HOME + url for url in urls)
        expected = {"cause": cause, "urls": urls, "values": values}
        self.assertEqual({**seen, **expected}, seen)

    def test_a_complete_shop_is_found_with_the_places(self):
        findings = look()
        places = {
            "identity": ("/impressum",),
            "privacy": ("/privacy",),
            "tls": ("/",),
            "price_notes": ("/shop/lampe-1", "/shop"),
            "shipping": ("/versand",),
            "delivery_time": ("/shop/lampe-1",),
            "payment_methods": ("/versand",),
            "order_button": (),
            "confirmation_mail": (),
            "instructions": ("/widerruf",),
            "function": ("/rueckgabe",),
        }
        for point, urls in places.items():
            with self.subTest(point):
                seen = findings.pop(point)
                self.assertEqual((seen["cause"], seen["urls"]), ("ok", urls_of(urls)))
        self.assertEqual(set(findings), {"order_page", "texts"})
        for seen in findings.values():
            self.assertSeen(seen, "hint")

    def test_what_a_page_lacks_is_named(self):
        for point, kind, content, lacks in (
            ("identity", "identity", "Lampen GmbH, 030 1234567, 10115", "email"),
            ("identity", "identity", "a@b.example 10115 +49 30 1234567", "name"),
            ("identity", "identity", "Lampen GmbH a@b.example 030 1234567", "address"),
            ("identity", "identity", "Lampen GmbH 10115 a@b.de 01.02.2026", "phone"),
            ("identity", "identity", "Lampen GmbH 10115 a@b.de 01-02-2026 1", "phone"),
            ("identity", "identity", "Lampen GmbH 10115 a@b.de 01/02/2026 1", "phone"),
            ("privacy", "privacy", "Wir übermitteln Daten.", "trusted_shops"),
            ("shipping", "shipping", "Wir liefern nach Deutschland.", "costs"),
            ("shipping", "shipping", "Versand kostet 4,90 €.", "area"),
            ("price_notes", "product", "19,90 € inkl. MwSt.", "plus_shipping"),
            ("price_notes", "shop", "19,90 € zzgl. Versandkosten", "tax"),
            ("delivery_time", "product", PRICE, "delivery_time"),
            ("shipping", "shipping", "Deutschland 4,90 € ✎", "gaps"),
            ("instructions", "withdrawal", WITHDRAWAL_FORM, "period"),
            # The instructions of the law mention it.
            (
                "instructions",
                "withdrawal",
                "Widerrufsrecht, vierzehn Tage, beigefügtes Widerrufsformular",
                "model_form",
            ),
        ):  # fmt: skip
            with self.subTest(content=content):
                page = make_page(kind, content)
                path = (CONTENT[kind][0],)
                finding = look(**{kind: page})[point]
                self.assertSeen(finding, "lacks", path, parts=[lacks])

    def test_a_company_is_known_by_its_number_and_postcode(self):
        for phone, postcode, content in (
            ("+48 600 123 456", "00-950", "600 123 456, 00950 Warszawa"),
            ("+48 600 123 456", "00950", "600-123-456, 00-950 Warszawa"),
            ("+44 20 7946 0958", "SW1A 1AA", "020 79460958, SW1A1AA London"),
        ):
            facts = {**FACTS, "phone": phone, "postcode": postcode}
            page = make_page("identity", f"Lampen GmbH a@b.example {content}")
            with self.subTest(content=content):
                seen = look(facts, identity=page)["identity"]
                self.assertEqual(seen["cause"], "ok")

    def test_only_what_visitors_see_counts(self):
        for hidden in (
            "<!-- Trusted Shops -->",
            "<script>Trusted Shops</script>",
            "<style>.trusted shops { color: red }</style>",
            "<p hidden>Trusted Shops</p>",
            "<p style='display: none'>Trusted Shops</p>",
            "<div class='modal fade'>Trusted Shops</div>",
            "<p class='d-none'>Trusted Shops</p>",
            "<input type='hidden' value='Trusted Shops'/>",
        ):
            with self.subTest(hidden=hidden):
                finding = look(privacy=make_page("privacy", hidden))["privacy"]
                self.assertEqual(finding["values"], {"parts": ["trusted_shops"]})
        for shown in (
            "<p class='d-none d-lg-block'>Trusted<br/>Shops</p>",
            "<img alt='Trusted Shops' src='x'/>",
            "Trus\u00adted <b>Shops</b>",
        ):
            with self.subTest(shown=shown):
                finding = look(privacy=make_page("privacy", shown))["privacy"]
                self.assertEqual(finding["cause"], "ok")

    def test_a_page_without_link_or_that_does_not_come(self):
        bare = read_page("start", HOME, HOME, 200, "<html data-website-id='7'>Hi")
        goods = {"shop": None, "product": None}
        finding = look(start=bare, **goods)["identity"]
        self.assertSeen(finding, "no_page")
        path = ("/privacy",)
        for status in (404, 500):
            finding = look(privacy=make_page("privacy", status=status))["privacy"]
            self.assertSeen(finding, "broken", path, status=status)
        finding = look(privacy=make_page("privacy", status=0))["privacy"]
        self.assertSeen(finding, "silent", path)
        page = make_page("function", url=f"{HOME}/web/login?redirect=/rueckgabe")
        self.assertSeen(look(function=page)["function"], "locked", ("/rueckgabe",))

    def test_a_page_elsewhere_cannot_be_seen(self):
        links = '<a href="https://recht.example/lampen">Datenschutz</a>'
        privacy = make_page("privacy", "Kurz")
        finding = look(start=make_page("start", links), privacy=privacy)["privacy"]
        self.assertEqual(finding["urls"], ("https://recht.example/lampen",))
        self.assertEqual(finding["cause"], "elsewhere")

    def test_what_is_no_page_cannot_be_seen(self):
        finding = look(privacy=make_page("privacy", is_html=False))["privacy"]
        self.assertSeen(finding, "no_html", ("/privacy",))

    def test_all_links_of_a_kind_are_tried(self):
        start = make_page("start", "<a href='/formular'>Widerrufsformular</a>")
        url = f"{HOME}/formular"
        for form in (
            read_page("withdrawal", url, url, 200, is_html=False),
            read_page("withdrawal", url, url, 200, "<p>Hiermit widerrufe ich</p>"),
            read_page("withdrawal", url, url, 404),
        ):
            finding = look(start=start, form=form)["instructions"]
            self.assertSeen(finding, "ok", ("/widerruf",))

    def test_imprint_and_withdrawal_function_are_linked_on_each_page(self):
        bare = "<html data-website-id='7'><body>Lampe</body></html>"
        url = HOME + CONTENT["product"][0]
        product = read_page("product", url, url, 200, bare)
        findings = look(product=product)
        for point in ("identity", "function"):
            self.assertSeen(findings[point], "no_page")
        self.assertEqual(findings["privacy"]["cause"], "ok")
        # What visitors do not see says nothing.
        product = make_page("product", url=f"{HOME}/web/login")
        self.assertEqual(look(product=product)["function"]["cause"], "ok")

    def test_a_website_that_is_not_there_is_told_once(self):
        other = replace(make_page("start"), website_id=8)
        login = make_page("start", url=f"{HOME}/web/login?redirect=/")
        for start, cause, values in (
            (make_page("start", status=500), "broken", {"status": 500}),
            (make_page("start", status=0), "silent", {}),
            (login, "login", {}),
            (other, "problem", {}),
        ):
            with self.subTest(cause=cause):
                seen = look(start=start)
                self.assertSeen(seen["page"], cause, **values)
                self.assertEqual(seen["order_button"]["cause"], "ok")
                others = {"order_button", "confirmation_mail", "order_page", "texts"}
                self.assertEqual(set(seen), {"page", *others})
        found = Inspection([], FACTS).look(
            [each for each in CRITERIA if each.name == "page"]
        )
        self.assertEqual([each["cause"] for each in found], ["silent"])

    def test_a_language_whose_words_are_not_known_is_told_once(self):
        seen = look({**FACTS, "language": "sv"})
        self.assertSeen(seen["words"], "hint")
        self.assertEqual(
            set(seen), {"words", "tls", "confirmation_mail", "order_page", "texts"}
        )

    def test_goods_that_cannot_be_seen(self):
        self.assertSeen(look(product=None)["price_notes"], "no_product")
        page = make_page("product", url=f"{HOME}/web/login")
        for point in ("price_notes", "delivery_time"):
            finding = look(product=page)[point]
            self.assertSeen(finding, "login", ("/shop/lampe-1",))

    def test_a_huge_page_is_read_to_its_limit(self):
        long = "<p>Lampe</p>" * 100_000
        finding = look(privacy=make_page("privacy", f"{long}Trusted Shops"))["privacy"]
        self.assertSeen(finding, "too_long", ("/privacy",))
        page = make_page("privacy", "Kurz", is_cut=True)
        self.assertEqual(look(privacy=page)["privacy"]["cause"], "too_long")
        deep = "<div>" * 50_000 + "Trusted Shops"
        self.assertTrue(look(privacy=make_page("privacy", deep))["privacy"]["cause"])
        for source in ("", "\x00", "<", "<html>", "]]>", "\ud800 <p>x"):
            page = read_page("privacy", HOME, HOME, 200, source)
            self.assertIn(page.text, ("", "<", "]]>", "? x"))

    def test_what_odoo_knows(self):
        for point, facts, cause in (
            ("order_button", {"order_label": "Jetzt bezahlen"}, "problem"),
            ("confirmation_mail", {"has_mail": False}, "problem"),
            ("payment_methods", {"methods": []}, "problem"),
            ("tls", {"domain": "http://lampen.example"}, "domain"),
            ("tls", {"domain": HOME}, "ok"),
        ):
            with self.subTest(point=point, facts=facts):
                self.assertEqual(look({**FACTS, **facts})[point]["cause"], cause)
        plain = make_page("start", url="http://lampen.example/")
        self.assertEqual(look(start=plain)["tls"]["cause"], "plain")

    def test_means_of_payment_in_the_footer_count(self):
        without = make_page("shipping", "Deutschland 4,90 €")
        url = (f"{HOME}/versand",)
        finding = look(shipping=without)["payment_methods"]
        self.assertEqual((finding["cause"], finding["urls"]), ("unnamed", url))
        names = (("card", "Karte"), ("sofort", "Sofort"), ("eps", "EPS"))
        common = {**FACTS, "methods": names}
        start = make_page("start", "Karte für Sie, sofort lieferbar, epsilon")
        finding = look(common, shipping=without, start=start)["payment_methods"]
        self.assertEqual(finding["cause"], "unnamed")
        block = "<div class='s_supported_payment_methods o_not_editable'></div>"
        for content in (
            block,
            "<img alt='PayPal' src='x'/>",
            "Wire transfer",
            "SOFORT.",
        ):
            start = make_page("start", content)
            finding = look(shipping=without, start=start)["payment_methods"]
            self.assertEqual((finding["cause"], finding["urls"]), ("ok", (f"{HOME}/",)))


# By language: names of links in the order of LINKED, without `contact`; texts in the
# order of TEXTS; what is none of ours in the order button.
TEXTS = (
    "period",
    "model_form",
    "free",
    "tax",
    "plus_shipping",
    "delivery_time",
    "order",
)
SHOPS = {
    "de": (
        "Impressum|Datenschutzerklärung|Widerrufsrecht|Vertrag hier widerrufen"
        "|Versandkosten|Zahlungsarten|AGB",
        "vierzehn Tage|Hiermit widerrufe(n) ich/wir (*)|kostenlos|inkl. MwSt."
        "|zzgl. Versandkosten|Lieferzeit|Zahlungspflichtig bestellen",
        "Jetzt bezahlen",
    ),
    "pl": (
        "Dane firmy|Polityka prywatności|Prawo odstąpienia|Odstąp od umowy tutaj"
        "|Koszty dostawy|Formy płatności|Regulamin",
        "14 dni|Niniejszym informuję/informujemy(*) o moim/naszym|darmowa dostawa"
        "|zawiera VAT|plus koszty dostawy|Czas dostawy: 2 dni"
        "|Zamówienie z obowiązkiem zapłaty",
        "Zapłać teraz",
    ),
    "en": (
        "Legal Notice|Privacy Policy|Right of Withdrawal|Withdraw from contract here"
        "|Shipping|Payment|Terms and Conditions",
        "14 days|I/We (*) hereby give notice that|free|(Tax included)|plus shipping"
        "|Shipping: 2-3 Business Days|Order with obligation to pay",
        "Pay now",
    ),
    "fr": (
        "Mentions légales|Politique de confidentialité|Droit de rétractation"
        "|Se rétracter du contrat ici|Livraison|Paiement|Conditions générales",
        "quatorze jours|Je/nous vous notifie/notifions (*) par la présente|gratuite"
        "|Toutes taxes comprises|hors frais de livraison|Délai de livraison"
        "|Commande avec obligation de paiement",
        "Payer maintenant",
    ),
    "es": (
        "Aviso legal|Política de privacidad|Derecho de desistimiento"
        "|Desistir del contrato aquí|Envíos|Pagos|Términos y condiciones",
        "14 días|Por la presente le informo/informamos (*) que desisto|gratis"
        "|IVA incluido|más gastos de envío|Plazo de entrega"
        "|Pedido con obligación de pago",
        "Pagar ahora",
    ),
    "it": (
        "Note legali|Politica sulla privacy|Diritto di recesso"
        "|Recedere dal contratto qui|Spedizioni|Pagamenti|Termini e condizioni",
        "quattordici giorni|Con la presente io/noi notifichiamo (*) il recesso|gratis"
        "|IVA inclusa|più spese di spedizione|Tempi di consegna"
        "|Ordine con obbligo di pagare",
        "Paga ora",
    ),
    "nl": (
        "Colofon|Privacybeleid|Herroepingsrecht|Overeenkomst hier herroepen"
        "|Verzending|Betaalmethoden|Algemene voorwaarden",
        "14 dagen|deel/delen (*) u hierbij mede dat ik/wij (*) herroep|gratis"
        "|Inclusief btw|exclusief verzendkosten|Levertijd"
        "|Bestelling met betalingsverplichting",
        "Betaal nu",
    ),
}  # fmt: skip
KINDS = (
    "identity",
    "privacy",
    "withdrawal",
    "function",
    "shipping",
    "payment",
    "terms",
)


# What says of prices what the law asks for, and what does not, by language.
NOTES = {
    "de": (
        "inkl. der gesetzl. MwSt.|inkl. ges. MwSt.|MwSt. inbegriffen|inkl.MwSt."
        "|(inkl. 19 % USt)|inklusive gesetzlicher Mehrwertsteuer|enthält 19% MwSt.",
        "enthält keine MwSt.|ohne MwSt.|inkl. Versand, ohne MwSt.|zzgl. MwSt."
        "|inkl. Steuergerät",
        "zzgl. Versand|inkl. MwSt. zzgl. Versandkosten|versandkostenfrei",
        "versandkostenfrei ab 50 €|Zahlung und Versand|inkl. MwSt. Zahlung und Versand",
    ),
    "pl": (
        "podatek wliczony|z VAT|z 23% VAT|w tym VAT|cena brutto|zawiera podatek VAT",
        "bez VAT|cena netto, bez VAT|nie zawiera VAT|VAT nie jest wliczony",
        "plus koszty dostawy|bez kosztów dostawy|+ koszt wysyłki",
        "Płatności oraz koszty dostawy|darmowa dostawa od 200 zł|dowóz koszty dostawy",
    ),
    "en": (
        "incl. VAT|VAT included|inc VAT|including 19% VAT|including all taxes",
        "without VAT|includes no VAT|does not include VAT|excl. VAT|VAT excluded",
        "plus shipping|excl. delivery|incl. VAT and shipping|free shipping",
        "free shipping over 50|Payment and shipping|incl. VAT Shipping",
    ),
    "es": (
        "IVA incluido|incluye IVA",
        "no incluye IVA|sin IVA",
        "más gastos de envío|envío gratuito",
        "envío gratis desde 50 €|IVA incluido Envíos",
    ),
}


class TestLibShopWords(TestCase):
    def test_notes_at_prices(self):
        for language, (tax, no_tax, shipping, no_shipping) in NOTES.items():
            for name, good, bad in (
                ("tax", tax, no_tax),
                ("plus_shipping", shipping, no_shipping),
            ):
                for text in good.split("|"):
                    with self.subTest(good=text):
                        self.assertRegex(text.lower(), WORDS[language][name])
                for text in bad.split("|"):
                    with self.subTest(bad=text):
                        self.assertNotRegex(text.lower(), WORDS[language][name])

    def test_pages_are_found_by_the_names_of_their_links(self):
        self.assertEqual(set(SHOPS), set(WORDS))
        for language, (names, _texts, _core) in SHOPS.items():
            pages = dict(zip(KINDS, names.split("|"), strict=True))
            links = "".join(
                f"<a href='/p{number}'>{name}</a>"
                for number, name in enumerate(pages.values())
            )
            start = read_page("start", HOME, HOME, 200, links)
            found = find_pages([start], language)
            expected = {kind: (f"{HOME}/p{n}",) for n, kind in enumerate(KINDS)}
            with self.subTest(language=language):
                self.assertEqual(found, expected)

    def test_the_words_of_the_law_name_the_withdrawal_function(self):
        for language, texts in {
            "en": ("Withdraw from contract here",),
            "de": ("Vertrag widerrufen",),
            "fr": ("Renoncer au contrat ici",),
            "pl": ("Odstąp od umowy tutaj",),
            "nl": ("Hier de overeenkomst herroepen",),
            "es": ("Desistir del contrato aquí",),
            "it": ("Recedere dal contratto qui", "Recedi dal contratto qui"),
        }.items():
            for text in texts:
                with self.subTest(text):
                    self.assertRegex(text.lower(), WORDS[language]["function"])

    def test_words_in_texts_and_on_the_button(self):
        for language, (_names, texts, core) in SHOPS.items():
            facts = {**FACTS, "language": language}
            for name, text in zip(TEXTS, texts.split("|"), strict=True):
                with self.subTest(language=language, name=name):
                    self.assertRegex(text.lower(), WORDS[language][name])
            order = {
                label: look({**facts, "order_label": label})["order_button"]["cause"]
                for label in (texts.rpartition("|")[2], core)
            }
            self.assertEqual([*order.values()], ["ok", "problem"], language)

    def test_addresses_products_and_teasers(self):
        for links, expected in (
            ("<a href='/de/legal-notice#top'><i></i></a>", "/de/legal-notice"),
            ("<a href='/x' title='Imprint'><i></i></a>", "/x"),
            ("<a href='/x'>Contact us</a><a href='/y'>Imprint</a>", "/y"),
            ("<a href='/shop/imprint-1'>Imprint of Lamps</a>", None),
            (f"<a href='/x'>{'Imprint ' * 10}</a>", None),
            ("<a href='/#top'>Imprint</a>", None),
            ("<a href='/imprint/lamps'><i></i></a>", None),
            ("<a href='javascript:alert(1)'>Imprint</a>", None),
            ("<a href='http://[x'>Imprint</a>", None),
            ("<button>Imprint</button>", None),
        ):
            start = read_page("start", HOME, f"{HOME}/", 200, links)
            found = find_pages([start], "en").get("identity")
            self.assertEqual(found, expected and (HOME + expected,), links)

    def test_the_withdrawal_function_is_no_page_with_instructions(self):
        function = "<a href='/withdrawal'>Withdraw from contract here</a>"
        start = read_page("start", HOME, f"{HOME}/", 200, function)
        found = {"function": (f"{HOME}/withdrawal",)}
        self.assertEqual(find_pages([start], "en"), found)
        both = f"{function}<a href='/withdrawal'>Right of withdrawal</a>"
        start = read_page("start", HOME, f"{HOME}/", 200, both)
        found["withdrawal"] = found["function"]
        self.assertEqual(find_pages([start], "en"), found)

    def test_a_question_about_withdrawal_is_no_withdrawal_function(self):
        for text, is_one in (
            ("» Vertrag widerrufen", True),
            ("Hier Bestellung widerrufen", True),
            ("Wie kann ich meine Bestellung widerrufen?", False),
        ):
            link = f"<a href='/x'>{text}</a>"
            start = read_page("start", HOME, f"{HOME}/", 200, link)
            self.assertEqual("function" in find_pages([start], "de"), is_one, text)
