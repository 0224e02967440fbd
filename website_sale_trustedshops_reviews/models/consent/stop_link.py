# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Links in mails that need no login: to stop the invitations, and to confirm."""

import secrets

from odoo import api, fields, models
from odoo.tools.misc import hash_sign, verify_hash_signed

from .consent import CONFIRM_WITHIN

# The purposes of links. One to stop is signed over the hash of the address, so that it
# works without a row; one to confirm is signed by Odoo for one row and a few days.
STOP, CONFIRM = "stop", "confirm"
CONFIRM_SCOPE = "website_sale_trustedshops_reviews-confirm"


class TrustedShopsConsent(models.Model):
    """Let buyers decide about a consent by a link, with a button on its page.

    Opening the link does nothing, because mail scanners open every link. A token
    reveals neither address nor order. Users can neither see nor choose the nonce, which
    leaves the rows of a copied database: whoever has the copy can confirm nothing.
    """

    _inherit = "trustedshops.consent"

    # 128 random bits.
    nonce = fields.Char(
        readonly=True,
        copy=False,
        default=lambda _self: secrets.token_hex(16),
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    # === MAKING A LINK === #
    def _get_link(self, purpose):
        """Return the address of a page at which the buyer decides, in their language.

        If a user renders a mail, in a preview or for any address, its link does not
        work.

        :param str purpose: ``stop`` or ``confirm``
        :rtype: str
        """
        self.ensure_one()
        website = self.order_id.website_id or self.channel_id.website_id
        shop = website.get_base_url() + website._trustedshops_get_lang_path(
            self.lang_id
        )
        token = self._sign(purpose) if self.env.su else "preview"
        return f"{shop}/trustedshops/reviews/{purpose}/{token}"

    def _sign(self, purpose):
        """Return the token of a link.

        :param str purpose: ``stop`` or ``confirm``
        :rtype: str
        """
        if purpose == STOP:
            suppressions = self.env["trustedshops.suppression"]
            return suppressions._sign_stop(self.digest, self.company_id)
        expiration = self.moment + CONFIRM_WITHIN
        return hash_sign(self.env, CONFIRM_SCOPE, [self.id, self.nonce], expiration)

    # === STOPPING === #
    @api.model
    def _stop_by_visitor(self, digest, company):
        """Take back all consents of an address of which only the hash is known.

        :param str digest: hash of the address
        :param company: record of ``res.company``
        """
        said = [("kind", "in", ("requested", "given")), ("email", "!=", False)]
        known = [("digest", "=", digest), ("company_id", "=", company.id)]
        rows_sudo = self.sudo().search([*said, *known])
        reason = rows_sudo._get_visitor_reason()
        if rows_sudo:
            rows_sudo[0]._withdraw(reason)
        else:
            suppressions = self.env["trustedshops.suppression"]
            suppressions._suppress_hash(digest, company, reason)

    def _get_visitor_reason(self):
        """Return ``link`` if the buyer presses the button of a page, else ``staff``.

        Staff can open customers' pages, too. Their click is not the will of the buyer,
        unless they placed one of the orders for themselves.
        """
        user = self.env.user
        is_buyer = user.partner_id in self.order_id.partner_id
        return "staff" if user._is_internal() and not is_buyer else "link"

    # === CONFIRMING === #
    @api.model
    def _find_request(self, token):
        """Return the request to confirm whose link a visitor opened.

        :param str token: as the visitor sent it
        :return: in sudo; empty if the link is not ours, expired, or its row is deleted
        """
        rows_sudo = self.sudo()
        try:
            signed = verify_hash_signed(rows_sudo.env, CONFIRM_SCOPE, token)
        except ValueError:
            signed = None
        request_id, nonce = signed or (None, None)
        request_sudo = rows_sudo.browse(request_id).exists()
        return request_sudo.filtered(lambda each: each.nonce == nonce)

    def _get_confirm_step(self):
        """Return what the page to confirm shows: ``confirm``, ``staff`` or ``over``."""
        if not self or not self._is_waiting():
            return "over"
        return "confirm" if self._get_visitor_reason() == "link" else "staff"

    def _confirm_by_visitor(self):
        """Store that the owner of the address agrees.

        :return: what the page shows: ``confirmed``, also if it was done before, else
            as :meth:`_get_confirm_step`
        :rtype: str
        """
        step = self._get_confirm_step()
        if step == "confirm":
            self._confirm()
        confirmation = self.confirmation_ids
        is_valid = confirmation and not confirmation._is_stopped()
        return "confirmed" if is_valid and self._is_followed() else step
