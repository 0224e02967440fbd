# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.website_sale_trustedshops.client_action import show
from odoo.addons.website_sale_trustedshops.lib.address import normalize_address
from odoo.addons.website_sale_trustedshops.wizards.trustedshops_person import Section

from ..models.invitation.notices import ARRIVED_STATES

CONSENT = "trustedshops.consent"
CONSENT_FIELDS = (
    "kind moment email order_id mode source lang_id channel_id text mailed_at"
).split()
INVITATION_FIELDS = (
    "order_reference ordered_at email state reason consent_at due_at sent_at"
    " answered_at lang_id channel_id payload"
).split()
REVIEW_FIELDS = (
    "review_ref subject product_name stars title comment state submitted_at edited_at"
    " order_reference reply reply_at veto_reason veto_text veto_at"
).split()


class TrustedShopsPerson(models.TransientModel):
    """Show and erase what this addon knows about a person."""

    _inherit = "trustedshops.person"

    # Only a user can tell whether the person wrote these.
    possible_ids = fields.One2many(
        "trustedshops.person.review",
        "person_id",
        compute="_compute_possible_ids",
        compute_sudo=False,
        precompute=True,
        store=True,
        readonly=False,
        export_string_translation=False,
    )

    # === WHAT IS STORED === #
    @api.model
    def _find_email(self):
        """Override to take the address from a consent, too."""
        return super()._find_email() or self._find_record(CONSENT).email

    @api.depends("email")
    def _compute_company_ids(self):
        """Override to propose the company of the consent for its address."""
        result = super()._compute_company_ids()
        consent = self._find_record(CONSENT)
        for person in self:
            if consent.email and normalize_address(person.email) == consent.email:
                person.company_ids = consent.company_id
        return result

    def _find_sections(self, email, company):
        """Override to add consents (erased ones, too), invitations, reviews, stops."""
        suppressions = self.env["trustedshops.suppression"].sudo()
        suppressions = suppressions.with_context(active_test=False)
        digest = suppressions._get_digest(email)
        consents = self.env[CONSENT].sudo()
        own = [("company_id", "=", company.id)]
        said = [("digest", "=", digest), ("kind", "!=", "ticked")]
        consents = consents.search([*said, *own])
        invitations = self.env["trustedshops.invitation"].sudo()
        invitations = invitations.search([("email", "=", email), *own])
        reviews = self.env["trustedshops.review"].sudo()._find_invited(email)
        reviews = reviews.filtered_domain(own) | self._find_ticked(company)
        stops = suppressions._find(email, company)
        return [
            *super()._find_sections(email, company),
            Section(self.env._("Consents"), consents, CONSENT_FIELDS),
            Section(self.env._("Invitations"), invitations, INVITATION_FIELDS),
            Section(self.env._("Reviews"), reviews, REVIEW_FIELDS),
            Section(self.env._("Stops"), stops, ("moment", "reason", "active")),
        ]

    def _find_kept(self, email):
        """Override to add the orders that Trusted Shops knows."""
        invitations = self.env["trustedshops.invitation"].sudo()
        told = invitations.search(
            [("email", "=", email), ("state", "in", ARRIVED_STATES)]
        )
        label = self.env._("Orders That Trusted Shops Knows of")
        return [*super()._find_kept(email), (label, self._filter_companies(told))]

    # === REVIEWS THAT MAY BE THE PERSON'S === #
    @api.depends("email", "company_ids")
    def _compute_possible_ids(self):
        """List uncertain reviews: without a user's tick nothing is shown or erased."""
        for person in self:
            person.possible_ids = [
                Command.clear(),
                *(
                    Command.create({"res_id": review.id})
                    for review in person._find_possible()
                ),
            ]

    def _find_possible(self):
        """Return the reviews that may be the person's, in sudo."""
        self.check_access("read")
        email = normalize_address(self.email)
        reviews = self.env["trustedshops.review"].sudo()
        return self._filter_companies(
            reviews._find_possible(email) if email else reviews
        )

    def _find_ticked(self, company):
        """Return the reviews of a company that the user ticked, in sudo."""
        ticked = self.possible_ids.filtered("is_theirs").mapped("res_id")
        possible = self._find_possible() if ticked else self.env["trustedshops.review"]
        return possible.filtered(
            lambda each: each.id in ticked and each.company_id == company
        )

    # === ERASURE === #
    def action_erase(self):
        """Erase the address in all models of Trusted Shops, and suppress it.

        Contact and orders stay, because other rules apply to them.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: if it is not exactly one address
        """
        self.ensure_one()
        self.check_access("write")
        companies, email = self._get_companies(), normalize_address(self.email)
        if not email:
            raise UserError(self.env._("Enter exactly one e-mail address."))
        count = sum(self._erase(email, company) for company in companies)
        self._find_open(email, companies).unlink()
        if not count:
            return show(
                self.env._(
                    "Nothing of this address was stored, so nothing was erased. A hash"
                    " of it stays, so that it is not invited."
                ),
                sticky=True,
            )
        return show(
            self.env._(
                "Erased, number of records: %(count)s. A hash of the address stays, so"
                " that the person is not invited again. Contact and orders are not"
                " touched, nor mails in their chatter, and what Trusted Shops has got"
                " has to be erased there.",
                count=count,
            ),
            sticky=True,
        )

    def _find_open(self, email, companies):
        """Return this form, and those of other users for an address, in sudo."""
        others = self.sudo().search([("company_ids", "in", companies.ids)])
        return self.sudo() | others.filtered(
            lambda each: normalize_address(each.email) == email
        )

    def _erase(self, email, company):
        """Erase a normalized address in a company, and return the number of records."""
        # Find these before the address is erased.
        ticked_sudo = self._find_ticked(company)
        # Stop what is under way before the address is erased.
        self.env["trustedshops.suppression"]._suppress(email, company, "erasure")
        models_sudo = self.env["trustedshops.personal.data"]._get_models_sudo()
        count = sum(each._trustedshops_erase(email, company) for each in models_sudo)
        count += ticked_sudo._erase()
        self._log("erased", company, count)
        return count


class TrustedShopsPersonReview(models.TransientModel):
    """List a review that may be a person's, for the user to tick.

    Do not use a many2one, which would show the name of any review over RPC.
    """

    _name = "trustedshops.person.review"
    _description = "Reviews that may be this person's"
    _inherit = ["trustedshops.dialog"]

    person_id = fields.Many2one(
        "trustedshops.person",
        required=True,
        ondelete="cascade",
        export_string_translation=False,
    )
    res_id = fields.Integer(required=True, export_string_translation=False)
    is_theirs = fields.Boolean(string="This Person's")
    # Empty as soon as the review can no longer be the person's.
    words = fields.Char(string="Review", compute="_compute_words", compute_sudo=False)

    @api.depends("res_id", "person_id.email", "person_id.company_ids")
    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    def _compute_words(self):
        for person, lines in self.grouped("person_id").items():
            words = {
                review.id: " · ".join(
                    filter(
                        None,
                        (review.display_name, review.order_reference, review.excerpt),
                    )
                )
                for review in person._find_possible()
            }
            for line in lines:
                line.words = words.get(line.res_id)
