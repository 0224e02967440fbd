# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import nullcontext
from datetime import datetime
from unittest.mock import patch
from urllib.parse import urlsplit

from lxml import html

from odoo import http
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase
from odoo.addons.website_sale_trustedshops.tests.common import ORDER_LOGGER
from odoo.addons.website_sale_trustedshops.tests.http_common import PatientHttpCase

from .reviews_common import EMAIL, ReviewsCommon


class TestStop(ReviewsCommon, PatientHttpCase, MailCase):
    """The way out: by link, in the portal, and where the links stand."""

    def _open(self, link, data=None, **options):
        """Return the page's heading."""
        answer = self.url_open(urlsplit(link).path, data=data, **options)
        self.env.invalidate_all()
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["X-Robots-Tag"], "noindex")
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        page = html.fromstring(answer.content)
        self.assertIn("No more invitations", page.xpath("string(//title)"))
        return page.xpath("string(//section//h1)").strip()

    def _get_reasons(self):
        suppressions = self.env["trustedshops.suppression"].search([])
        return sorted(suppressions.mapped("reason"))

    def test_two_clicks_without_login_or_cookie(self):
        order = self._order()
        other = self._order()
        link = order._trustedshops_get_consent()._get_link("stop")
        self.assertNotIn("erika", link)
        for _number in range(2):
            self.assertEqual(self._open(link), "No more invitations to reviews?")
        self.assertTrue(order._trustedshops_get_consent())
        self.opener.cookies.clear()
        title = self._open(link, data={"x": "y"})
        self.assertEqual(title, "You are not invited any more")
        # It stops all orders of the buyer, and is written once.
        for each in order + other:
            self.assertFalse(each._trustedshops_get_consent())
        self.assertTrue(self._is_suppressed())
        self._open(link, data={"x": "y"})
        self.assertEqual(self._get_reasons(), ["link"])
        self.assertEqual(self._get_rows(other)[1:], [("withdrawn", False)])

    def test_all_links_of_ours_get_one_answer(self):
        """No visitor learns what became of an address."""
        rows = [
            self._order(
                partner_id=self.buyer.copy({"email": f"{name}@x.example"}).id
            )._trustedshops_get_consent()
            for name in ("valid", "stopped", "staff", "erased", "gone")
        ]
        links = [row._get_link("stop") for row in rows]
        valid, stopped, staff, erased, gone = rows
        stopped._withdraw("link")
        self._suppress("staff", email=staff.email)
        erased._trustedshops_remove_person(erased.email)
        gone.unlink()
        self.assertTrue(valid.order_id._trustedshops_get_consent())
        asked = {self._open(link) for link in links}
        answered = {self._open(link, data={"x": "y"}) for link in links * 2}
        self.assertEqual(asked, {"No more invitations to reviews?"})
        self.assertEqual(answered, {"You are not invited any more"})
        for name in ("valid", "stopped", "staff", "erased", "gone"):
            self.assertTrue(self._is_suppressed(f"{name}@x.example"), name)

    # === PORTAL === #
    def _read_portal(self, order):
        page = html.fromstring(self.url_open(order.get_portal_url()).content)
        sections = page.xpath("id('trustedshops_consent')")
        return sections[0] if sections else None

    def _press(self, order, **values):
        answer = self.url_open(
            f"/my/orders/{order.id}/trustedshops_stop",
            data={"csrf_token": http.Request.csrf_token(self), **values},
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return answer.headers["Location"]

    def test_the_portal_shows_the_consent_and_takes_it_back(self):
        order = self._order()
        self.authenticate(None, None)
        section = self._read_portal(order)
        consent = order._trustedshops_get_consent()
        self.assertIn(consent.text, section.text_content())
        words = " ".join(section.text_content().split())
        moment = order._trustedshops_format_time(consent.moment)
        self.assertTrue(moment.startswith(f"{consent.moment:%m/%d/%Y}"), moment)
        self.assertIn(f"Invitation to a review: You agreed on {moment}. ", words)
        details = section.xpath("./details")[0]
        self.assertEqual(details.xpath("string(summary)"), "Show what I agreed to")
        self.assertEqual(details.xpath("string(p)"), consent.text)
        self.assertEqual(details.xpath("a/@href"), [consent.privacy_url])
        self.assertTrue(section.xpath("./preceding::div[@id='total']"))
        # The button needs nothing to be opened first.
        self.assertEqual(len(section.xpath("./form/button")), 1)
        token = section.xpath(".//input[@name='access_token']/@value")
        self.assertEqual(token, [order.access_token])
        self.assertURLEqual(self._press(order), "/my")
        self.assertURLEqual(self._press(order, access_token="wrong"), "/my")
        self.assertTrue(order._trustedshops_get_consent())
        self._press(order, access_token=order.access_token)
        self.assertFalse(order._trustedshops_get_consent())
        section = self._read_portal(order)
        self.assertIn("not invited", section.text_content())
        self.assertFalse(section.xpath(".//button"))
        self.assertEqual(self._get_reasons(), ["link"])
        self.assertIsNone(self._read_portal(self._order(ticked=False)))

    # === WHERE THE LINKS STAND === #
    def _read_mail(self, **values):
        """Return the confirmation of an order, and its consent."""
        before = self.env["mail.mail"].search([])
        order = self._make_cart(**values.pop("cart", {}))
        provider = values.pop("provider", self.provider)
        broken = values.pop("broken", nullcontext())
        self._tick(order, **values)
        is_wire = provider.code == "custom"
        transaction = self._begin(order, provider_id=provider.id)
        with self.mock_mail_gateway(), broken:
            self._finish(transaction, "pending" if is_wire else "done")
            if not self._new_mails:
                order._send_order_confirmation_mail()
        mails = self.env["mail.mail"].search([]) - before + self._new_mails
        text = "".join(mails.exists().mapped("body_html"))
        self.assertIn(order.name, text)
        return text, self.env["trustedshops.consent"].search(
            [("order_id", "=", order.id)]
        )

    def test_the_mail_of_the_order_has_the_way_out_and_asks_for_no_review(self):
        for values in ({}, {"provider": self._get_wire_transfer()}):
            text, consent = self._read_mail(**values)
            self.assertIn(consent._get_link("stop"), text)
            for word in ("rateshoplater", "bewerten_"):
                self.assertNotIn(word, text)
        text, consent = self._read_mail(ticked=False)
        for word in ("/trustedshops/", "rateshoplater", "bewerten_"):
            self.assertNotIn(word, text)
        self.channel.consent_mode = "double_opt_in"
        text, consent = self._read_mail()
        self.assertIn(consent._get_link("stop"), text)
        self.assertNotIn("rateshoplater", text)

    def test_the_mail_to_a_stopped_address_asks_for_no_review(self):
        for mode in ("checkbox", "double_opt_in"):
            self.channel.consent_mode = mode
            for reason in ("staff", "erasure"):
                with self.subTest(mode=mode, reason=reason):
                    row = self._suppress(reason)
                    text, consent = self._read_mail()
                    self.assertEqual(consent.email, EMAIL)
                    self.assertNotIn("rateshoplater", text)
                    # After an erasure the buyer is asked to confirm, so can refuse.
                    may_refuse = reason == "erasure"
                    self.assertEqual("/trustedshops/reviews/stop" in text, may_refuse)
                    self.assertEqual(
                        self._as_visitor(consent.order_id)._trustedshops_get_rate_url(),
                        "",
                    )
                    row.active = False

    def test_a_failure_stops_neither_order_nor_mail(self):
        suppressions = self.registry["trustedshops.suppression"]
        broken = patch.object(suppressions, "_get_key", side_effect=ValueError)
        with mute_logger(ORDER_LOGGER):
            text, consent = self._read_mail(broken=broken)
        with broken, mute_logger(ORDER_LOGGER):
            self.assertEqual(consent.order_id.state, "sale")
            visited = self._as_visitor(consent.order_id)
            self.assertEqual(visited._trustedshops_get_rate_url(), "")
        self.assertNotIn("/trustedshops/", text)

    def _has_review_link(self, order):
        order.invalidate_recordset()
        return bool(self._as_visitor(order)._trustedshops_get_rate_url())

    def test_link_is_only_where_no_invitation_was_sent_or_is_to_come(self):
        order, silent = self._order(), self._order(ticked=False)
        self.channel.consent_mode = "double_opt_in"
        unconfirmed = self._order()
        self.channel.consent_mode = "checkbox"
        self.assertFalse(self._has_review_link(order))
        self.env["trustedshops.invitation"]._create_for(order)
        for state, reason, has_link in (
            ("waiting", "too_early", False),
            ("due", False, False),
            ("sending", False, False),
            ("accepted", False, False),
            ("unknown", False, False),
            ("failed", False, False),
            ("suppressed", "recent", True),
            ("suppressed", "not_reviewable", True),
        ):
            invitation = order.sudo().trustedshops_invitation_ids
            invitation.write({"state": state, "reason": reason})
            with self.subTest(state=state, reason=reason):
                self.assertEqual(self._has_review_link(order), has_link)
        order.sudo().trustedshops_card_delivered_at = datetime(2026, 11, 2)
        invitation.reason = "recent"  # Trusted Shops may have invited
        self.assertFalse(self._has_review_link(order))
        order.sudo().trustedshops_card_delivered_at = False
        self.assertFalse(self._has_review_link(silent))
        self.assertFalse(self._has_review_link(unconfirmed))
        order._trustedshops_get_consent()._withdraw("link")
        self.assertFalse(self._has_review_link(order))

    def test_link_follows_what_the_queue_will_do(self):
        """Before the next run, the row says what was decided last, or is not there."""
        order = self._order()
        late = {"ordered_at": datetime(2026, 1, 2)}
        for make_row in (False, True):
            if make_row:
                self.env["trustedshops.invitation"]._create_for(order)
                order.sudo().trustedshops_invitation_ids.write(late)
            with (
                self.subTest(make_row=make_row),
                patch.object(
                    self.registry["sale.order"],
                    "_trustedshops_get_ordered_at",
                    lambda _order: datetime(2026, 1, 2),
                ),
            ):
                self.assertTrue(self._has_review_link(order))

    def test_with_the_trustcard_the_link_is_for_consenting_buyers_without_a_card(
        self,
    ):
        order, silent = self._order(), self._order(ticked=False)
        self.channel.inviter = "trustcard"
        self.assertTrue(self._has_review_link(order))
        self.assertFalse(self._has_review_link(silent))
        order.trustedshops_card_delivered_at = datetime(2026, 11, 2)
        self.assertFalse(self._has_review_link(order))
