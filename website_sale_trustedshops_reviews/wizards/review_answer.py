# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.review.desk import REPLY, VETO
from ..models.review.review import REASON_LABELS


class TrustedShopsReviewAnswer(models.TransientModel):
    """Asks for a reply or a report, and shows it as Trusted Shops gets it."""

    _name = "trustedshops.review.answer"
    _description = "Answer a Review"

    review_id = fields.Many2one(
        "trustedshops.review", required=True, readonly=True, ondelete="cascade"
    )
    task = fields.Selection(
        [(REPLY, "Reply"), (VETO, "Report")],
        required=True,
        readonly=True,
        export_string_translation=False,
    )
    star_line = fields.Char(
        related="review_id.star_line",
        related_sudo=False,
        export_string_translation=False,
    )
    title = fields.Char(
        related="review_id.title", related_sudo=False, export_string_translation=False
    )
    comment = fields.Text(
        related="review_id.comment", related_sudo=False, export_string_translation=False
    )
    text = fields.Text(
        compute="_compute_text",
        compute_sudo=False,
        precompute=True,
        store=True,
        readonly=False,
    )
    is_buyer_told = fields.Boolean(
        string="Notify the Buyer by E-mail",
        help="Trusted Shops informs the buyer of your reply.",
    )
    reason = fields.Selection(REASON_LABELS)
    email = fields.Char(
        string="Your E-mail Address",
        default=lambda self: self.env.user.email,
        help="Trusted Shops informs you here of the outcome of the report.",
    )
    # Nothing is sent that was not shown as it will be.
    is_shown = fields.Boolean(readonly=True, export_string_translation=False)
    preview = fields.Text(compute="_compute_preview")

    @api.depends("review_id", "task")
    def _compute_text(self):
        """Propose the reply that there is: it is changed, not doubled."""
        for answer in self:
            answer.text = answer.task == REPLY and answer.review_id.reply

    @api.depends("text", "review_id")
    def _compute_preview(self):
        for answer in self:
            text = (answer.text or "").strip()
            shop = answer.review_id.channel_id.name or self.env.company.name
            answer.preview = text and f"{shop}:\n{text}"

    def action_show(self):
        """Show what Trusted Shops will get.

        :raise UserError: when something is missing
        """
        self.ensure_one()
        if not (self.text or "").strip():
            raise UserError(self.env._("Write something first."))
        if self.task == VETO and not self.reason:
            raise UserError(self.env._("Choose what is wrong with the review."))
        self.is_shown = True
        return self._reopen()

    def action_change(self):
        """Go back to what was written."""
        self.ensure_one()
        self.is_shown = False
        return self._reopen()

    def _reopen(self):
        """Return the action that shows this form again."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reply")
            if self.task == REPLY
            else self.env._("Report to Trusted Shops"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_send(self):
        """Have Trusted Shops told; pressed twice, it is told once.

        :raise AccessError: without the rights
        :raise UserError: when something is missing, or something else is under way
        """
        self.ensure_one()
        if not self.is_shown:
            return self.action_show()
        is_report = self.task == VETO
        self.review_id._order_task(
            self.task,
            text=self.text.strip(),
            reason=self.reason if is_report else False,
            email=self.email if is_report else "",
            is_told=self.is_buyer_told and not is_report,
        )
        return {"type": "ir.actions.act_window_close"}
