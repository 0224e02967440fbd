# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .certificate_common import CertificateCommon
from .http_common import PatientHttpCase

# Where pages are linked, and what is said about all prices.
LINKS = """
<data><xpath expr="//footer[@id='bottom']" position="inside">
    <a href="/imprint">Imprint</a> <a href="/privacy-policy">Privacy Policy</a>
    <a href="/right-of-withdrawal">Right of Withdrawal</a>
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

    def _read_website(self, website=None):
        """Return what the page shows of a website."""
        [shown] = [
            each
            for each in self.readiness.get_overview()
            if each["id"] == (website or self.website).id
        ]
        return shown

    def _read_findings(self, place):
        """Return what is said in a language, by cause."""
        website = self._read_website(self.env["website"].browse(place[0]))
        [language] = [each for each in website["languages"] if each["id"] == place[1]]
        found = website["shared"] + language["findings"]
        return {finding["cause"]: finding for finding in found}


def make_seen(point, cause="ok", urls=(), values=None):
    """Return what was seen of a criterion, as it is kept."""
    return {"point": point, "cause": cause, "urls": urls, "values": values or {}}


class ReadinessHttpCommon(ReadinessCommon, PatientHttpCase):
    """A designer whose browser visits the website without cookies."""

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
        """Return what is said of each criterion in a language, by cause."""
        place, pages = place or self.place, []
        while visits := self.readiness.inspect(*place, pages):
            pages += self._visit(visits)
        self.env.invalidate_all()
        return self._read_findings(place)

    def assertLevels(self, findings, **levels):
        found = {name: findings[name]["level"] for name in levels}
        self.assertEqual(found, levels, findings)


class TestReadinessHttp(ReadinessHttpCommon):
    """What is said about the pages that visitors get."""

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
            action = self.readiness.create_page(self.website.id, kind)
        self.assertEqual(action["params"]["path"], PAGES[-1])
        self.assertTrue(action["params"]["enable_editor"])
        pages = self.env["website.page"].search([("url", "in", PAGES)])
        by_url = {page.url: page for page in pages}
        self.assertEqual(len(pages), len(by_url))
        return {kind: by_url[url] for kind, url in zip(KINDS, PAGES, strict=True)}

    def test_untouched_shop_gets_a_result_for_each_criterion(self):
        self.goods.description_ecommerce = "<p>Delivery time: 2 days</p>"
        points = self._look()
        self.assertEqual(
            set(points),
            {
                *("identity", "privacy", "tls", "price_notes", "shipping"),
                *("delivery_time", "payment_methods", "order_page", "order_button"),
                *("confirmation_mail", "instructions", "function", "texts"),
            },
        )
        self.assertLevels(
            points,
            privacy="problem",
            instructions="problem",
            price_notes="problem",
            order_button="problem",
            tls="problem",  # the tests' own server has none
            delivery_time="ok",
            confirmation_mail="ok",
            order_page="hint",
            texts="hint",
        )
        self.assertEqual(points["privacy"]["template"], "privacy")
        self.assertIn("link it in the footer of all pages", points["privacy"]["todo"])
        self.assertIn(
            "The button says “Pay now”, which is", points["order_button"]["text"]
        )
        self.assertIn("/shop/lamp", points["delivery_time"]["links"][0]["text"])

    def test_pages_from_templates_are_missing_until_filled_and_published(self):
        pages = self._make_pages()
        self.assertEqual(self._make_pages(), pages)  # no second ones
        self.assertFalse(any(page.is_published for page in pages.values()))
        self._link_pages()
        points = self._look()
        self.assertLevels(points, identity="problem", privacy="problem")
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
        names = ("privacy", "shipping", "instructions", "price_notes")
        self.assertLevels(points, **dict.fromkeys(names, "ok"), order_button="ok")
        self.assertLevels(points, identity="problem")
        self.assertIn("gaps of the template", points["identity"]["text"])
        self.assertEqual(points["privacy"]["links"][0]["text"], "/privacy-policy")
        self.assertIn("The button says “Order with", points["order_button"]["text"])

    def test_a_shop_for_customers_only_cannot_be_seen(self):
        self.website.ecommerce_access = "logged_in"
        points = self._look()
        self.assertLevels(points, price_notes="hint", delivery_time="hint")
        self.assertIn("have to log in", points["price_notes"]["text"])


class TestReadiness(ReadinessCommon):
    """The words of the result, who may see it, and the pages from templates."""

    def _keep(self, *findings, lang="en_US"):
        """Return the result that holds these findings."""
        return self.env["trustedshops.readiness"].create(
            {
                "website_id": self.website.id,
                "lang_id": self.langs[lang].id,
                "checked_at": fields.Datetime.to_datetime("2026-11-02 10:00:00"),
                "findings": list(findings),
            }
        )

    def test_every_result_has_a_sentence(self):
        inspection = self.env["trustedshops.inspection"]
        values = ("mode", "asked", "lang", "text", "found", "selector", "count")
        values += ("widget", "label", "status", "expected")
        values = dict.fromkeys(values, "some")
        url = "https://lamps.example/a?b=1"
        for criterion in inspection._get_criteria():
            parts = {"parts": [*criterion.parts]}
            for cause, (level, _text) in criterion.said.items():
                seen = make_seen(criterion.name, cause, [url], {**values, **parts})
                [finding] = inspection._word([seen], website=self.website)
                with self.subTest(criterion=criterion.name, cause=cause):
                    self.assertEqual(finding["level"], level)
                    self.assertTrue(finding["text"])
                    self.assertNotIn("{", finding["text"])
                    self.assertNotIn("–", finding["text"])  # a value of no rule
                    self.assertEqual(finding["links"][0]["text"], "/a")
                    words = f"{finding['text']} {finding['todo']}".lower()
                    self.assertNotIn("certified", words)
                    is_own = cause not in self._list_usual_causes()
                    if is_own and level == "problem":
                        self.assertTrue(
                            finding["todo"] or criterion.name == "certificate"
                        )

    def _list_usual_causes(self):
        view = self.env.ref("website_sale_trustedshops.criteria")
        usual = view._get_combined_arch().find(".//criteria")
        return {each.get("cause") for each in usual.iterchildren() if each.get("cause")}

    def test_another_addon_adds_a_criterion_by_data_alone(self):
        arch = """<data><xpath expr="//criterion[@name='texts']" position="before">
            <criterion name="terms" title="Terms" places="terms">
                <part name="area">the area</part><todo>Name it.</todo>
            </criterion></xpath></data>"""
        self.env["ir.ui.view"].create(
            {
                "name": "more",
                "type": "qweb",
                "inherit_id": self.env.ref("website_sale_trustedshops.criteria").id,
                "arch": arch,
            }
        )
        page = self._make_page(self.website)
        page["html"] += "<a href='/terms'>Terms</a>"
        there = f"{page['asked']}terms"
        terms = {**page, "kind": "terms", "asked": there, "url": there, "html": "<p>Hi"}
        self.assertEqual(self.readiness.inspect(*self.place, [page, terms]), [])
        finding = self._read_findings(self.place)["terms"]
        self.assertEqual(
            (finding["title"], finding["level"], finding["text"], finding["todo"]),
            ("Terms", "problem", "Missing on the page: the area.", "Name it."),
        )

    def test_old_results_and_those_of_uninstalled_addons_are_left_out(self):
        self._keep({"point": "tls", "state": "found"}, make_seen("gone"))
        self.assertEqual(self._read_findings(self.place), {})

    def test_a_result_outlives_a_change_of_the_list(self):
        old = {"parts": ["trusted_shops", "gone"]}
        self._keep(
            make_seen("privacy", "lacks", ["https://lamps.example/a"], old),
            make_seen("terms", "gone"),
            make_seen("seals", "problem"),
        )
        findings = self._read_findings(self.place)
        self.assertEqual(set(findings), {"privacy", "seals"})
        self.assertIn("–", findings["seals"]["text"])

    def test_missing_part_tells_what_to_do_and_where(self):
        url = "https://lamps.example/a"
        inspection = self.env["trustedshops.inspection"]
        seen = [
            make_seen("privacy", "lacks", [url], {"parts": ["trusted_shops"]}),
            make_seen("shipping", "no_page"),
            make_seen("seals", "problem", values={"count": 2}),
            make_seen("seal", values={"found": "X1"}),
        ]
        privacy, shipping, seals, seal = inspection._word(
            seen, "/shop", website=self.website
        )
        self.assertEqual(
            privacy["text"],
            "Missing on the page: “Trusted Shops” as a recipient of data.",
        )
        self.assertEqual(privacy["todo"], "Say which data Trusted Shops gets, and why.")
        editor = "/odoo/action-website.website_preview?path=%2F{}&enable_editor=1"
        self.assertEqual(
            [
                (link["text"], link["url"], link["is_place"])
                for link in privacy["links"]
            ],
            [("/a", url, False), ("Edit the page", editor.format("a"), True)],
        )
        self.assertEqual(privacy["template"], "")
        self.assertEqual(
            [link["text"] for link in shipping["links"]],
            ["Delivery methods", "Edit the page"],
        )
        self.assertEqual(shipping["template"], "shipping")
        self.assertEqual(seals["links"][-1]["url"], editor.format("shop"))
        self.assertEqual(
            (seal["text"], seal["todo"], seal["links"]),
            ("Seal: shown, with the right ID X1.", "", []),
        )

    def test_finding_of_all_languages_is_shown_once(self):
        url = "https://lamps.example{}".format
        for lang in self.website.language_ids.mapped("code"):
            path = "" if lang == "en_US" else f"/{lang[:2]}"
            self._keep(
                make_seen("tls", urls=[url(path or "/")]),
                make_seen("texts", "hint"),
                make_seen("privacy", "ok" if path else "no_page"),
                make_seen(
                    "shipping", "lacks", [url(f"{path}/costs")], {"parts": ["area"]}
                ),
                lang=lang,
            )
        shown = self._read_website()
        shipping, texts, tls = shown["shared"]
        self.assertEqual(
            [each["cause"] for each in shown["shared"]], ["shipping", "texts", "tls"]
        )
        self.assertEqual([link["text"] for link in tls["links"]], ["/", "/de", "/pl"])
        self.assertEqual(
            [link["text"] for link in shipping["links"]],
            ["/costs", "/de/costs", "/pl/costs", "Delivery methods", "Edit the page"],
        )
        self.assertEqual(texts["links"], [])
        for language in shown["languages"]:
            [finding] = language["findings"]
            self.assertEqual(finding["cause"], "privacy")

    def test_nothing_is_shared_with_a_language_that_was_not_looked_at(self):
        self._keep(make_seen("texts", "hint"))
        shown = self._read_website()
        self.assertEqual(shown["shared"], [])
        english = next(each for each in shown["languages"] if each["result_id"])
        self.assertEqual([each["cause"] for each in english["findings"]], ["texts"])

    def test_the_report(self):
        results = self._keep(
            make_seen("privacy", "no_page"), make_seen("texts", "hint")
        )
        for lang in ("de_DE", "pl_PL"):
            results += self._keep(make_seen("texts", "hint"), lang=lang)
        report = self.env["ir.actions.report"].with_user(self.designer)
        source, _kind = report._render_qweb_html(
            "website_sale_trustedshops.readiness_report", results.ids
        )
        text = " ".join(html.fromstring(source).text_content().split())
        for words in (
            f"Ready for Certification {self.website.name}",
            "In all languages Check yourself Whether the texts are right Have a lawyer",
            "English (US), ",
            "Problem Privacy notice that names Trusted Shops No link leads visitors",
            "Trusted Shops alone decides",
        ):
            self.assertIn(words, text)
        self.assertEqual(text.count("Whether the texts are right"), 1)
        self.assertNotIn("certified", text.lower())

    def _make_page(self, website):
        url = "https://shop.example/"
        return {
            "kind": "start",
            "asked": url,
            "url": url,
            "status": 200,
            "html": f"<html data-website-id='{website.id}'><p>Hello",
            "is_cut": False,
            "is_html": True,
        }

    def test_each_language_has_a_result_of_its_own(self):
        german = (self.website.id, self.langs["de_DE"].id)
        start, shop, product = self.readiness.inspect(*german, [])
        self.assertEqual(start, {"kind": "start", "path": "/de"})
        self.assertEqual(shop, {"kind": "shop", "path": "/de/shop"})
        self.assertTrue(product["path"].startswith("/de/shop/"))
        page = self._make_page(self.website)
        for place in (self.place, german, self.place):
            self.assertEqual(self.readiness.inspect(*place, [page]), [])
        domain = [("website_id", "=", self.website.id)]
        self.assertEqual(self.readiness.search_count(domain), 2)

    def test_only_links_to_the_own_address_are_followed(self):
        page = self._make_page(self.website)
        page["html"] += (
            "<a href='/imprint'>Imprint</a><a href='https://law.example/'>Privacy</a>"
        )
        [visit] = self.readiness.inspect(*self.place, [page])
        self.assertEqual(
            visit, {"kind": "identity", "path": "https://shop.example/imprint"}
        )
        there = {**page, "asked": visit["path"], "url": visit["path"], "html": "<p>Hi"}
        pages = [page, {**there, "kind": "identity"}]
        self.assertEqual(self.readiness.inspect(*self.place, pages), [])
        findings = self._read_findings(self.place)
        self.assertIn("at another address", findings["privacy"]["text"])
        self.assertIn("Missing on the page", findings["identity"]["text"])

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
        _start, _shop, product = self.readiness.inspect(*self.place, [])
        self.assertEqual(product["path"], self.goods.website_url)

    def test_another_website_at_the_address_is_refused(self):
        page = self._make_page(self.website)
        place = (self.second.id, self.place[1])
        self.readiness.inspect(*place, [page])
        findings = self._read_findings(place)
        self.assertIn("shows another website", findings["page"]["text"])
        self.assertNotIn("identity", findings)
        for name in ("asked", "url"):
            with self.assertRaises(ValueError):  # nobody is made to click on that
                bad = {**page, name: "javascript:alert(1)"}
                self.readiness.inspect(*place, [bad])

    def test_the_overview_shows_the_last_result(self):
        self._keep(make_seen("tls", urls=["https://lamps.example/"]))
        self.assertEqual(self._read_website(self.second)["url"], "https://shop.example")
        languages = {each["lang"]: each for each in self._read_website()["languages"]}
        self.assertEqual(languages["de-DE"]["result_id"], False)
        self.assertEqual(languages["de-DE"]["checked_at"], "")
        self.assertIn("/2/26", languages["en-US"]["checked_at"])
        [finding] = languages["en-US"]["findings"]
        self.assertEqual((finding["cause"], finding["text"]), ("tls", "Found."))
        self.assertEqual(
            finding["links"],
            [{"text": "/", "url": "https://lamps.example/", "is_place": False}],
        )

    def test_the_words_of_the_button_are_those_of_the_page(self):
        self.website.trustedshops_order_button = False
        german = self.langs["de_DE"]
        facts = self.readiness._prepare_facts(self.website.sudo(), german)
        self.assertEqual(facts["order_label"], "Jetzt bezahlen")

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
            with self.subTest(user=user.login, place=place):
                with self.assertRaises(AccessError):
                    model.inspect(*place, [])
        for user, place in (
            (stranger, self.website),
            (salesman, self.website),
            (self.designer, website),
        ):
            with self.assertRaises(AccessError):
                self.readiness.with_user(user).create_page(place.id, "identity")
        with self.assertRaises(AccessError):
            self.readiness.with_user(salesman).get_overview()
        result = self._keep(make_seen("texts", "hint"))
        with self.assertRaises(AccessError):
            result.with_user(self.designer).findings = []

    def test_a_page_has_the_facts_and_the_words_of_each_language(self):
        template = self.env.ref("website_sale_trustedshops.page_privacy")
        terms = {"Your Rights": "Ihre Rechte als Betroffene"}
        template.update_field_translations("arch_db", {"de_DE": terms})
        self.website.company_id.name = "Lamps & <Co>"
        self.readiness.create_page(self.website.id, "privacy")
        page = self.env["website.page"].search([("url", "=", "/privacy-policy")])
        self.assertIn("Your Rights", page.with_context(lang="en_US").arch)
        german = page.view_id.with_context(lang="de_DE").arch
        self.assertIn("<h2>Ihre Rechte als Betroffene</h2>", german)
        self.assertIn("Lamps &amp; &lt;Co&gt;", german)
        self.assertEqual(german.count("✎"), 4)
        with self.assertRaises(ValueError):
            self.readiness.create_page(self.website.id, "terms")
