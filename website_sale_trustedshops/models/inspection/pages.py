# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ...lib.inspection import GAP
from ..order_button import SOURCE

_lt = LazyTranslate(__name__)

# Title of the page by template.
PAGE_TITLES = {
    "identity": _lt("Imprint"),
    "privacy": _lt("Privacy Policy"),
    "shipping": _lt("Shipping and Payment"),
    "withdrawal": _lt("Right of Withdrawal"),
}
# Key of the view. Like pages made in the editor, it stays when the addon goes.
KEY = "website.trustedshops_{}".format


class TrustedShopsReadiness(models.Model):
    """Makes pages from templates, with gaps that a user has to fill."""

    _inherit = "trustedshops.readiness"

    @api.model
    def create_page(self, website_id, kind):
        """Make an unpublished page from a template, and open it in the editor.

        :param int website_id: id of ``website``
        :param str kind: ``identity``, ``privacy``, ``shipping`` or ``withdrawal``
        :return: action that opens the page in the website's editor
        :rtype: dict
        :raise AccessError: when the user does not manage the website
        :raise ValueError: when there is no such template
        """
        website_sudo = self._get_website(website_id)
        if kind not in PAGE_TITLES:
            raise ValueError(f"There is no template of {kind}")
        page_sudo = self._find_own_page(website_sudo, kind)
        if not page_sudo:
            page_sudo = self._make_page(website_sudo, kind)
        return website_sudo.get_client_action(page_sudo.url, True, website_sudo.id)

    def _find_own_page(self, website, kind):
        """Return the page that was made from a template, in sudo; may be empty."""
        domain = [("website_id", "=", website.id), ("key", "=", KEY(kind))]
        return self.env["website.page"].sudo().search(domain, limit=1)

    def _make_page(self, website_sudo, kind):
        """Return the unpublished page of a template, in all languages of a website."""
        languages = website_sudo.language_ids.mapped("code")
        titles = {code: self._get_page_title(code, kind) for code in languages}
        title = titles[website_sudo.default_lang_id.code]
        path = f"/{self.env['ir.http']._slugify(title)}"
        websites_sudo = website_sudo.with_context(website_id=website_sudo.id)
        view_sudo = self._make_view(website_sudo, kind, languages)
        page_sudo = self.env["website.page"].sudo()
        page_sudo = page_sudo.create(
            {
                "url": websites_sudo.get_unique_path(path),
                "website_id": website_sudo.id,
                "view_id": view_sudo.id,
                "is_published": False,
            }
        )
        view_sudo.name = title
        return page_sudo

    def _make_view(self, website_sudo, kind, languages):
        """Return the view of a page, with the translations of its template."""
        source = self._render_page(website_sudo, kind, SOURCE)
        view_sudo = self.env["ir.ui.view"].sudo().with_context(lang=SOURCE)
        view_sudo = view_sudo.create(
            {
                "name": kind,
                "type": "qweb",
                "key": KEY(kind),
                "website_id": website_sudo.id,
                "arch": source,
            }
        )
        get_terms = view_sudo._fields["arch_db"].get_trans_terms
        terms = get_terms(source)
        for code in languages:
            translated = get_terms(self._render_page(website_sudo, kind, code))
            pairs = dict(zip(terms, translated, strict=True))
            view_sudo.update_field_translations("arch_db", {code: pairs})
        return view_sudo

    def _render_page(self, website_sudo, kind, code):
        """Return the architecture of a page in a language."""
        website_sudo = website_sudo.with_context(lang=code)
        body = website_sudo.env["ir.qweb"]._render(
            f"website_sale_trustedshops.page_{kind}",
            {
                "company": website_sudo.company_id,
                "website": website_sudo,
                "title": self._get_page_title(code, kind),
                "gap": GAP,
            },
        )
        return (
            f'<t t-name="{KEY(kind)}"><t t-call="website.layout">'
            f'<div id="wrap" class="oe_structure">{body}</div></t></t>'
        )

    def _get_page_title(self, code, kind):
        """Return the title of a page in a language."""
        return self.with_context(lang=code).env._(PAGE_TITLES[kind])
