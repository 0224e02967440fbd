# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The consent of an order, its invitation, and when its goods were delivered.

Each call reads the facts again: nothing hooks into a confirmation or a delivery. For
goods in stock, `website_sale_trustedshops_reviews_stock` overrides the answers.
"""

from odoo import api, fields, models

from odoo.addons.website_sale_trustedshops.lib.address import normalize_address

STAFF = "sales_team.group_sale_salesman,base.group_system"


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
    trustedshops_invitation_ids = fields.One2many(
        "trustedshops.invitation",
        "order_id",
        string="Review Invitation",
        readonly=True,
        groups=STAFF,
        export_string_translation=False,
    )
    trustedshops_invitation_notice = fields.Char(
        compute="_compute_trustedshops_invitation_notice",
        compute_sudo=True,
        groups=STAFF,
        export_string_translation=False,
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
        """Return the words that the buyer of this cart reads before agreeing.

        They are in the language of the context, and cached.

        :return: None if the shop does not ask, or the buyer's address is invalid
        :rtype: Words or None
        """
        self.ensure_one()
        words = self.website_id and self.website_id._trustedshops_get_words()
        email = words and normalize_address(self._trustedshops_get_email())
        return words if email else None

    def _trustedshops_get_tick(self):
        """Return the record of the ticked consent box of this cart, in sudo, or none.

        :return: record of ``trustedshops.consent``
        """
        self.ensure_one()
        ticks = [("order_id", "=", self.id), ("kind", "=", "ticked")]
        seen = (
            "channel_id contact digest kept_years lang_id order_id text privacy_url"
        ).split()
        consents_sudo = self.env["trustedshops.consent"].sudo()
        return consents_sudo.search_fetch(ticks, seen, limit=1)

    def _trustedshops_tick_review(self, ticked, version=""):
        """Store or delete the tick in the consent box of the cart.

        It is a record of its own, because a payment may lock the cart.

        :param bool ticked: whether the box is ticked
        :param str version: version of the words that the buyer saw; a tick for other
            words does not count
        :return: whether the tick is stored now
        :rtype: bool
        """
        self.ensure_one()
        tick = self._trustedshops_get_tick()
        words = self._trustedshops_get_review_words()
        is_right = bool(ticked and words and words.version == version)
        # Keep a tick for the same words: a payment under way may refer to it.
        if tick and not (is_right and tick._is_for(words)):
            tick.unlink()
            tick = tick.browse()
        if is_right and not tick:
            tick._create_tick(self, words)
        return is_right

    def _trustedshops_get_review_question(self, can_write=True):
        """Return the question of the payment page, {} if nothing is asked there.

        The box is not ticked if the stored tick is for other words, another language or
        another address.

        :param bool can_write: whether to delete a tick that does not count now
        :return: ``words``, ``ticked`` and ``route``, the path that the box posts to
        :rtype: dict
        """
        words = self._trustedshops_get_review_words()
        # A free order gives no consent, see `_place` of the tick.
        if not words or words.place != "payment" or self._trustedshops_is_free():
            return {}
        tick = self._trustedshops_get_tick()
        is_same = bool(tick) and tick._is_for(words)
        if tick and not is_same and can_write:
            tick.unlink()
        return {
            "words": words,
            "ticked": is_same,
            "route": "/shop/trustedshops/reviews",
        }

    def _trustedshops_get_late_question(self):
        """Return the question of the confirmation page, {} if nothing is asked there.

        Nothing is asked about a free order, before the buyer ordered, if the buyer
        answered before, or if another user logged in since.

        :return: see :meth:`_trustedshops_get_review_question`
        :rtype: dict
        """
        words, user = self._trustedshops_get_review_words(), self.env.user
        if (
            not words
            or not (
                user.has_group("base.group_public")
                or user.partner_id == self.partner_id
            )
            or words.place != "confirmation"
            or self._trustedshops_is_free()
            or not self._trustedshops_is_ordered()
            or self._trustedshops_get_newest_consent()
        ):
            return {}
        return {
            "words": words,
            "ticked": False,
            "route": "/shop/trustedshops/reviews/ordered",
        }

    def _trustedshops_create_late_consent(self, ticked, version):
        """Store the consent that the buyer gives on the confirmation page.

        The tick counts immediately. To take it back, the buyer uses the link, as with
        any other consent.

        :param bool ticked: whether the box is ticked
        :param str version: version of the words that the buyer saw; a tick for others
            does not count
        :return: whether the buyer agreed, now or before
        :rtype: bool
        """
        self.ensure_one()
        consents_sudo = self.env["trustedshops.consent"].sudo()
        consents_sudo._lock_for_click(self)
        if agreed := self._trustedshops_get_newest_consent():
            return not agreed._is_stopped()
        question = self._trustedshops_get_late_question()
        if not ticked or not question or question["words"].version != version:
            return False
        # A tick of the payment page that no payment took along.
        self._trustedshops_get_tick().unlink()
        tick = consents_sudo._create_tick(self, question["words"])
        tick._place(self)
        # Send the stop link separately: the order's mail may be sent already.
        if tick.kind == "given":
            tick.mail_due = True
        return tick.kind != "ticked"

    # === THE CONSENT === #
    def _trustedshops_place(self):
        """Override of `website_sale_trustedshops` to turn the tick into a consent.

        Only a tick counts that a transaction of the order remembers, or that the page
        showed on which an order was placed that a gift card paid. An error is logged.
        """
        result = super()._trustedshops_place()
        is_page = self.env.context.get("trustedshops_is_payment_page")
        for order in self.sudo():
            ticks = order._trustedshops_get_payments().trustedshops_tick_id
            if is_page and not order.transaction_ids:
                ticks = order._trustedshops_get_tick()
            if ticks:
                order._trustedshops_try(ticks._place, order)
        return result

    def _trustedshops_get_consent(self):
        """Return the newest consent of the order, in sudo; none if it was taken back.

        :return: record of ``trustedshops.consent``
        """
        self.ensure_one()
        given = self.env["trustedshops.consent"].sudo()._search_given(self)
        return given.filtered(lambda each: not each._is_stopped())

    def _trustedshops_get_newest_consent(self):
        """Return the newest consent or request to confirm one, in sudo, or none.

        It may have been taken back.

        :return: record of ``trustedshops.consent``
        """
        asked = [("order_id", "=", self.id), ("kind", "in", ("requested", "given"))]
        return self.env["trustedshops.consent"].sudo().search(asked, limit=1)

    def _trustedshops_get_asking_channel(self):
        """Return the channel in the buyer's language, in sudo; none if it does not ask.

        :return: record of ``trustedshops.channel``
        """
        self.ensure_one()
        lang = self._trustedshops_get_buyer_lang()
        channels_sudo = self.env["trustedshops.channel"].sudo()
        channel = channels_sudo._get_for(self.website_id.id, lang)
        return channel.filtered(lambda each: each._is_asking())

    def action_withdraw_consent(self):
        """Take back all consents of the buyer, as the buyer asked staff to do.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the right to write the order
        :raise UserError: if there is nothing to take back
        """
        self.ensure_one()
        self.check_access("write")
        return self._trustedshops_get_newest_consent()._withdraw_by_staff()

    # === AFTER THE ORDER === #
    def _trustedshops_get_mail_consent(self):
        """Return the consent whose stop link belongs in the mails of the order.

        It makes no query for an order that was paid online by a buyer who did not
        agree.

        :return: record of ``trustedshops.consent`` in sudo, none if it was taken back
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
        """Override of `website_sale_trustedshops` to add ``stop_url``."""
        consent = self._trustedshops_get_mail_consent()
        return {
            **super()._trustedshops_prepare_mail_words(),
            "stop_url": consent and consent._get_link("stop"),
        }

    def _trustedshops_can_ask_for_review(self):
        """Override of `website_sale_trustedshops` to ask only buyers who agreed.

        Buyers who are or will be invited are not asked on pages as well.
        """
        can_ask = super()._trustedshops_can_ask_for_review()
        return can_ask and self._trustedshops_try_to_get(
            False, self._trustedshops_is_uninvited
        )

    def _trustedshops_is_uninvited(self):
        """Return True if the buyer agreed, but gets no invitation for this order."""
        if not self._trustedshops_get_consent():
            return False
        return self._trustedshops_get_invitation()._is_ruled_out()

    # === THE INVITATION === #
    def _trustedshops_prepare_invitation(self):
        """Return the values of the order's invitation, according to its newest consent.

        :return: ``channel_id`` is False if no channel serves the order
        :rtype: dict
        """
        self.ensure_one()
        given = self.env["trustedshops.consent"].sudo()._search_given(self)
        lang = given.lang_id.code or self._trustedshops_get_buyer_lang()
        # The channel of the consent; if it is archived, the one that replaced it.
        channel = given.channel_id
        if not channel.active and self.website_id:
            channel = channel._get_for(self.website_id.id, lang) or channel
        return {
            "order_id": self.id,
            "order_reference": self.name,
            "ordered_at": self._trustedshops_get_ordered_at(),
            "channel_id": channel.id,
            "company_id": self.company_id.id,
            "email": given.email,
            "is_erased": False,
            "lang_id": self.env["res.lang"]._get_data(code=lang).id,
            "consent_at": given.moment,
            "is_imported": given.mode == "import",
            "next_attempt_at": fields.Datetime.now(),
        }

    def _trustedshops_get_invitation(self):
        """Return the invitation of the order, in sudo.

        Until the scheduled action creates it, it is a new record that is not stored.

        :return: record of ``trustedshops.invitation``
        """
        self.ensure_one()
        invitations_sudo = self.sudo().trustedshops_invitation_ids
        return invitations_sudo or invitations_sudo.new(
            self._trustedshops_prepare_invitation()
        )

    @api.depends("trustedshops_consent_ids", "trustedshops_invitation_ids")
    @api.depends_context("lang")
    def _compute_trustedshops_invitation_notice(self):
        for order in self:
            notice = False
            origin = order._origin
            if not origin.trustedshops_invitation_ids and (
                consent := origin and origin._trustedshops_get_consent()
            ):
                values = origin._trustedshops_prepare_invitation()
                if not values["channel_id"]:
                    notice = consent._format_message("consent_unserved")
            order.trustedshops_invitation_notice = notice

    # === WHEN IT HAPPENED === #
    def _trustedshops_get_triggered_at(self, trigger, seen_at):
        """Return the moment of the event after which a channel invites.

        :param str trigger: ``placed``, ``shipped`` or ``delivered``
        :param datetime.datetime seen_at: UTC, when the queue first found that it
            happened; returned if Odoo stores no moment
        :return: UTC, False as long as it did not happen
        :rtype: datetime.datetime or bool
        :raise KeyError: for another trigger
        """
        self.ensure_one()
        events = {
            "shipped": self._trustedshops_get_shipped_at,
            "delivered": self._trustedshops_get_delivered_at,
        }
        placed_at = self._trustedshops_get_ordered_at()
        if trigger == "placed":
            return placed_at
        get_moment = events[trigger]
        return placed_at and self.state == "sale" and get_moment(seen_at)

    def _trustedshops_get_shipped_at(self, seen_at):
        """Return the moment when the goods were shipped. To be extended.

        Without stock moves this is the moment of the last delivery.

        :param datetime.datetime seen_at: see :meth:`_trustedshops_get_triggered_at`
        :return: UTC, False as long as it did not happen
        :rtype: datetime.datetime or bool
        """
        return self._trustedshops_get_delivered_at(seen_at)

    def _trustedshops_get_delivered_at(self, seen_at):
        """Return the moment of the last delivery. To be extended.

        An order without goods or services to deliver counts as delivered when it is
        placed.

        :param datetime.datetime seen_at: see :meth:`_trustedshops_get_triggered_at`
        :return: UTC, False as long as more will come
        :rtype: datetime.datetime or bool
        """
        lines = self._trustedshops_get_delivered_lines()
        if not lines:
            return self.date_order
        if any(line._trustedshops_is_awaited() for line in lines):
            return False
        moments = (line._trustedshops_get_delivered_at(seen_at) for line in lines)
        return max(filter(None, moments), default=False)

    def _trustedshops_get_delivered_lines(self):
        """Return the lines to deliver; of a combo only its parts, not its own line.

        :return: records of ``sale.order.line``, with the needed fields fetched
        """
        goods = self._trustedshops_get_goods(
            ("order_id", "product_uom_id", "qty_delivered", "qty_delivered_method")
        )
        goods.product_id.fetch(["product_tmpl_id"])
        goods.product_id.product_tmpl_id.fetch(["invoice_policy", "type"])
        return goods.filtered(lambda line: line.product_id.type != "combo")

    def _trustedshops_get_extra_days(self):
        """Return the days to wait beyond those of the channel. To be extended.

        :rtype: int
        """
        return 0

    def _trustedshops_is_all_returned(self):
        """Return True if the buyer kept nothing: all was returned or credited.

        :rtype: bool
        """
        lines = self._trustedshops_get_delivered_lines()
        return bool(lines) and all(line._trustedshops_is_returned() for line in lines)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _trustedshops_is_awaited(self):
        """Return True if a part of the line is still to be delivered.

        :rtype: bool
        """
        self.ensure_one()
        return not self._trustedshops_is_uncounted() and self._trustedshops_is_less(
            self.qty_delivered, self.product_uom_qty
        )

    def _trustedshops_get_delivered_at(self, seen_at):
        """Return the moment when the last quantity of the line was delivered.

        A service for which users enter no delivered quantity counts as delivered when
        it is ordered.

        :param datetime.datetime seen_at: UTC, returned if Odoo stores no moment
        :return: UTC, False if nothing was delivered
        :rtype: datetime.datetime or bool
        """
        self.ensure_one()
        if self._trustedshops_is_uncounted():
            return self.order_id.date_order
        return seen_at if self.qty_delivered > 0 else False

    def _trustedshops_is_returned(self):
        """Return True if the line was invoiced and credited in full.

        :rtype: bool
        """
        self.ensure_one()
        posted = self.invoice_lines.filtered(lambda line: line.parent_state == "posted")
        is_credited = "out_refund" in posted.move_id.mapped("move_type")
        return is_credited and not self._trustedshops_is_less(
            0.0, self.qty_invoiced_posted
        )

    def _trustedshops_is_uncounted(self):
        """Return True if users do not enter a delivered quantity for the line.

        This is so for services that are invoiced as ordered, without timesheets: a
        download, a voucher, a booking. They count as delivered
        when they are ordered.
        """
        return (
            self.product_id.type == "service"
            and self.product_id.invoice_policy == "order"
            and self.qty_delivered_method == "manual"
        )

    def _trustedshops_is_less(self, quantity, other):
        """Return True if a quantity is less than another, in the unit of the line."""
        return self.product_uom_id.compare(quantity, other) < 0
