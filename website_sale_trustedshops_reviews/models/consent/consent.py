# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime, split_every

from odoo.addons.website_sale_trustedshops.client_action import show
from odoo.addons.website_sale_trustedshops.lib.address import normalize_address

from ... import const

# Ways by which staff record what a buyer said elsewhere.
STAFF_MODES = ("manual", "import")
# Why a consent no longer counts, a reason of invitations, by the reason of the
# suppression that stops it. The will of the buyer goes first.
STOP_REASONS = {
    "link": "withdrawn",
    "import": "withdrawn",
    "staff": "by_staff",
    "erasure": "suppressed",
}
# A buyer can confirm a double opt-in for this long; then the request is deleted.
CONFIRM_WITHIN = timedelta(days=7)


def wait_for_first_click(record):
    """Make a second click on a record wait until the first one is stored.

    Then the framework repeats the second HTTP request, which finds what is stored.
    """
    query = "UPDATE %s SET write_date = write_date WHERE id = %s"
    query = SQL(query, SQL.identifier(record._table), record.id)
    record.env.cr.execute(query, log_exceptions=False)


class TrustedShopsConsent(models.Model):
    """Store what a buyer agreed to, or took back; users cannot change the rows.

    A consent belongs to one company and says nothing about the others. A tick in a cart
    is a row with the hash of an address alone, which no user can read; placing the
    order turns it into the consent, with the exact words that the buyer saw. The system
    user writes what buyers do, because a buyer's own user may be erased.
    """

    _name = "trustedshops.consent"
    _description = "Consent to Review Invitations"
    _inherit = ["trustedshops.guarded.fields"]
    _order = "moment desc, id desc"
    _rec_names_search = ("email",)

    kind = fields.Selection(
        [
            ("ticked", "Ticked in a cart"),
            ("requested", "Asked to confirm"),
            ("given", "Given"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Status",
        required=True,
        default="given",
    )
    # Empty in a cart, and after the person's data was erased. The hash is there.
    email = fields.Char(string="E-mail Address", index=True)
    digest = fields.Char(
        string="Hash",
        compute="_compute_digest",
        precompute=True,
        store=True,
        index="btree_not_null",
    )
    moment = fields.Datetime(required=True)
    text = fields.Text(string="Words")
    privacy_url = fields.Char(string="Data Privacy Page", readonly=True)
    lang_id = fields.Many2one("res.lang", string="Language", readonly=True)
    mode = fields.Selection(
        [
            ("checkbox", "Checkbox"),
            ("double_opt_in", "Confirmed by e-mail"),
            ("manual", "Entered by staff"),
            ("import", "Imported"),
        ],
        string="How",
        readonly=True,
    )
    source = fields.Char()
    order_id = fields.Many2one(
        "sale.order", ondelete="set null", index="btree_not_null"
    )
    channel_id = fields.Many2one(
        "trustedshops.channel", readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    # A consent has the request that it confirms; a request has its confirmation.
    request_id = fields.Many2one(
        "trustedshops.consent",
        readonly=True,
        ondelete="set null",
        export_string_translation=False,
    )
    confirmation_ids = fields.One2many(
        "trustedshops.consent", "request_id", export_string_translation=False
    )

    _moment_idx = models.Index("(moment DESC, id DESC)")
    _one_tick = models.UniqueIndex("(order_id) WHERE kind = 'ticked'")
    _one_confirmation = models.UniqueIndex("(request_id) WHERE request_id IS NOT NULL")

    @api.depends("email")
    def _compute_digest(self):
        """Compute the hash of the address; it stays when the address is erased."""
        suppressions = self.env["trustedshops.suppression"]
        for consent in self:
            email, known = consent.email, consent.digest
            consent.digest = suppressions._get_digest(email) if email else known

    @api.depends("kind", "moment")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        """Compute a name without the address: who may not read it reads the name."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for consent in self:
            date = consent.moment and format_datetime(
                self.env, consent.moment, dt_format="short"
            )
            parts = (kinds.get(consent.kind), date)
            consent.display_name = ", ".join(filter(None, parts))

    # === RIGHTS === #
    def write(self, vals):
        """Override of the framework to refuse every change by a user."""
        self._refuse_to_users()
        return super().write(vals)

    def unlink(self):
        """Override of the framework to refuse every deletion by a user.

        Waiting mails are deleted, too.
        """
        self._refuse_to_users()
        self._unlink_mails([])
        return super().unlink()

    def _refuse_to_users(self):
        """Refuse everything except what this addon does in sudo."""
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "Consents are a proof: they cannot be changed or deleted. Erase the"
                    " person's data instead, or wait until the retention period ends."
                )
            )

    @api.model
    def _may_manage(self):
        """Return True if the user may act for buyers in orders of other salespeople."""
        managers = ("sales_team.group_sale_manager", "base.group_system")
        return self.env.su or any(map(self.env.user.has_group, managers))

    # === THE TICK === #
    @api.model
    def _tick(self, order, words):
        """Store a tick in a cart, with the words that the buyer saw.

        :param order: record of ``sale.order`` with a valid e-mail address
        :param Words words: see ``trustedshops.consent.text``
        :return: the new row
        """
        email = normalize_address(order._trustedshops_get_email())
        tick = self.with_user(SUPERUSER_ID).create(
            {
                "kind": "ticked",
                "moment": fields.Datetime.now(),
                "order_id": order.id,
                "company_id": order.company_id.id,
                "channel_id": words.channel_id,
                "lang_id": words.lang_id,
                "text": words.proof,
                "privacy_url": words.privacy_url,
            }
        )
        # Creating it computes the hash of no address.
        tick.digest = self.env["trustedshops.suppression"]._get_digest(email)
        return tick

    def _is_for(self, words):
        """Return True if this buyer ticked exactly these words, in this language."""
        own = (self.channel_id.id, self.lang_id.id, self.text, self.privacy_url)
        seen = (words.channel_id, words.lang_id, words.proof, words.privacy_url)
        email = normalize_address(self.order_id._trustedshops_get_email())
        return own == seen and self._is_of(email)

    def _is_of(self, email):
        """Return True if the buyer ticked with this address.

        Core hands the cart of a guest to the user who logs in to the same browser.

        :param str email: normalized
        """
        return self.digest == self.env["trustedshops.suppression"]._get_digest(email)

    def _place(self, order):
        """Turn the tick into a consent, or a request to confirm, with the order.

        Store address and moment. Do nothing if the shop stopped asking in the meantime,
        if the order got another address, or if this was done before. A person whose
        data was erased must always confirm by e-mail, because anyone may have entered
        the address.

        :param order: record of ``sale.order`` in sudo
        """
        tick = self.filtered(lambda each: each.kind == "ticked")[:1]
        code = tick and self.env["res.lang"]._get_data(id=tick.lang_id.id).code
        words = code and order.website_id._trustedshops_get_words(code)
        email = normalize_address(order._trustedshops_get_email())
        if not words or not tick._is_of(email) or not order.amount_total:
            return
        suppressions = self.env["trustedshops.suppression"]
        must_confirm = words.mode == const.DOUBLE_OPT_IN or suppressions._is_erased(
            email, order.company_id
        )
        tick.with_user(SUPERUSER_ID).write(
            {
                "kind": "requested" if must_confirm else "given",
                "mode": const.DOUBLE_OPT_IN if must_confirm else words.mode,
                "email": email,
                "moment": fields.Datetime.now(),
                "mail_due": must_confirm,
            }
        )

    # === WHICH ONE COUNTS === #
    @api.model
    def _find_given(self, order):
        """Return the newest consent of an order, even one that was taken back.

        :param order: record of ``sale.order``, may be empty
        :return: one record, may be empty
        """
        if not order:
            return self.browse()  # erased consents have no order either
        # This saves one query for each invitation that is sent.
        return self.search_fetch(
            [("order_id", "=", order.id), ("kind", "=", "given")],
            ("channel_id", "company_id", "email", "lang_id", "mode", "moment"),
            limit=1,
        )

    def _is_stopped(self):
        """Return True if the consent does not count any more."""
        return bool(self._get_stop_reason())

    def _get_stop_reason(self):
        """Return why the consent does not count any more, '' if it does.

        The suppressions of its address alone decide; a row ``withdrawn`` is a proof.

        :return: a value of ``STOP_REASONS``
        :rtype: str
        """
        self.ensure_one()
        if not normalize_address(self.email):
            return "suppressed"
        said = self._get_stops().mapped("reason")
        return next((why for by, why in STOP_REASONS.items() if by in said), "")

    def _get_stops(self):
        """Return the suppressions that stop the consent, in sudo."""
        suppressions_sudo = self.env["trustedshops.suppression"].sudo()
        found = suppressions_sudo._find(self.email, self.company_id)
        return found.filtered(lambda each: each._stops(self))

    @api.model
    def _is_given_after(self, email, company, moment, modes):
        """Return True if the owner of an address agreed after a moment.

        :param str email: normalized
        :param company: record of ``res.company``
        :param datetime.datetime moment: UTC
        :param tuple modes: ways to agree that count
        :rtype: bool
        """
        newer = [
            ("kind", "=", "given"),
            ("mode", "in", modes),
            ("email", "=", email),
            ("company_id", "=", company.id),
            ("moment", ">", moment),
        ]
        return bool(self.search_count(newer, limit=1))

    @api.model
    def _find_by_address(self, email, company):
        """Return all rows of an address in a company, the newest first.

        :param str email: normalized
        :param company: record of ``res.company``
        """
        return self.search([("email", "=", email), ("company_id", "=", company.id)])

    # === WITHDRAWAL === #
    def _withdraw(self, reason):
        """Take back all consents of this buyer, and suppress the address.

        :param str reason: ``link`` or ``staff``
        :return: False if it was taken back before
        :rtype: bool
        """
        self.ensure_one()
        if not self.email:
            return False
        rows = self.sudo()._find_by_address(self.email, self.company_id)
        newest = rows.filtered(lambda each: each.kind in ("requested", "given"))[:1]
        said = newest._get_stops().mapped("reason")
        # The will of the buyer is stored even if another reason stops the address.
        if reason in said or (said and reason == "staff"):
            return False
        writer = self.with_user(SUPERUSER_ID) if reason == "link" else self.sudo()
        writer.create(
            {
                "kind": "withdrawn",
                "email": self.email,
                "moment": fields.Datetime.now(),
                "order_id": self.order_id.id,
                "channel_id": self.channel_id.id,
                "lang_id": self.lang_id.id,
                "company_id": self.company_id.id,
                "source": reason,
            }
        )
        suppressions = self.env["trustedshops.suppression"]
        suppressions._suppress(self.email, self.company_id, reason)
        return True

    def _withdraw_by_staff(self):
        """Take the consent back because a user clicked the button.

        :return: a notification
        :rtype: dict
        :raise UserError: if there is nothing to take back
        """
        if not self or not self._withdraw("staff"):
            raise UserError(self.env._("There is no consent that could be taken back."))
        return show(
            self.env._("The buyer will not be invited any more, for any order.")
        )

    def action_withdraw(self):
        """Take the consent back because the buyer told staff so.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: if there is nothing to take back
        """
        self.ensure_one()
        self.check_access("read")
        if not self._may_manage():
            raise AccessError(
                self.env._("Only sales managers and administrators can do this.")
            )
        return self.sudo()._withdraw_by_staff()

    # === ERASURE AND RETENTION === #
    def _is_erased(self):
        """Return True if only the hash of the address is left."""
        return bool(self.digest and not self.email)

    @api.model
    def _cron_clean(self):
        """Delete rows whose retention period is over, a batch at a time.

        Also delete mails that were being sent when their rows were erased.
        """
        erased = [("email", "=", False), ("mail_id", "!=", False)]
        self.sudo().search(erased)._unlink_mails([])
        old = self.sudo().search(self._get_old_domain())
        self.env["ir.cron"]._commit_progress(remaining=len(old))
        for batch in split_every(const.CLEAN_BATCH, old.ids, old.browse):
            batch.unlink()
            if not self.env["ir.cron"]._commit_progress(len(batch)):
                break

    @api.model
    def _get_old_domain(self):
        """Return the rows whose retention period is over.

        These are ticks in carts that were not ordered within 30 days, requests without
        a confirmation, and consents older than their company keeps them.
        """
        now = fields.Datetime.now()
        ticked = Domain("kind", "=", "ticked")
        old = ticked & Domain("moment", "<", now - timedelta(days=30))
        open_requests = Domain("kind", "=", "requested")
        open_requests &= Domain("confirmation_ids", "=", False)
        old |= open_requests & Domain("moment", "<", now - CONFIRM_WITHIN)
        companies = self.env["res.company"]
        return old | companies._trustedshops_get_outdated_domain("moment")
