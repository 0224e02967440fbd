# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Marks a gap that the shop has to fill in.
GAP = "✎"
# CSS class in sample pages: on other pages the sign may mean something else.
SAMPLE = "o_trustedshops_sample"


class TrustedShopsSamplePage(models.TransientModel):
    """Creates a page that the law requires, with gaps that the shop fills in."""

    _name = "trustedshops.sample.page"
    _inherit = ["trustedshops.dialog"]
    _description = "Sample Legal Page"

    website_id = fields.Many2one(
        "website",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env["website"].get_current_website(),
    )
    kind = fields.Selection(
        [
            ("identity", "Imprint"),
            ("privacy", "Privacy Policy"),
            ("shipping", "Shipping and Payment"),
            ("withdrawal", "Right of Withdrawal"),
        ],
        string="Page",
        required=True,
        default="identity",
    )

    def action_create_page(self):
        """Create the page, unpublished, and open it in the website's editor.

        :return: client action
        :rtype: dict
        :raise AccessError: when the user may not create pages
        """
        self.ensure_one()
        website = self.website_id
        wizard = self.with_context(lang=website.default_lang_id.code)
        titles = dict(self._fields["kind"]._description_selection(wizard.env))
        # Core copies the template in one language, and its translations.
        in_source = website.with_context(website_id=website.id, lang="en_US")
        made = in_source.new_page(
            titles[self.kind],
            template=f"website_sale_trustedshops.sample_{self.kind}",
            namespace="website",
        )
        return website.get_client_action(made["url"], True, website.id)


class WebsitePage(models.Model):
    _inherit = "website.page"

    @api.constrains("is_published")
    def _check_trustedshops_gaps(self):
        """Refuse to publish a sample page with gaps in any language of its website."""
        for page in self.filtered("is_published"):
            for lang in page.website_id.language_ids:
                arch = page.view_id.with_context(lang=lang.code).arch_db or ""
                if SAMPLE in arch and GAP in arch:
                    raise ValidationError(
                        self.env._(
                            "The page “%(page)s” cannot be published yet: in %(lang)s"
                            " it still has gaps to fill in (%(gap)s).",
                            page=page.name,
                            lang=lang.name,
                            gap=GAP,
                        )
                    )
