# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import asdict

from lxml import html

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from ..lib import readiness as rules
from .certificate_common import CertificateCommon
from .http_common import PatientHttpCase

# Where pages are linked, and what is said about all prices.
LINKS = """
<data><xpath expr="//footer[@id='bottom']" position="inside">
    <a href="/imprint">Imprint</a> <a href="/privacy-policy">Privacy Policy</a>
    <a href="/right-of-withdrawal">Right of Withdrawal</a>
    <a href="/nowhere">Withdraw from contract here</a>
    <a href="/shipping-and-payment">Shipping and Payment</a>
    <p>All prices incl. VAT plus shipping.</p>
</xpath></data>"""
KINDS = ("identity", "privacy", "shipping", "withdrawal")
PAGES = ("/imprint", "/privacy-policy", "/shipping-and-payment", "/right-of-withdrawal")
# What a merchant writes into the gaps, by kind of page.
FILLED = {
    "identity": "Lamps Ltd, 10115 Berlin, post@lamps.example, +49 30 1234567",
    "privacy": "Trusted Shops gets your e-mail address.",
    "shipping": "We deliver worldwide for 4.90 €. Payment by credit card.",
    "withdrawal": "Right of withdrawal: 14 days. I hereby give notice that …",
}


UNSEEN = (
    *("language", "login", "other_website", "down", "elsewhere", "no_product"),
    *("no_html", "too_long"),
)
PEOPLE = ("order_page", "texts")
SWITCHES = ("order_button", "confirmation_mail", "payment_methods")


