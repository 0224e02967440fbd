# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib import snippet as snippet_lib
from ..lib.snippet import SnippetError, parse_snippet


class TrustedShopsBadgePaste(models.TransientModel):
    """Reads the options of the Trustbadge from a snippet of Trusted Shops.

    The certificate gets values from fixed lists, never a piece of the snippet.
    """

    _name = "trustedshops.badge.paste"
    _description = "Paste a snippet"

    certificate_id = fields.Many2one(
        "trustedshops.certificate", required=True, ondelete="cascade"
    )
    snippet = fields.Text()
    refusal = fields.Text(compute="_compute_result", export_string_translation=False)
    has_options = fields.Boolean(
        compute="_compute_result", export_string_translation=False
    )
    result = fields.Html(
        compute="_compute_result", sanitize=False, export_string_translation=False
    )

    @api.depends("certificate_id", "snippet")
    @api.depends_context("lang")
    def _compute_result(self):
        for paste in self:
            paste.refusal = paste.has_options = paste.result = False
            if not paste.snippet:
                continue
            try:
                found = paste._read_snippet()
            except ValidationError as error:
                paste.refusal = str(error)
                continue
            paste.has_options = bool(found.options)
            paste.result = self.env["ir.qweb"]._render(
                "website_sale_trustedshops.badge_paste_result",
                {
                    "options": paste._describe_options(found.options),
                    "notes": [paste._describe_note(note) for note in found.notes],
                },
            )

    def action_apply(self):
        """Write the options to the certificate, and drop the snippet.

        :raise ValidationError: when the snippet is refused
        :raise AccessError: when the user may not change the certificate
        """
        self.ensure_one()
        options = self._read_snippet().options
        self.certificate_id.write(
            {f"badge_{option}": value for option, value in options.items()}
        )
        self.snippet = False
        return {"type": "ir.actions.act_window_close"}

    def _read_snippet(self):
        """Return what the snippet contains, if the user may change the certificate."""
        certificate = self.certificate_id
        certificate.check_access("write")
        own_host = urlsplit(certificate._get_loader_url()).netloc
        try:
            return parse_snippet(self.snippet, certificate.ts_id, {own_host})
        except SnippetError as error:
            raise ValidationError(self._explain_refusal(error)) from error

    # === WORDS === #

    def _explain_refusal(self, error):
        """Return why a snippet is refused, and what to do."""
        words = {"found": error.found, "ts_id": self.certificate_id.ts_id}
        return {
            "too_long": self.env._(
                "This is too long. Paste only the script of the Trustbadge."
            ),
            "no_snippet": self.env._(
                "This is not the script of the Trustbadge: that names"
                " widgets.trustedshops.com."
            ),
            "outdated": self.env._(
                "This is an old snippet (“_tsConfig”). Copy the current one from your"
                " Trusted Shops account (Control Centre > Integrations > Trustbadge)."
            ),
            "foreign_host": self.env._(
                "The snippet loads “%(found)s”, which is not an address of Trusted"
                " Shops, so nothing was taken.",
                **words,
            ),
            "no_loader": self.env._(
                "“%(found)s” is a script of Trusted Shops, but not that of the"
                " Trustbadge, whose address ends with your Trusted Shops ID and “.js”.",
                **words,
            ),
            "other_id": self.env._(
                "The snippet belongs to the Trusted Shops ID %(found)s, but this"
                " certificate has the ID %(ts_id)s.",
                **words,
            ),
        }[error.reason]

    def _describe_note(self, note):
        """Return the sentence about an option that was not taken."""
        words = {"name": note.name, "value": note.value, "taken": note.taken}
        return {
            snippet_lib.CLAMPED: self.env._(
                "%(name)s: %(value)s is out of range. Like Trusted Shops, we take"
                " %(taken)s.",
                **words,
            ),
            snippet_lib.NO_VALUE: self.env._(
                "%(name)s: “%(value)s” is not one of its values. The option stays as it"
                " is.",
                **words,
            ),
            snippet_lib.NO_OPTION: self.env._(
                "%(name)s = “%(value)s”: there is no such option here.", **words
            ),
            snippet_lib.FOREIGN_CODE: self.env._(
                "%(name)s is not part of the Trustbadge and was left out. Place other"
                " code in the website editor.",
                **words,
            ),
        }[note.reason]

    def _describe_options(self, options):
        """Return label and value of each option, as the form shows them."""
        words = {True: self.env._("Yes"), False: self.env._("No")}
        described = []
        for option, value in options.items():
            field = self.certificate_id._fields[f"badge_{option}"]
            is_switch = field.type == "boolean"
            text = field.convert_to_export(value, self.certificate_id)
            label = field._description_string(self.env)
            described.append((label, words[value] if is_switch else text))
        return described
