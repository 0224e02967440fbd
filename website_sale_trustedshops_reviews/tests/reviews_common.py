# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from odoo import Command
from odoo.tools import file_open

from odoo.addons.website_sale_trustedshops.tests.common import TrustedShopsCommon

EMAIL = "erika@muster.example"


class ReviewsCommon(TrustedShopsCommon):
    """A German shop whose channel asks buyers in all languages, invited by Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["trustedshops.account"].create(
            {"company_id": cls.env.company.id, "user_id": cls.manager.id}
        )
        cls.channel = cls.env["trustedshops.channel"].create(
            {
                "name": "Shop",
                "channel_ref": "chl-4711",
                "account_id": cls.account.id,
                "website_id": cls.website.id,
                "inviter": "odoo",
                "consent_mode": "checkbox",
            }
        )

    def _add_consent(self, order=None, kind="given", **values):
        """Return a consent as the addon writes it, of the buyer by default."""
        return self.env["trustedshops.consent"].create(
            {
                "kind": kind,
                "email": EMAIL,
                "moment": datetime(2026, 11, 2, 9),
                "mode": "checkbox",
                "text": "I agree.",
                "order_id": order and order.id,
                "channel_id": self.channel.id,
                "company_id": self.env.company.id,
                "mail_due": kind == "requested",
                **values,
            }
        )

    def _suppress(self, reason="link", email=EMAIL, company=None):
        return self.env["trustedshops.suppression"]._suppress(
            email, company or self.env.company, reason
        )

    def _is_suppressed(self, email=EMAIL, company=None):
        return self.env["trustedshops.suppression"]._is_suppressed(
            email, company or self.env.company
        )

    def _stop_by_link(self, token):
        """Press the button of the page to stop, as a visitor who is not logged in."""
        env = self.env(user=self.env.ref("base.public_user"))
        stopped = env["trustedshops.suppression"]._read_stop(token)
        env["trustedshops.consent"]._stop_by_visitor(*stopped)

    def _delete_person(self, email=EMAIL):
        """Delete all that Privacy Lookup finds of ours, and return its lines."""
        lines = self._look_up(email)
        lines.action_unlink_all()
        self.env.invalidate_all()
        return lines

    def _neutralize(self):
        """Make the database a copy, as core does."""
        self.env.flush_all()
        path = "website_sale_trustedshops_reviews/data/neutralize.sql"
        with file_open(path) as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()

    def _run_cron(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(
                f"website_sale_trustedshops_reviews.{name}"
            ).method_direct_trigger()

    def _run_mails(self):
        """Return the mails about consents that their scheduled action writes."""
        before = self.env["mail.mail"].search([])
        self._run_cron("ir_cron_send_consent_mails")
        return self.env["mail.mail"].search([]) - before

    def _get_read_text(self, code, years):
        """Return the words of the channel in a language, as its buyers read them."""
        [text] = self.channel.text_ids.filtered(lambda each: each.lang_id.code == code)
        words = f"{text.text}\n\n{text.details}".replace("{years}", years)
        return words.replace("{email}", self.env.company.email or "")

    # === ORDERING === #
    def _tick(self, order, lang="en_US", ticked=True):
        """Tick the box as the visitor does, and return the row of the tick."""
        order = self._as_visitor(order, lang)
        words = order._trustedshops_get_review_words()
        order._trustedshops_tick_review(ticked, words and words.version)
        return order._trustedshops_get_tick()

    def _begin(self, order, **values):
        """Return the payment that the visitor begins on the payment page."""
        tick = order._trustedshops_get_tick()
        transaction = self._create_transaction(
            "redirect",
            **{
                "reference": f"{order.name}-{len(order.transaction_ids)}",
                "sale_order_ids": [Command.set(order.ids)],
                "partner_id": order.partner_id.id,
                "currency_id": order.currency_id.id,
                "amount": order.amount_total,
                **values,
            },
        )
        transaction.trustedshops_tick_id = tick
        return transaction

    def _finish(self, transaction, state="done"):
        """Let a payment end, as the provider says it did."""
        set_state = {
            "done": transaction._set_done,
            "authorized": transaction._set_authorized,
            "pending": transaction._set_pending,
            "cancel": transaction._set_canceled,
        }
        set_state[state]()
        transaction._post_process()

    def _order(self, ticked=True, lang="en_US", state="done", **values):
        """Return an order that a buyer placed and paid in the shop."""
        order = self._make_cart(**values)
        if ticked:
            self._tick(order, lang)
        self._finish(self._begin(order), state)
        return order

    def _get_rows(self, order=None):
        """Return kind and mode of the rows of an order, the oldest first."""
        domain = [("order_id", "=", order.id)] if order else []
        rows = self.env["trustedshops.consent"].search(domain, order="id")
        return [(row.kind, row.mode) for row in rows]