class ReadinessCommon(CertificateCommon):
    """A designer, and the company whose website he looks after."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website.company_id.write(
            {
                "name": "Lamps Ltd",
                "street": "High Street 1",
                "zip": "10115",
                "city": "Berlin",
                "email": "post@lamps.example",
                "phone": "+49 30 1234567",
            }
        )
        cls.readiness = cls.env["trustedshops.readiness"].with_user(cls.designer)
        cls.place = (cls.website.id, cls.langs["en_US"].id)


class TestReadinessHttp(ReadinessCommon, PatientHttpCase):
    """What is said about the pages that visitors get."""

    def _visit(self, visits):
        """Fetch pages without cookies, as the browser of a designer does."""
        self.authenticate(None, None)
        for visit in visits:
            answer = self.url_open(visit["path"])
            yield {
                "kind": visit["kind"],
                "asked": answer.history[0].url if answer.history else answer.url,
                "url": answer.url,
                "status": answer.status_code,
                "html": answer.text,
                "is_cut": False,
                "is_html": True,
            }

    def _look(self, place=None):
        """Return what is said of each point, by point."""
        place = place or self.place
        pages = list(self._visit(self.readiness.get_visits(*place)))
        pages += self._visit(self.readiness.find_visits(*place, pages))
        result = self.readiness.save_result(*place, pages)
        self.env.invalidate_all()
        return {point["point"]: point for point in result["points"]}

    def _link_pages(self):
        """Link pages in the footer of the website."""
        self.env["ir.ui.view"].create(
            {
                "name": "links",
                "type": "qweb",
                "key": "website.trustedshops_test_links",
                "website_id": self.website.id,
                "inherit_id": self.env.ref("website.layout").id,
                "arch": LINKS,
            }
        )

    def _make_pages(self):
        """Make a page from each template, and return them."""
        for kind in KINDS:
            action = self.readiness.create_page(*self.place, kind)
        self.assertEqual(action["params"]["path"], PAGES[-1])
        self.assertTrue(action["params"]["enable_editor"])
        pages = self.env["website.page"].search([("url", "in", PAGES)], order="id")
        self.assertEqual(pages.mapped("url"), list(PAGES))
        return dict(zip(KINDS, pages, strict=True))

    def assertStates(self, points, **states):
        found = {name: points[name]["state"] for name in states}
        self.assertEqual(found, states, points)

    def test_a_shop_that_says_nothing_of_all_this(self):
        self.goods.description_ecommerce = "<p>Delivery time: 2 days</p>"
        points = self._look()
        self.assertEqual(tuple(points), rules.POINTS)
        self.assertStates(
            points,
            privacy="missing",
            instructions="missing",
            model_form="missing",
            function="missing",
            price_notes="missing",
            order_button="missing",
            tls="missing",  # the tests' own server has none
            delivery_time="found",
            confirmation_mail="found",
            order_page="unseen",
            texts="unseen",
        )
        self.assertEqual(points["privacy"]["template"], "privacy")
        self.assertEqual(points["model_form"]["template"], "withdrawal")
        self.assertIn("/shop/lamp", points["delivery_time"]["links"][0]["text"])

    def test_pages_from_templates_are_missing_until_filled_and_published(self):
        pages = self._make_pages()
        self.assertEqual(self._make_pages(), pages)  # no second ones
        self.assertFalse(any(page.is_published for page in pages.values()))
        self._link_pages()
        points = self._look()
        self.assertStates(points, identity="missing", privacy="missing")
        self.assertIn("status 404", points["privacy"]["text"])
        self.assertEqual(
            points["privacy"]["links"][-1]["text"],
            "“Privacy Policy”: fill the gaps and publish it",
        )
        self.assertEqual(points["privacy"]["template"], "")
        for kind, page in pages.items():
            page.is_published = True
            words = f"</h1><p>{FILLED[kind]}</p>"
            page.arch = page.arch.replace("</h1>", words)
            if kind != "identity":
                page.arch = page.arch.replace("✎", "")
        self.website.trustedshops_order_button = True
        points = self._look()
        names = ("privacy", "shipping", "instructions", "model_form", "price_notes")
        self.assertStates(points, **dict.fromkeys(names, "found"), order_button="found")
        self.assertStates(points, identity="missing", function="missing")
        self.assertIn("gaps of the template", points["identity"]["text"])
        self.assertIn("status 404", points["function"]["text"])
        self.assertEqual(points["privacy"]["links"][0]["text"], "/privacy-policy")

    def test_a_shop_for_customers_only_cannot_be_seen(self):
        self.website.ecommerce_access = "logged_in"
        points = self._look()
        self.assertStates(points, price_notes="unseen", delivery_time="unseen")
        self.assertIn("have to log in", points["price_notes"]["text"])


class TestReadiness(ReadinessCommon):
    """The words of the result, who may see it, and the pages from templates."""

    def _keep(self, findings):
        """Return the result that holds these findings."""
        return self.env["trustedshops.readiness"].create(
            {
                "website_id": self.place[0],
                "lang_id": self.place[1],
                "checked_at": fields.Datetime.to_datetime("2026-11-02 10:00:00"),
                "findings": [asdict(each) for each in findings],
            }
        )

    def test_everything_that_can_be_found_has_words(self):
        findings = [
            rules.Finding(point, state, cause, ("https://lamps.example/a",), lacks)
            for point in rules.POINTS
            for state, cause, lacks in (
                ("found", "", ()),
                ("missing", "no_page", ()),
                ("missing", "broken", ()),
                ("missing", "broken", ("500",)),
                ("missing", "broken", ("login",)),
                ("missing", "lacks", ()),
                ("missing", "lacks", ("name", "gaps")),
                *(("unseen", cause, ()) for cause in UNSEEN),
            )
            if point not in PEOPLE
        ]
        findings += [rules.Finding(each, "unseen", "person") for each in PEOPLE]
        findings += [rules.Finding(each, "missing", "off") for each in SWITCHES]
        result = self._keep(findings).with_user(self.designer)
        points = result._prepare_points()
        self.assertEqual(len(points), len(findings))
        for point in points:
            self.assertTrue(point["title"] and point["text"], point)
            self.assertEqual(bool(point["todo"]), point["state"] == "missing", point)
            self.assertNotIn("certified", f"{point['text']} {point['todo']}".lower())

    def test_the_report(self):
        result = self._keep([rules.Finding("privacy", "missing", "no_page")])
        report = self.env["ir.actions.report"].with_user(self.designer)
        source, _kind = report._render_qweb_html(
            "website_sale_trustedshops.readiness_report", result.ids
        )
        text = " ".join(html.fromstring(source).text_content().split())
        for words in (
            "Ready for Certification",
            f"{self.website.name}, English (US)",
            "Missing Privacy notice that names Trusted Shops No link leads visitors",
            "Trusted Shops alone decides",
        ):
            self.assertIn(words, text)
        self.assertNotIn("certified", text.lower())

    def test_each_language_has_a_result_of_its_own(self):
        german = (self.website.id, self.langs["de_DE"].id)
        start, shop, product = self.readiness.get_visits(*german)
        self.assertEqual(start, {"kind": "start", "path": "/de"})
        self.assertEqual(shop, {"kind": "shop", "path": "/de/shop"})
        self.assertTrue(product["path"].startswith("/de/shop/"))
        for place in (self.place, german, self.place):
            self.readiness.save_result(*place, [])
        domain = [("website_id", "=", self.website.id)]
        self.assertEqual(self.readiness.search_count(domain), 2)

    def test_the_product_is_one_that_visitors_can_open(self):
        _stranger, website = self._make_stranger()
        values = {"list_price": 9, "is_favorite": True}  # the first of all
        self.env["product.template"].create(
            [
                {**values, "name": "Draft"},
                {
                    **values,
                    "name": "Of another company",
                    "is_published": True,
                    "company_id": website.company_id.id,
                },
            ]
        )
        _start, _shop, product = self.readiness.get_visits(*self.place)
        self.assertEqual(product["path"], self.goods.website_url)

    def test_another_website_at_the_address_is_none_of_this_one(self):
        source = f"<html data-website-id='{self.website.id}'><p>Hello"
        url = "https://shop.example/"
        values = {"kind": "start", "asked": url, "url": url, "status": 200}
        page = {**values, "html": source, "is_cut": False, "is_html": True}
        place = (self.second.id, self.place[1])
        for point in self.readiness.save_result(*place, [page])["points"]:
            if point["point"] not in ("order_button", "confirmation_mail"):
                self.assertEqual(point["state"], "unseen", point)
        self.assertIn("shows another website", str(self.readiness.get_overview()))
        for name in ("asked", "url"):
            with self.assertRaises(ValueError):  # nobody is made to click on that
                bad = {**page, name: "javascript:alert(1)"}
                self.readiness.save_result(*place, [bad])

    def test_the_overview_shows_the_last_result(self):
        self._keep([rules.Finding("tls", "found", urls=("https://lamps.example/",))])
        websites = {each["id"]: each for each in self.readiness.get_overview()}
        self.assertEqual(websites[self.second.id]["url"], "https://shop.example")
        languages = {
            each["lang"]: each for each in websites[self.website.id]["languages"]
        }
        self.assertEqual(languages["de-DE"]["result_id"], False)
        [point] = languages["en-US"]["points"]
        self.assertEqual((point["point"], point["text"]), ("tls", "Found."))
        self.assertEqual(
            point["links"],
            [{"text": "/", "url": "https://lamps.example/", "is_place": False}],
        )

    def test_only_designers_and_administrators_of_the_company_look(self):
        self.assertTrue(self.readiness.with_user(self.manager).get_overview())
        stranger, website = self._make_stranger()
        salesman = new_test_user(
            self.env, "ts_salesman", groups="sales_team.group_sale_manager"
        )
        for user, place in (
            (stranger, self.place),
            (salesman, self.place),
            (self.designer, (website.id, self.place[1])),
            (self.designer, (self.website.id, 0)),
            (self.designer, (0, self.place[1])),
        ):
            model = self.readiness.with_user(user)
            for method, arguments in (
                ("get_visits", ()),
                ("find_visits", ([],)),
                ("save_result", ([],)),
                ("create_page", ("identity",)),
            ):
                with self.subTest(user=user.login, method=method):
                    with self.assertRaises(AccessError):
                        getattr(model, method)(*place, *arguments)
        with self.assertRaises(AccessError):
            self.readiness.with_user(salesman).get_overview()
        result = self._keep([rules.Finding("texts", "unseen", "person")])
        with self.assertRaises(AccessError):
            result.with_user(self.designer).findings = []

    def test_a_page_has_the_facts_and_the_words_of_each_language(self):
        template = self.env.ref("website_sale_trustedshops.page_withdrawal")
        terms = {"Withdrawal Instructions": "Widerrufsbelehrung"}
        template.update_field_translations("arch_db", {"de_DE": terms})
        self.website.company_id.name = "Lamps & <Co>"
        self.readiness.create_page(*self.place, "withdrawal")
        page = self.env["website.page"].search([("url", "=", "/right-of-withdrawal")])
        self.assertIn("Withdrawal Instructions", page.with_context(lang="en_US").arch)
        german = page.view_id.with_context(lang="de_DE").arch
        self.assertIn("<h2>Widerrufsbelehrung</h2>", german)
        self.assertIn("Lamps &amp; &lt;Co&gt;", german)
        self.assertEqual(german.count("✎"), 2)
        with self.assertRaises(ValueError):
            self.readiness.create_page(*self.place, "terms")
