# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import urlsplit

from lxml import html

from odoo import http
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.website_sale_trustedshops.tests.http_common import PatientHttpCase

from .reviews_common import EMAIL, ReviewsCommon

PAGES = "/trustedshops/reviews"
SOURCES = {"link": "Link of the buyer", "staff": "Staff"}
# What is no token of ours, however it came about.
ODD = (
    "",
    "nothing",
    "%ED%A0%80",
    "1-%ED%B0%80-" + "0" * 64,
    "../stop",
    "x" * 5000,
    "%D9%A1-" + "0" * 64 + "-" + "0" * 64,
    "9999999999-" + "0" * 64 + "-" + "0" * 64,
    "AQAAAAAAAAAA" + "A" * 60,
)


class TestLinks(ReviewsCommon, PatientHttpCase):
    """Whose links are taken, who is said to have pressed, and what is answered."""

    is_frozen = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel.consent_mode = "double_opt_in"
        cls.env.company.email = "shop@lampen.example"

    def _request(self, lang="en_US", **values):
        """Return the request to confirm of an order that was placed just now."""
        return self._order(lang=lang, **values)._trustedshops_get_newest_consent()

    def _open(self, path, data=None):
        """Return the page behind a link, which no browser may store."""
        path = urlsplit(path).path if "://" in path else path
        answer = self.url_open(path, data=data)
        self.env.invalidate_all()
        self.assertEqual(answer.status_code, 200, path[:60])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(answer.headers["X-Robots-Tag"], "noindex")
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        page = html.fromstring(answer.content)
        [section] = page.xpath("//section[contains(@class, 'o_trustedshops_consent')]")
        return section

    def _get_title(self, path, data=None):
        return self._open(path, data).xpath("string(.//h1)").strip()

    def _press(self, path):
        """Return the heading of the page after its button was pressed."""
        return self._get_title(path, data={"x": "y"})

    # === LINKS THAT ARE NOT OURS === #
    def test_page_of_a_broken_link_says_whom_to_write_to(self):
        self._load_translations("de_DE")
        section = self._open(f"{PAGES}/stop/0-0")
        text = " ".join(section.text_content().split())
        self.assertIn("from the mail, or write to shop@lampen.example", text)
        links = section.xpath(".//a/@href")
        self.assertEqual(links, ["mailto:shop@lampen.example", "/shop"])
        self.env.company.email = False
        section = self._open(f"{PAGES}/stop/0-0")
        self.assertIn("or write to the shop", " ".join(section.text_content().split()))
        title = self._get_title(f"/de{PAGES}/stop/0-0")
        self.assertEqual(title, "Dieser Link ist nicht vollständig")

    def test_odd_tokens_are_links_that_are_not_ours(self):
        row = self._request()
        stop, confirm = (row._sign(purpose) for purpose in ("stop", "confirm"))
        for purpose, titles, tokens in (
            ("stop", {"This link is not complete"}, (confirm, stop[:-1], *ODD)),
            (
                "confirm",
                {"There is nothing to confirm", "This link is not complete"},
                (stop, confirm[:-4], row.digest, *ODD),
            ),
        ):
            for token in tokens:
                for data in (None, {"x": "y"}):
                    with self.subTest(purpose=purpose, token=token[:40], data=data):
                        section = self._open(f"{PAGES}/{purpose}/{token}", data)
                        self.assertIn(section.xpath("string(.//h1)").strip(), titles)
                        self.assertFalse(section.xpath(".//form"))
        self.assertEqual(self._get_rows(), [("requested", "double_opt_in")])
        self.assertFalse(self._is_suppressed())
        for path in ("", "/", "/sto", "/confirm", "/stop?x=y"):
            title = self._get_title(PAGES + path)
            self.assertEqual(title, "This link is not complete")

    def test_links_of_a_language_that_is_gone_still_work(self):
        row = self._request("de_DE")
        links = [row._get_link(purpose) for purpose in ("confirm", "stop")]
        self.assertIn(f"/de{PAGES}/", links[0])
        german = self._get_title(links[0])
        self.website.language_ids -= row.lang_id
        self.assertNotEqual(self._get_title(links[0]), german)
        for link in links:
            path = urlsplit(link).path
            self.assertTrue(self.url_open(path).url.endswith(path.removeprefix("/de")))
            self.assertTrue(self._open(link).xpath(".//form"))
        self.assertEqual(self.url_open(f"/de{PAGES}").status_code, 404)

    # === OTHERS WHO ARE LOGGED IN === #
    def test_another_buyer_who_is_logged_in_uses_links_and_no_portal_page(self):
        stopped, row = self._request(), self._request()
        partner = self.buyer.copy({"email": "max@muster.example"})
        foreign = self._order(partner_id=partner.id)
        foreign._portal_ensure_token()
        new_test_user(self.env, "portal_links", "base.group_portal")
        self.authenticate("portal_links", "portal_links")
        self._press_in_portal(
            foreign, access_token="", csrf_token=http.Request.csrf_token(self)
        )
        self.assertFalse(self._is_suppressed("max@muster.example"))
        self.assertEqual(self._press(row._get_link("confirm")), "Thank you")
        self.assertEqual(self._press(row._get_link("confirm")), "Thank you")
        self.assertEqual(len(row.confirmation_ids), 1)
        title = self._press(stopped._get_link("stop"))
        self.assertEqual(title, "You are not invited any more")
        self.assertRecorded("link", self.env.ref("base.user_root"))
        self.assertTrue(row.confirmation_ids._is_stopped())

    # === STAFF === #
    def _log_in_as_staff(self):
        staff = new_test_user(self.env, "staff_links", "sales_team.group_sale_manager")
        self.authenticate("staff_links", "staff_links")
        return staff

    def assertRecorded(self, reason, user):
        """Check who is said to have taken the consent back."""
        row = self.env["trustedshops.consent"].search([("kind", "=", "withdrawn")])
        self.assertEqual((row.source, row.create_uid), (SOURCES[reason], user))
        row = self.env["trustedshops.suppression"].search([])
        self.assertEqual((row.reason, row.create_uid), (reason, user))

    def _press_in_portal(self, order, **values):
        answer = self.url_open(
            f"/my/orders/{order.id}/trustedshops_stop",
            data={"access_token": order.access_token, **values},
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return answer

    def test_staff_who_press_on_the_customer_preview_act_as_staff(self):
        self.channel.consent_mode = "checkbox"
        order = self._order()
        order._portal_ensure_token()
        staff = self._log_in_as_staff()
        self._press_in_portal(order, csrf_token=http.Request.csrf_token(self))
        self.assertRecorded("staff", staff)

    def test_staff_who_press_on_the_page_of_a_link_act_as_staff(self):
        link = self._request()._get_link("stop")
        staff = self._log_in_as_staff()
        self.assertEqual(self._press(link), "You are not invited any more")
        self.assertRecorded("staff", staff)

    def test_staff_who_bought_themselves_act_as_buyers(self):
        staff = self._log_in_as_staff()
        staff.email = EMAIL
        order = self._order(partner_id=staff.partner_id.id)
        order._portal_ensure_token()
        self._press_in_portal(order, csrf_token=http.Request.csrf_token(self))
        self.assertRecorded("link", self.env.ref("base.user_root"))

    def test_staff_confirm_nothing_for_a_buyer(self):
        row = self._request()
        self._log_in_as_staff()
        for data in (None, {"x": "y"}):
            title = self._get_title(row._get_link("confirm"), data)
            self.assertEqual(title, "Only the buyer can confirm")
        self.assertFalse(row.confirmation_ids)
        self.authenticate(None, None)
        self.assertEqual(self._press(row._get_link("confirm")), "Thank you")
        self.assertEqual(
            row.confirmation_ids.create_uid, self.env.ref("base.user_root")
        )

    @mute_logger("odoo.http")
    def test_portal_button_needs_the_token_of_its_page(self):
        order = self._order()
        order._portal_ensure_token()
        self.assertEqual(self._press_in_portal(order).status_code, 400)
        self.assertFalse(self._is_suppressed())
