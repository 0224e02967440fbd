# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Consents, invitations, reviews and suppressions of a buyer in Privacy Lookup.

Erasing any of them also suppresses the address, so that no consent that staff enter or
import leads to an invitation. The hash of the address, the words and the moment of a
consent stay, because they prove that the shop was allowed to invite.
"""

import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.website_sale_trustedshops.lib.address import (
    get_spellings,
    normalize_address,
)
from odoo.addons.website_sale_trustedshops.models.privacy import search_by_address

from .consent.consent import STAFF_MODES
from .invitation.desk import ARRIVED_STATES

# All records but ticks in carts, which are deleted soon.
SAID = Domain("kind", "!=", "ticked")


class TrustedShopsConsent(models.Model):
    _name = "trustedshops.consent"
    _inherit = ["trustedshops.consent", "trustedshops.personal.data"]

    @api.model
    def _trustedshops_search_person(self, email):
        """Override of `website_sale_trustedshops` to search by the hash.

        The hash stays when the address is erased.
        """
        digest = self.env["trustedshops.suppression"]._get_digest(email)
        return self.search(SAID & Domain("digest", "=", digest))

    def _trustedshops_format_kept(self):
        """Override of `website_sale_trustedshops` to keep erased consents.

        They are kept until their retention is over.
        """
        if self.email or not self:
            return ""
        date = format_date(self.env, self.kept_until)
        return self._format_message("consent_kept", date=date)

    @api.model
    def _trustedshops_count_proofs(self):
        """Override of `website_sale_trustedshops` to count all but ticks in carts."""
        return self.search_count(SAID)

    def _trustedshops_remove_person(self, email):
        """Override of `website_sale_trustedshops` to keep the proof.

        Suppress and erase the address, delete the mails, and remove the link to the
        order. Hash, words, kind and moment stay. Words that staff entered lose names,
        addresses and order, and their source is deleted.
        """
        suppressions = self.env["trustedshops.suppression"]
        suppressions._suppress_erased(
            normalize_address(self.email) or email, self.company_id
        )
        self._unlink_mails([])
        # Otherwise the payment would still lead from the record to its order.
        payments_sudo = self.env["payment.transaction"].sudo()
        payments = payments_sudo.search([("trustedshops_tick_id", "in", self.ids)])
        payments.trustedshops_tick_id = False
        for row in self.filtered(lambda each: each.mode in STAFF_MODES):
            row.write({"text": row._get_nameless_text(), "source": False})
        self.write({"email": False, "order_id": False})

    def _get_nameless_text(self):
        """Return the words without the names, addresses and order of the buyer."""
        contacts = self.env["res.partner"].sudo().with_context(active_test=False)
        contacts = search_by_address(contacts, "email_normalized", self.email)
        people = self.order_id.sudo().partner_id | contacts
        names = people.filtered("name").mapped("name")
        parts = re.findall(r"\w{3,}", " ".join(names))
        words = {*get_spellings(self.email), *names, *parts, self.order_id.name}
        # The longest first: of "Jo Wu", "Jo" alone would leave "Wu".
        ordered = sorted(filter(None, words), key=len, reverse=True)
        pattern = rf"(?<!\w)({'|'.join(map(re.escape, ordered))})(?!\w)"
        return re.sub(pattern, "…", self.text or "", flags=re.IGNORECASE)


class TrustedShopsInvitation(models.Model):
    _name = "trustedshops.invitation"
    _inherit = ["trustedshops.invitation", "trustedshops.personal.data"]

    @api.model
    def _trustedshops_search_person(self, email):
        """Override of `website_sale_trustedshops` to search by the address.

        It is the one that is invited.
        """
        return self.search([("email", "=", email)])

    @api.model
    def _trustedshops_count_waiting(self):
        """Override of `website_sale_trustedshops` to count what is not sent yet."""
        return self.search_count(Domain("state", "in", ("waiting", "due")))

    def _trustedshops_remove_person(self, email):
        """Override of `website_sale_trustedshops` to keep the invitation.

        Suppress the address; erase it and the data sent. The record keeps the order
        from being invited again. If Trusted Shops may have the address, schedule an
        activity to have it erased there.
        """
        suppressions = self.env["trustedshops.suppression"]
        suppressions._suppress_erased(
            normalize_address(self.email) or email, self.company_id
        )
        self.write({"email": False, "payload": False, "is_erased": True})
        if self.state in (*ARRIVED_STATES, "sending") or self.may_have_arrived:
            self._schedule_message("buyer_erased", order=self.order_reference)


class TrustedShopsReview(models.Model):
    _name = "trustedshops.review"
    _inherit = ["trustedshops.review", "trustedshops.personal.data"]

    @api.model
    def _trustedshops_search_person(self, email):
        """Override of `website_sale_trustedshops` to search by the address.

        It is that of the invitation, or else of the order. Somebody else may have
        written a review that only names the order's number.
        """
        orders = self.env["sale.order"]._trustedshops_search_by_address(email)
        of_nobody = Domain("invitation_id", "=", False)
        of_nobody |= Domain("invitation_id.email", "=", False)
        of_order = Domain("order_id", "in", orders.ids) & of_nobody
        return self.search(Domain("invitation_id.email", "=", email) | of_order)

    def _trustedshops_remove_person(self, email):
        """Override of `website_sale_trustedshops` to keep the review.

        Suppress the address, and erase texts and links to orders.
        """
        self.env["trustedshops.suppression"]._suppress_erased(email, self.company_id)
        self._anonymize()


class TrustedShopsSuppression(models.Model):
    _name = "trustedshops.suppression"
    _inherit = ["trustedshops.suppression", "trustedshops.personal.data"]

    @api.model
    def _trustedshops_search_person(self, email):
        """Override of `website_sale_trustedshops` to search by the hash.

        Also find suppressions that a manager ended.
        """
        return self.with_context(active_test=False).search([("email", "=", email)])

    def _trustedshops_format_kept(self):
        """Override of `website_sale_trustedshops` to keep suppressions.

        Without them, the person would be invited again.
        """
        return self.env["trustedshops.message"]._format_message("suppression_kept")

    @api.model
    def _trustedshops_count_proofs(self):
        """Override of `website_sale_trustedshops` to count the stops that hold."""
        return self.search_count([])

    @api.model
    def _suppress_erased(self, email, company):
        """Suppress an erased address, and delete the forms in which staff entered it.

        :param str email: normalized address
        :param company: record of ``res.company``; nothing is done for none
        """
        if not company:
            return
        self._suppress(email, company, "erasure")
        forms_sudo = self.env["trustedshops.consent.entry"].sudo()
        forms_sudo = forms_sudo.search([("company_id", "=", company.id)])
        forms_sudo.filtered(
            lambda form: normalize_address(form.email) == email
        ).unlink()
