# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from odoo.addons.website_sale_trustedshops.models.messages import WARNING

CHANNEL, INVITATION = "trustedshops.channel", "trustedshops.invitation"
REVIEW = "trustedshops.review"


class TrustedShopsOverview(models.AbstractModel):
    _inherit = "trustedshops.overview"

    @api.model
    def _get_website_paths(self):
        """Override of `website_sale_trustedshops` to add the models of this addon."""
        own = dict.fromkeys((INVITATION, REVIEW), "channel_id.website_id")
        return {**super()._get_website_paths(), CHANNEL: "website_id", **own}

    @api.model
    def _get_set_up(self):
        """Override of `website_sale_trustedshops` to add accounts and channels."""
        return (*super()._get_set_up(), "trustedshops.account", CHANNEL)

    @api.model
    def _list_lines(self):
        """Override of `website_sale_trustedshops` to add reviews.

        They are those whose reply may have been sent.
        """
        yield from super()._list_lines()
        if rows := self._search_rows(REVIEW, [("may_have_arrived", "=", True)]):
            text = rows[0].unclear_notice
            yield self._prepare_rows_line("review_unclear", rows, text=text)

    @api.model
    def _list_groups(self):
        """Override of `website_sale_trustedshops` to add invitations and reviews."""
        today = [
            ("channel_id", "in", self._search_rows(CHANNEL).ids),
            ("answered_at", ">=", "today"),
            ("state", "=", "accepted"),
        ]
        unknown = [("state", "=", "unknown")]
        invitations = [
            *self._prepare_count(self.env._("Handed over today"), INVITATION, today),
            *self._prepare_count(
                self.env._("Waiting"), INVITATION, [("is_waiting", "=", True)]
            ),
            *self._prepare_count(
                self.env._("May have been sent"), INVITATION, unknown, WARNING
            ),
        ]
        to_answer = [("needs_reply", "=", True)]
        reviews = self._prepare_count(self.env._("Without a reply"), REVIEW, to_answer)
        return [
            *super()._list_groups(),
            {"title": self.env._("Invitations"), "items": invitations},
            {"title": self.env._("Reviews"), "items": reviews},
        ]
