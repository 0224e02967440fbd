# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import REPLY_LENGTH


class TrustedShopsReviewAnswer(models.TransientModel):
    """Dialog for a reply, with a preview of what Trusted Shops will get.

    The button *Send* passes the key of the preview on the screen. If the dialog was
    changed in the meantime, for example in another tab, it is shown again, not sent.
    """

    _name = "trustedshops.review.answer"
    _description = "Reply to a Review"
    _inherit = ["trustedshops.dialog"]

    review_id = fields.Many2one(
        "trustedshops.review", required=True, readonly=True, ondelete="cascade"
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
    is_shown = fields.Boolean(readonly=True, export_string_translation=False)
    preview = fields.Text(compute="_compute_preview")
    # A hash of everything that would be sent, and of the answers so far.
    preview_key = fields.Char(
        compute="_compute_preview_key", export_string_translation=False
    )

    @api.depends("review_id")
    def _compute_text(self):
        """Propose the current reply, because a new one replaces it."""
        for answer in self:
            answer.text = answer.review_id.reply

    @api.depends("text", "review_id")
    def _compute_preview(self):
        for answer in self:
            text = (answer.text or "").strip()
            shop = answer.review_id.channel_id.name or self.env.company.name
            answer.preview = text and f"{shop}:\n{text}"

    @api.depends("review_id.reply", "text", "is_buyer_told")
    def _compute_preview_key(self):
        for answer in self:
            review = answer.review_id
            parts = review.id, review.reply, answer.text, answer.is_buyer_told
            answer.preview_key = sha256(repr(parts).encode()).hexdigest()

    def action_show(self):
        """Show the preview of what Trusted Shops will get.

        :return: action that opens the form again
        :rtype: dict
        :raise UserError: if the text is missing or too long
        """
        self.ensure_one()
        self._check_text()
        self.is_shown = True
        return self._reopen()

    def _check_text(self):
        """Check that the reply has a text, and is not too long for Trusted Shops.

        :raise UserError: if not
        """
        length = len((self.text or "").strip())
        if not length:
            raise UserError(self.env._("Write something first."))
        if length > REPLY_LENGTH:
            raise UserError(
                self.env._(
                    "The reply has %(length)s characters; %(most)s are possible.",
                    length=length,
                    most=REPLY_LENGTH,
                )
            )

    def action_change(self):
        """Return from the preview to the form.

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
        return self._open(res_id=self.id, context={"is_changed": is_changed})

    @api.model
    def _open(self, **more):
        """Return the action that opens the form.

        :param more: other keys of the action
        :rtype: dict
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reply"),
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
        :raise UserError: if the text is missing or too long, or nothing can be sent now
        """
        self.ensure_one()
        self._check_text()
        if self.env.context.get("preview_key") != self.preview_key:
            self.is_shown = True
            return self._reopen(is_changed=True)
        outcome = self.review_id._send_reply(
            self.text.strip(), is_told=self.is_buyer_told
        )
        following = self._reopen()
        if outcome["params"]["type"] == "success":
            self.sudo().unlink()
            following = {"type": "ir.actions.act_window_close"}
        outcome["params"]["next"] = following
        return outcome
