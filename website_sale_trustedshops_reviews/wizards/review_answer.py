# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.review import REASON_LABELS
from ..models.review_reply import REPLY, VETO


class TrustedShopsReviewAnswer(models.TransientModel):
    """Dialog for a reply or a report, with a preview of what Trusted Shops will get.

    The button *Send* passes the key of the preview on the screen. If the dialog was
    changed in the meantime, for example in another tab, it is shown again, not sent.
    """

    _name = "trustedshops.review.answer"
    _description = "Answer a Review"
    _inherit = ["trustedshops.dialog"]

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
    is_shown = fields.Boolean(readonly=True, export_string_translation=False)
    preview = fields.Text(compute="_compute_preview")
    # A hash of everything that would be sent, and of the answers so far.
    preview_key = fields.Char(
        compute="_compute_preview_key", export_string_translation=False
    )

    @api.depends("review_id", "task")
    def _compute_text(self):
        """Propose the current reply, because a new one replaces it."""
        for answer in self:
            answer.text = answer.task == REPLY and answer.review_id.reply

    @api.depends("text", "review_id")
    def _compute_preview(self):
        for answer in self:
            text = (answer.text or "").strip()
            shop = answer.review_id.channel_id.name or self.env.company.name
            answer.preview = text and f"{shop}:\n{text}"

    @api.depends(
        "review_id.reply",
        "review_id.veto_at",
        "task",
        "text",
        "is_buyer_told",
        "reason",
        "email",
    )
    def _compute_preview_key(self):
        for answer in self:
            review = answer.review_id
            before = (review.id, review.reply, review.veto_at)
            parts = (before, answer.task, answer._prepare_task())
            answer.preview_key = sha256(repr(parts).encode()).hexdigest()

    def _prepare_task(self):
        """Return the arguments for ``_send_task`` of the review.

        :rtype: dict
        """
        is_report = self.task == VETO
        return {
            "text": (self.text or "").strip(),
            "reason": is_report and self.reason,
            "email": (is_report and self.email) or "",
            "is_told": self.is_buyer_told and not is_report,
        }

    def action_show(self):
        """Show the preview of what Trusted Shops will get.

        :return: action that opens the form again
        :rtype: dict
        :raise UserError: if something is missing
        """
        self.ensure_one()
        self._check_complete()
        self.is_shown = True
        return self._reopen()

    def _check_complete(self):
        """Check that the answer has a text, and a report a reason.

        :raise UserError: if something is missing
        """
        if not (self.text or "").strip():
            raise UserError(self.env._("Write something first."))
        if self.task == VETO and not self.reason:
            raise UserError(self.env._("Choose what is wrong with the review."))

    def action_change(self):
        """Go back from the preview to the form.

        :return: action that opens the form again
        :rtype: dict
        """
        self.ensure_one()
        self.is_shown = False
        return self._reopen()

    def _reopen(self, is_changed=False):
        """Return the action that shows this form again.

        :param bool is_changed: whether the form says that its content changed
        :rtype: dict
        """
        context = {"is_changed": is_changed}
        return self._open(self.task, res_id=self.id, context=context)

    @api.model
    def _open(self, task, **more):
        """Return the action that opens the form of a task.

        :param str task: ``REPLY`` or ``VETO``
        :param more: other keys of the action
        :rtype: dict
        """
        titles = {
            REPLY: self.env._("Reply"),
            VETO: self.env._("Report to Trusted Shops"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": titles[task],
            "res_model": self._name,
            "view_mode": "form",
            # The framework adds them, but not after a notification.
            "views": [(False, "form")],
            "target": "new",
            **more,
        }

    def action_send(self):
        """Send what the preview shows, and delete the form if that succeeded.

        If the user saw another preview, show the current one instead. The context has
        the ``preview_key`` of the preview that the user saw.

        :return: notification with the outcome; the form stays open unless Trusted Shops
            received it, so that the words are not lost
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: if something is missing, or nothing can be sent now
        """
        self.ensure_one()
        self._check_complete()
        if self.env.context.get("preview_key") != self.preview_key:
            self.is_shown = True
            return self._reopen(is_changed=True)
        outcome = self.review_id._send_task(self.task, **self._prepare_task())
        following = self._reopen()
        if outcome["params"]["type"] == "success":
            self.sudo().unlink()
            following = {"type": "ir.actions.act_window_close"}
        outcome["params"]["next"] = following
        return outcome
