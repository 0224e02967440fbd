# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.models.queue.service import (
    KINDS as BASE_KINDS,
)
from odoo.addons.website_sale_trustedshops.models.queue.service import SOAP, Kind

REST, EVENTS = "rest", "events"
KINDS = {
    REST: BASE_KINDS[SOAP],
    EVENTS: Kind((10, 20, 40, 80, 160, 240), "silent_records"),
}


class TrustedShopsService(models.Model):
    """Adds the service for reviews, and records for the invitations of accounts."""

    _inherit = "trustedshops.service"

    kind = fields.Selection(
        selection_add=[(REST, "Reviews"), (EVENTS, "Invitations")],
        ondelete={REST: "cascade", EVENTS: "cascade"},
    )
    # Set in records about the invitations of one account.
    account_id = fields.Many2one(
        "trustedshops.account",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )

    _unique_endpoint = models.UniqueIndex(
        "(kind, environment, COALESCE(account_id, 0))"
    )

    @api.depends("account_id")
    def _compute_display_name(self):
        """Override of `website_sale_trustedshops` to depend on the account."""
        return super()._compute_display_name()

    def _get_names(self):
        """Override of `website_sale_trustedshops` to add the account's company."""
        return [*super()._get_names(), self.account_id.company_id.sudo().name]

    @api.model
    def _get_rest(self, kind, login, *, is_made=False):
        """Override of `website_sale_trustedshops` to return an account's rest.

        Each account has a record for the rest of its invitations. Without ``is_made``
        it may be missing, and nothing is returned.
        """
        if kind != EVENTS:
            return super()._get_rest(kind, login, is_made=is_made)
        services = self.sudo()
        found = services.search([("kind", "=", kind), ("account_id", "=", login.id)])
        if found or not is_made:
            return found
        values = {"environment": login.environment, "account_id": login.id}
        return services.create({"kind": kind, **values})

    def _get_endpoint(self):
        """Override of `website_sale_trustedshops` to return the account's id.

        That is for records with an account. Calls with one account fail together, but
        not with those of other accounts.
        """
        return self.account_id.id or super()._get_endpoint()

    @api.model
    def _get_kinds(self):
        """Override of `website_sale_trustedshops` to add two kinds.

        They are ``REST`` and ``EVENTS``.
        """
        return {**super()._get_kinds(), **KINDS}

    def _update_rest(self, error, row_id, is_silent):
        """Override of `website_sale_trustedshops` to pause invitations.

        They pause after the first one without an answer: the queue never repeats an
        invitation whose answer was lost, and no call that only reads can show whether
        events are answered again.
        """
        if self.kind != EVENTS:
            return super()._update_rest(error, row_id, is_silent)
        return self._update_silence(error)

    def _is_waited_for(self, *, is_missed=False):
        """Override of `website_sale_trustedshops` to look for invitations.

        Those count that the account could send. Reviews wait for no answer.
        """
        if self.kind not in KINDS:
            return super()._is_waited_for(is_missed=is_missed)
        waiting = Domain("channel_id.account_id", "=", self.account_id.id)
        waiting &= Domain("channel_id.hold_reason", "=", False)
        waiting &= Domain("state", "in", ("due", "sending"))
        if is_missed:
            waiting &= Domain("last_error", "!=", False)
        return (
            self.kind == EVENTS
            and not self.account_id._get_refusal()
            and bool(self.env["trustedshops.invitation"].search_count(waiting, limit=1))
        )

    def _get_probing(self, login):
        """Override of `website_sale_trustedshops` to probe accepted accounts.

        The last answered one goes first. An account without an answer, or with a
        refused login, does not show whether the service works. A given account goes
        before all others if it is accepted.
        """
        found = super()._get_probing(login)
        if self.kind != REST:
            return found
        accepted = found.filtered_domain(found._get_accepted_domain())
        own = accepted & login if login else accepted.browse()
        return own | (accepted - own).sorted("connected_at DESC NULLS LAST, id")

    def _search_logins(self):
        """Override of `website_sale_trustedshops` to return accounts.

        That is the account of the record, else those of the environment that are no
        drafts.
        """
        if self.account_id:
            return self.account_id
        if self.kind not in KINDS:
            return super()._search_logins()
        accounts = self.env["trustedshops.account"].sudo()
        domain = [("environment", "=", self.environment), ("state", "!=", "draft")]
        return accounts.search(domain)

    def _trigger_queues(self):
        """Override of `website_sale_trustedshops` to run the invitations' queue."""
        if self.kind not in KINDS:
            super()._trigger_queues()
            return
        self.env["trustedshops.invitation"]._trigger_queue()
