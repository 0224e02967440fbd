# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import Command

from odoo.addons.base.models import ir_cron

from ..lib import etrusted, tokens
from .fake_etrusted import CLIENT_ID, CLIENT_SECRET, HOSTS, FakeETrusted
from .reviews_common import EMAIL, ReviewsCommon

INVITE_CRON = "website_sale_trustedshops_reviews.ir_cron_invite"
# The moment at which the clock stands.
NOW = datetime(2026, 11, 2, 10)


class InvitationCommon(ReviewsCommon):
    """A shop whose buyers agreed, invited after the delivery, and a fake eTrusted."""

    etrusted = FakeETrusted()
    is_frozen = True

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        if r.url.startswith(tuple(f"https://{host}/" for host in HOSTS)):
            return cls.etrusted.send(r)
        return super()._request_handler(s, r, **kw)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.write({"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET})
        cls.account.state = "connected"
        cls.channel.write({"locale": "de_DE", "checkout_invites": "off"})
        cls.invitations = cls.env["trustedshops.invitation"]

    def setUp(self):
        super().setUp()
        self.etrusted.reset()
        self.enterContext(patch.object(etrusted, "_tokens", tokens.TokenStore()))

    def _add_consent(self, order=None, kind="given", **values):
        """Override: it was created now by the clock that the test stopped."""
        consent = super()._add_consent(order, kind, **values)
        self.env.cr.execute(
            "UPDATE trustedshops_consent SET create_date = %s WHERE id = %s",
            [datetime.now(), consent.id],
        )
        consent.invalidate_recordset(["create_date"])
        return consent

    def _make_order(self, confirm=True, consent=True, **values):
        """Return an order that was placed just now, and whose buyer agreed."""
        order = self._make_cart(**values)
        if confirm:
            order.action_confirm()
        if consent:
            self._add_consent(order, **(consent if isinstance(consent, dict) else {}))
        return order

    def _make_goods(self, name="Chair", **values):
        """Return a product that is delivered, without stock by what staff enter."""
        product = self.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "list_price": 50.0,
                "taxes_id": [Command.clear()],
                "website_published": True,
                **values,
            }
        )
        return product.with_env(self.env)  # else it gets no second variant

    def _make_work(self):
        """Return a service of which staff enter what was delivered, also with stock."""
        return self._make_goods("Work", type="service", invoice_policy="delivery")

    def _make_lines(self, *products, quantity=1):
        """Return the values of lines, as an order takes them."""
        return {
            "order_line": [
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_qty": quantity,
                        "price_unit": 50.0,
                        "tax_ids": [Command.clear()],
                    }
                )
                for product in products
            ]
        }

    def _run_invites(self, **after):
        """Run the queue as the scheduler does, after a while, see ``_run_queue``."""
        if after:
            self._wait(**after)
        self._end_rest()
        with self.enter_registry_test_mode():
            # Not the button, which also looks at what waits for the next hour.
            ir_cron.IrCron.method_direct_trigger(self.env.ref(INVITE_CRON))

    def _get_invitation(self, order):
        return self.invitations.search([("order_id", "=", order.id)])

    def _make_due(self, **values):
        """Return an invitation that the next run sends, and its order is another's."""
        count = self.invitations.search_count([])
        email = values.pop("email", f"buyer-{count}@x.example")
        order = self._make_order(consent={"email": email}, **values)
        self.invitations._create_for(order)
        invitation = self._get_invitation(order)
        invitation._update_decision()
        self.assertEqual(invitation.state, "due")
        return invitation

    def assertState(self, order, state, reason=False):
        """Check where the invitation of an order stands."""
        invitation = self._get_invitation(order)
        self.assertEqual((invitation.state, invitation.reason), (state, reason))
        return invitation


def days(count):
    return timedelta(days=count)


__all__ = ["EMAIL", "INVITE_CRON", "NOW", "InvitationCommon", "days"]
