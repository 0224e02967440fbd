# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib import badge_snippet
from ..lib.badge_snippet import SnippetError, parse_snippet


class TrustedShopsBadgePaste(models.TransientModel):
    """Takes the options of the badge out of a snippet that Trusted Shops gave.

    The snippet itself is never stored: what is kept until the person agrees are values
    out of fixed lists.
    """

    _name = "trustedshops.badge.paste"
    _description = "Paste a Snippet of the Badge"

    certificate_id = fields.Many2one(
        "trustedshops.certificate", required=True, ondelete="cascade"
    )
    snippet = fields.Text(
        compute="_compute_snippet",
        readonly=False,
        help="The script of the badge from your Trusted Shops account, as it is.",
    )
    found = fields.Json(
        readonly=True,
        help="Options: values by field of the certificate. Notes: what was not taken.",
    )
    is_read = fields.Boolean(compute="_compute_result")
    has_options = fields.Boolean(compute="_compute_result")
    result = fields.Html(compute="_compute_result", sanitize=False)

    def _compute_snippet(self):
        for paste in self:
            paste.snippet = False

    @api.depends("found")
    @api.depends_context("lang")
    def _compute_result(self):
        for paste in self:
            found = paste.found or {}
            paste.is_read = bool(found)
            paste.has_options = bool(found.get("options"))
            paste.result = found and self.env["ir.qweb"]._render(
                "website_sale_trustedshops.badge_paste_result",
                {
                    "options": paste._describe_options(),
                    "notes": [paste._describe_note(note) for note in found["notes"]],
                },
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Read the snippets: neither they nor values made up by a caller are stored."""
        return super().create([self._prepare_read_values(vals) for vals in vals_list])

    def write(self, vals):
        """Read the snippet: see :meth:`create`."""
        result = True
        for paste in self:
            vals = {**vals, "certificate_id": paste.certificate_id.id}
            result = super(TrustedShopsBadgePaste, paste).write(
                self._prepare_read_values(vals)
            )
        return result

    def _prepare_read_values(self, vals):
        """Return values with what the snippet says in place of the snippet.

        :param dict vals: of ``create`` or ``write``
        :rtype: dict
        :raise UserError: when the snippet is not taken at all
        :raise AccessError: when the user may not change the certificate
        """
        certificate = self.env["trustedshops.certificate"].browse(
            vals.get("certificate_id")
        )
        certificate.check_access("write")
        # Whatever a caller says was found: it was not read here.
        values = {"certificate_id": certificate.id, "found": False}
        if vals.get("snippet"):
            snippet = self._parse(certificate, vals["snippet"])
            values["found"] = {
                "options": {
                    f"badge_{name}": value for name, value in snippet.options.items()
                },
                "notes": [
                    [note.reason, note.name, note.value, note.taken]
                    for note in snippet.notes
                ],
            }
        return values

    def _parse(self, certificate, text):
        """Return what a snippet says.

        :param certificate: record of ``trustedshops.certificate``
        :param str text: what was pasted
        :rtype: odoo.addons.website_sale_trustedshops.lib.badge_snippet.Snippet
        :raise UserError: when it is not taken at all
        """
        own_host = urlsplit(certificate._get_loader_url()).netloc
        try:
            return parse_snippet(str(text), certificate.ts_id, {own_host})
        except SnippetError as error:
            raise UserError(self._explain_refusal(certificate, error)) from error

    # === WORDS === #

    def _explain_refusal(self, certificate, error):
        """Return why a snippet is not taken, and what to do.

        :param certificate: record of ``trustedshops.certificate``
        :param SnippetError error: what was found
        :rtype: str
        """
        words = {"found": error.found, "ts_id": certificate.ts_id}
        return {
            "too_long": self.env._(
                "This is much longer than a snippet of Trusted Shops. Paste the script"
                " of the badge only."
            ),
            "no_snippet": self.env._(
                "This is no script of the badge. Copy it from your Trusted Shops"
                " account from the first to the last character: it names"
                " widgets.trustedshops.com, or _tsConfig."
            ),
            "unreadable": self.env._(
                "The settings in “_tsConfig” could not be read: something is missing"
                " at the end, or there is code among them. Copy the snippet again from"
                " your Trusted Shops account and do not change it."
            ),
            "foreign_host": self.env._(
                "The snippet loads “%(found)s”, which is no address of Trusted Shops,"
                " so nothing was taken. Copy the snippet again from your Trusted Shops"
                " account.",
                **words,
            ),
            "no_loader": self.env._(
                "“%(found)s” is a script of Trusted Shops, but not that of the badge."
                " The badge's address ends with your Trusted Shops ID and “.js”.",
                **words,
            ),
            "other_id": self.env._(
                "The snippet belongs to the Trusted Shops ID %(found)s, but this"
                " certificate has the ID %(ts_id)s. Copy the snippet of this ID, or"
                " paste it on the other certificate.",
                **words,
            ),
        }[error.reason]

    def _describe_note(self, note):
        """Return what was not taken, and why.

        :param list note: reason, name, value and what was taken instead
        :rtype: str
        """
        words = dict(zip(("reason", "name", "value", "taken"), note, strict=True))
        reason = words["reason"]
        if reason == badge_snippet.CLAMPED:
            return self.env._(
                "%(name)s: %(value)s is out of range. %(taken)s was taken, as Trusted"
                " Shops does.",
                **words,
            )
        if reason == badge_snippet.REPLACED:
            return self.env._(
                "%(name)s: there is no “%(value)s”. “%(taken)s” was taken, as Trusted"
                " Shops does.",
                **words,
            )
        if reason == badge_snippet.NO_VALUE:
            return self.env._(
                "%(name)s: “%(value)s” is none of its values. The option stays as it"
                " is.",
                **words,
            )
        if reason == badge_snippet.NO_OPTION:
            return self.env._(
                "%(name)s = “%(value)s”: there is no such option here. The badge floats"
                " and decides this by itself.",
                **words,
            )
        if reason == badge_snippet.FOREIGN_CODE:
            return self.env._(
                "%(name)s is no part of the badge and was left out. Place other code in"
                " the website editor.",
                **words,
            )
        if reason == badge_snippet.NO_ID:
            return self.env._(
                "The snippet names no Trusted Shops ID: whether it belongs to this"
                " certificate, only you know."
            )
        return self.env._(
            "%(name)s is no option of the badge and was left out.", **words
        )

    def _describe_options(self):
        """Return what the certificate gets.

        :return: label and value, as the form shows them
        :rtype: list of tuple(str, str)
        """
        return [
            (
                self.certificate_id._fields[name]._description_string(self.env),
                self._describe_value(name, value),
            )
            for name, value in self._get_options().items()
        ]

    def _describe_value(self, name, value):
        field = self.certificate_id._fields[name]
        if field.type == "selection":
            return dict(field._description_selection(self.env))[value]
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        return str(value)

    # === DOING IT === #

    def _get_options(self):
        """Return the values by field of the certificate.

        :rtype: dict
        """
        return (self.found or {}).get("options", {})

    def action_read(self):
        """Show what was found: the snippet was read when it was saved.

        :raise UserError: when nothing was pasted
        """
        self.ensure_one()
        if not self.is_read:
            raise UserError(self.env._("Paste the script of the badge first."))
        return self._open()

    def action_start_again(self):
        """Forget what was read, to paste another snippet."""
        self.ensure_one()
        self.write({"found": False})
        return self._open()

    def action_apply(self):
        """Give the certificate the options.

        :raise AccessError: when the user may not change it
        """
        self.ensure_one()
        self.certificate_id.write(self._get_options())
        return {"type": "ir.actions.act_window_close"}

    def _open(self):
        """Return the action that shows this record again."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Paste a Snippet"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
