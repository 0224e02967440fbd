# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.models.messages import WARNING

CHANNEL = "trustedshops.channel"


class TrustedShopsOverview(models.AbstractModel):
    _inherit = "trustedshops.overview"

    @api.model
    def _get_website_paths(self):
        """Override of `website_sale_trustedshops` to add own paths.

        They lead from channels, invitations and reviews.
        """
        return {
            **super()._get_website_paths(),
            CHANNEL: "website_id",
            "trustedshops.invitation": "channel_id.website_id",
            "trustedshops.review": "channel_id.website_id",
        }

    @api.model
    def _list_findings(self):
        """Override of `website_sale_trustedshops` to add findings.

        They are those of accounts and channels. The account's finding about its
        channels is left out: they list their own.
        """
        found = super()._list_findings()
        for account in self._search_readable("trustedshops.account"):
            own = account._get_findings()
            found.append(
                (account, [x for x in own if x["cause"] != "account_channels"])
            )
        channels = self._search_readable(CHANNEL)
        return found + [(each, each._get_findings()) for each in channels]

    @api.model
    def _list_rows(self):
        """Override of `website_sale_trustedshops` to add own records.

        They are invitations that may have been sent, and reviews to which a reply may
        have been sent.
        """
        yield from super()._list_rows()
        unknown = Domain("state", "=", "unknown")
        if rows := self._search_rows("trustedshops.invitation", unknown):
            code = "invitation_unknown"
            yield code, code, rows, self._format_message(code)
        unclear = Domain("may_have_arrived", "=", True)
        if rows := self._search_rows("trustedshops.review", unclear):
            yield "review_unclear", "review_unclear", rows, rows[0].unclear_notice

    @api.model
    def _list_activities(self, told):
        """Override of `website_sale_trustedshops` to leave some out.

        They are about invitations that may have been sent, which the overview lists
        already.
        """
        model, cause = CHANNEL, "invitations_unknown"
        said = {(model, row_id, cause) for name, row_id, _key in told if name == model}
        return super()._list_activities(told | said)

    @api.model
    def _get_today(self):
        """Override of `website_sale_trustedshops` to add two sections.

        They are about invitations and reviews.
        """
        invitations, reviews = [], []
        if self._can_read("trustedshops.invitation"):
            invitations = self._count_invitations()
        if self._can_read("trustedshops.review"):
            label = self.env._("Without a reply")
            row = self._prepare_count(label, "trustedshops.review", ("to_answer",))
            reviews.append(row)
        return [
            *super()._get_today(),
            {"title": self.env._("Invitations"), "items": invitations},
            {"title": self.env._("Reviews"), "items": reviews},
        ]

    @api.model
    def _count_invitations(self):
        """Return the counts of invitations: sent today, waiting, may have been sent.

        :return: see :meth:`_prepare_count`
        :rtype: list of dict
        """
        model, channels = "trustedshops.invitation", self._search_readable(CHANNEL)
        today = [
            ("channel_id", "in", channels.ids),
            ("answered_at", ">=", "today"),
            ("state", "=", "accepted"),
        ]
        unknown = [("state", "=", "unknown")]
        handed_over, waiting = self.env._("Handed over today"), self.env._("Waiting")
        may_be = self.env._("May have been sent")
        return [
            self._prepare_count(handed_over, model, extra=today),
            self._prepare_count(waiting, model, ("waiting",)),
            self._prepare_count(may_be, model, extra=unknown, level=WARNING),
        ]
