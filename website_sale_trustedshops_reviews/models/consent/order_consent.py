# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The consent of one order: at checkout, for staff, and in mails."""

from odoo import api, fields, models

from odoo.addons.website_sale_trustedshops.lib.address import normalize_address

from .consent import wait_for_first_click


class SaleOrder(models.Model):
    _inherit = "sale.order"

    trustedshops_consent_ids = fields.One2many(
        "trustedshops.consent",
        "order_id",
        readonly=True,
        export_string_translation=False,
        groups="base.group_system,sales_team.group_sale_manager",
    )
    trustedshops_consent_state = fields.Selection(
        [
            ("requested", "Asked to confirm"),
            ("given", "Given"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Consent to Review Invitations",
        compute="_compute_trustedshops_consent_state",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends("trustedshops_consent_ids")
    def _compute_trustedshops_consent_state(self):
        for order in self:
            consent = order._trustedshops_get_newest_consent()
            is_stopped = bool(consent) and consent._is_stopped()
            state = "withdrawn" if is_stopped else consent.kind
            order.trustedshops_consent_state = state

    # === THE TICK === #
    def _trustedshops_get_review_words(self):
        """Return what the buyer of this cart reads before agreeing to an invitation.

        The words are in the language of the context, and cost no query.

        :return: None if the shop does not ask
        :rtype: Words or None
        """
        self.ensure_one()
        words = self.website_id and self.website_id._trustedshops_get_words()
        email = words and normalize_address(self._trustedshops_get_email())
        return words if email else None

    def _trustedshops_find_tick(self):
        """Return the tick of this cart, with the words that the buyer saw.

        :return: record of ``trustedshops.consent`` in sudo, may be empty
        """
        self.ensure_one()
        ticks = [("order_id", "=", self.id), ("kind", "=", "ticked")]
        seen = ("channel_id", "digest", "lang_id", "order_id", "text", "privacy_url")
        consents_sudo = self.env["trustedshops.consent"].sudo()
        return consents_sudo.search_fetch(ticks, seen, limit=1)

    def _trustedshops_tick_review(self, ticked, version=""):
        """Store, or delete, the buyer's tick.

        The tick is a row of its own, because a payment may lock the cart.

        :param bool ticked: whether the box is ticked
        :param str version: of the words that the buyer saw; a tick for other words
            does not count
        :return: whether the box is ticked now
        :rtype: bool
        """
        self.ensure_one()
        tick = self._trustedshops_find_tick()
        words = self._trustedshops_get_review_words()
        is_right = bool(ticked and words and words.version == version)
        # Keep a tick for the same words: a payment under way may refer to it.
        if tick and not (is_right and tick._is_for(words)):
            tick.unlink()
            tick = tick.browse()
        if is_right and not tick:
            tick._tick(self, words)
        return is_right

    def _trustedshops_get_review_question(self, can_write=True):
        """Return what the payment page asks the buyer.

        The box is not ticked in another language, or after the merchant changed the
        words, because the buyer has not seen these words; nor for another buyer.

        :param bool can_write: whether to delete a tick that does not count now
        :return: ``words`` and ``ticked``; empty if nothing is asked
        :rtype: dict
        """
        words = self._trustedshops_get_review_words()
        # A free order gives no consent, see `_place` of the tick.
        if not words or words.place != "payment" or not self.amount_total:
            return {}
        tick = self._trustedshops_find_tick()
        is_same = bool(tick) and tick._is_for(words)
        if tick and not is_same and can_write:
            tick.unlink()
        return {
            "words": words,
            "ticked": is_same,
            "route": "/shop/trustedshops/reviews",
        }

    def _trustedshops_get_late_question(self):
        """Return what the confirmation page asks, if the shop asks there.

        :return: as :meth:`_trustedshops_get_review_question`; empty if nothing is
            asked, the buyer answered before, or another person logged in since
        :rtype: dict
        """
        words, user = self._trustedshops_get_review_words(), self.env.user
        if (
            not words
            or not (user._is_public() or user.partner_id == self.partner_id)
            or words.place != "confirmation"
            or not self.amount_total
            or not self._trustedshops_is_ordered()
            or self._trustedshops_get_newest_consent()
        ):
            return {}
        return {
            "words": words,
            "ticked": False,
            "route": "/shop/trustedshops/reviews/ordered",
        }

    def _trustedshops_agree_late(self, ticked, version):
        """Store the consent that the buyer gives on the confirmation page.

        The tick counts at once. To take it back, the buyer uses the link, as with any
        other consent.

        :param bool ticked: whether the box is ticked
        :param str version: of the words that the buyer saw; others do not count
        :return: whether the buyer agreed, now or before
        :rtype: bool
        """
        self.ensure_one()
        wait_for_first_click(self)
        if agreed := self._trustedshops_get_newest_consent():
            return not agreed._is_stopped()
        question = self._trustedshops_get_late_question()
        if not ticked or not question or question["words"].version != version:
            return False
        tick = self.env["trustedshops.consent"].sudo()._tick(self, question["words"])
        tick._place(self)
        # The stop link stands in a mail of its own: that of the order may be sent.
        if tick.kind == "given":
            tick.mail_due = True
        return tick.kind != "ticked"

    # === THE CONSENT === #
    def _trustedshops_place(self):
        """Override of `website_sale_trustedshops` to turn the tick into a consent."""
        result = super()._trustedshops_place()
        for order in self.sudo():
            if ticks := order._trustedshops_get_payments().trustedshops_tick_id:
                order._trustedshops_try(ticks._place, order)
        return result

    def _trustedshops_get_consent(self):
        """Return the newest consent of the order, unless the buyer took it back.

        :return: record of ``trustedshops.consent`` in sudo, may be empty
        """
        self.ensure_one()
        given = self.env["trustedshops.consent"].sudo()._find_given(self)
        return given.filtered(lambda each: not each._is_stopped())

    def _trustedshops_get_newest_consent(self):
        """Return the newest row of the order that the buyer could take back.

        :return: record of ``trustedshops.consent`` in sudo, may be empty
        """
        asked = [("order_id", "=", self.id), ("kind", "in", ("requested", "given"))]
        return self.env["trustedshops.consent"].sudo().search(asked, limit=1)

    def _trustedshops_find_asking_channel(self):
        """Return the channel in the buyer's language, if it asks for consent.

        :return: record of ``trustedshops.channel`` in sudo, may be empty
        """
        self.ensure_one()
        lang = self._trustedshops_get_buyer_lang()
        channels_sudo = self.env["trustedshops.channel"].sudo()
        channel = channels_sudo._find_for(self.website_id.id, lang)
        return channel.filtered(lambda each: each._is_asking())

    def action_withdraw_consent(self):
        """Take the consent back because the buyer told staff so, for all orders.

        :return: a notification
        :rtype: dict
        :raise AccessError: if it is another salesperson's order
        :raise UserError: if there is nothing to take back
        """
        self.ensure_one()
        self.check_access("write")
        return self._trustedshops_get_newest_consent()._withdraw_by_staff()

    def action_enter_consent(self):
        """Open the form in which staff enter a consent that was given elsewhere.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter Consent"),
            "res_model": "trustedshops.consent.entry",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    # === AFTER THE ORDER === #
    def _trustedshops_get_mail_consent(self):
        """Return the consent whose stop link belongs in the mail of the order.

        It costs no query for an order that was paid online by a buyer who did not
        agree.

        :return: record of ``trustedshops.consent`` in sudo, empty if there is none or
            it was taken back
        """
        self.ensure_one()
        transactions = self.sudo().transaction_ids
        asked = transactions.trustedshops_tick_id.filtered("email")[:1]
        code = self._trustedshops_get_buyer_lang()
        words = self.website_id and self.website_id._trustedshops_get_words(code)
        is_asked_late = bool(words) and words.place == "confirmation"
        if self.website_id and (is_asked_late or not transactions):
            asked = asked or self._trustedshops_get_newest_consent()
        return asked.filtered(lambda each: not each._is_stopped())

    def _trustedshops_prepare_mail_words(self):
        """Override of `website_sale_trustedshops` to add the stop link."""
        consent = self._trustedshops_get_mail_consent()
        return {
            **super()._trustedshops_prepare_mail_words(),
            "stop_url": consent and consent._get_link("stop"),
        }

    def _trustedshops_can_ask_for_review(self):
        """Override of `website_sale_trustedshops` to ask only buyers who agreed.

        Pages do not ask buyers who were invited, or will be.
        """
        may_ask = super()._trustedshops_can_ask_for_review()
        return may_ask and self._trustedshops_try_to_get(
            False, self._trustedshops_is_uninvited
        )

    def _trustedshops_is_uninvited(self):
        """Return True if the buyer agreed, but gets no invitation for this order."""
        if not self._trustedshops_get_consent():
            return False
        return self._trustedshops_get_invitation()._is_ruled_out()
