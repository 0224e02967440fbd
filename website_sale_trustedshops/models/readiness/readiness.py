# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re
from dataclasses import asdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...lib.readiness import Facts, Finding, find_pages, judge
from ...lib.shop_page import read_page


class TrustedShopsReadiness(models.Model):
    """What was seen last of the criteria on a website, in one of its languages.

    The browser of a designer fetches the pages as a visitor without cookies and hands
    them in: so they are those that visitors get, whatever stands before Odoo.
    """

    _name = "trustedshops.readiness"
    _description = "Trusted Shops: Ready for Certification"
    _order = "website_id, lang_id, id"

    website_id = fields.Many2one("website", required=True, ondelete="cascade")
    lang_id = fields.Many2one(
        "res.lang", string="Language", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="website_id.company_id", store=True)
    checked_at = fields.Datetime(required=True)
    # Findings of `lib/readiness.py`; their words are those of who reads them.
    findings = fields.Json(required=True)

    _unique_language = models.Constraint(
        "UNIQUE (website_id, lang_id)", "A website has one result per language."
    )

    @api.depends("website_id", "lang_id")
    def _compute_display_name(self):
        for readiness in self:
            website, lang = readiness.website_id, readiness.lang_id
            readiness.display_name = f"{website.name}, {lang.name}"

    # === WHAT THE BROWSER ASKS === #

    @api.model
    def get_overview(self):
        """Return the websites of the user's companies with what was seen last.

        :return: ``id``, ``name``, ``url`` (empty without domain) and ``languages`` of
            each website, see ``_describe_language``
        :rtype: list[dict]
        :raise AccessError: when the user is no designer of websites
        """
        self.check_access("read")
        companies = self.env.companies.ids
        websites_sudo = self.env["website"].sudo()
        return [
            {
                "id": website.id,
                "name": website.name,
                "url": website.domain or "",
                "languages": [
                    self._describe_language(website, lang)
                    for lang in website.language_ids
                ],
            }
            for website in websites_sudo.search([("company_id", "in", companies)])
        ]

    @api.model
    def get_visits(self, website_id, lang_id):
        """Return the pages to begin with: the start page, the shop, a product.

        :param int website_id: id of ``website``
        :param int lang_id: id of a language of it
        :return: ``kind`` and ``path`` of each
        :rtype: list[dict]
        :raise AccessError: when the website is not the user's to look after
        """
        website_sudo, lang = self._get_place(website_id, lang_id)
        prefix = website_sudo._trustedshops_get_lang_path(lang)
        visits = [("start", prefix or "/"), ("shop", f"{prefix}/shop")]
        website_sudo = website_sudo.with_context(lang=lang.code)
        priced = Domain("list_price", ">", 0)
        if product := website_sudo._trustedshops_find_product(priced):
            visits.append(("product", prefix + product.website_url))
        return [{"kind": kind, "path": path} for kind, path in visits]

    @api.model
    def find_visits(self, website_id, lang_id, pages):
        """Return the pages that links of the first ones lead to.

        :param int website_id: id of ``website``
        :param int lang_id: id of a language of it
        :param list pages: the pages of :meth:`get_visits`, see :meth:`save_result`
        :return: ``kind`` and ``path`` (an absolute address) of each
        :rtype: list[dict]
        :raise AccessError: when the website is not the user's to look after
        """
        _website_sudo, lang = self._get_place(website_id, lang_id)
        links = find_pages(_read_pages(pages), lang.iso_code[:2])
        kinds = {url: kind for kind in reversed(links) for url in links[kind]}
        return [{"kind": kind, "path": url} for url, kind in kinds.items()]

    @api.model
    def save_result(self, website_id, lang_id, pages):
        """Keep what the pages of a website tell, in place of what was seen before.

        :param int website_id: id of ``website``
        :param int lang_id: id of a language of it
        :param list pages: dicts of ``kind``, ``asked``, ``url``, ``status`` (0 without
            an answer), ``html``, ``is_cut`` and ``is_html``
        :return: see ``_describe_language``
        :rtype: dict
        :raise AccessError: when the website is not the user's to look after
        """
        website_sudo, lang = self._get_place(website_id, lang_id)
        facts = self._prepare_facts(website_sudo, lang)
        values = {
            "website_id": website_sudo.id,
            "lang_id": lang.id,
            "checked_at": fields.Datetime.now(),
            "findings": [asdict(each) for each in judge(_read_pages(pages), facts)],
        }
        if result_sudo := self._find_result(website_sudo, lang):
            result_sudo.write(values)
        else:
            self.sudo().create(values)
        return self._describe_language(website_sudo, lang)

    def _get_place(self, website_id, lang_id):
        """Return a website in sudo and a language of it.

        :raise AccessError: when the user does not look after it
        """
        self.check_access("read")
        website_sudo = self.env["website"].sudo().browse(website_id).exists()
        lang = website_sudo.language_ids.filtered(lambda each: each.id == lang_id)
        if website_sudo.company_id not in self.env.companies or not lang:
            raise AccessError(
                self.env._("This website does not belong to your companies.")
            )
        return website_sudo, lang

    def _find_result(self, website, lang):
        """Return what was seen last, in sudo; may be empty."""
        domain = [("website_id", "=", website.id), ("lang_id", "=", lang.id)]
        return self.sudo().search(domain)

    def _get_findings(self):
        """Return what was seen, as the rules said it."""
        self.ensure_one()
        return [
            Finding(**{key: _freeze(value) for key, value in each.items()})
            for each in self.findings
        ]

    def _describe_language(self, website_sudo, lang):
        """Return what was seen last of a website in a language.

        :return: ``lang_id``, ``lang``, ``name``, and with a result ``result_id``,
            ``checked_at`` (in the user's words) and ``points``, see ``_prepare_points``
        """
        values = {
            "lang_id": lang.id,
            "lang": lang.code.replace("_", "-"),
            "name": lang.name,
            "result_id": False,
        }
        if result_sudo := self._find_result(website_sudo, lang):
            values["result_id"] = result_sudo.id
            values["checked_at"] = result_sudo._get_checked_text()
            values["points"] = result_sudo._prepare_points()
        return values

    def _get_checked_text(self):
        """Return when it was looked, in the user's time and words."""
        converter = self.env["ir.qweb.field.datetime"]
        return converter.value_to_html(self.checked_at, {"format": "short"})

    # === WHAT ODOO KNOWS === #

    def _prepare_facts(self, website_sudo, lang):
        """Return what Odoo knows of a website, in one of its languages."""
        website_sudo = website_sudo.with_context(lang=lang.code)
        company = website_sudo.company_id
        order_sudo = website_sudo.env["sale.order"].new({"website_id": website_sudo.id})
        return Facts(
            language=lang.iso_code[:2],
            website_id=website_sudo.id,
            domain=website_sudo.domain or "",
            name=company.name or "",
            postcode=company.zip or "",
            email=company.email or "",
            phone=company.phone or "",
            countries=tuple(self._list_countries(website_sudo)),
            methods=tuple(self._list_methods(website_sudo)),
            order_label=website_sudo._trustedshops_get_order_words(),
            has_mail=bool(order_sudo._get_confirmation_template()),
        )

    def _list_countries(self, website_sudo):
        """Return the names of the countries that the website delivers to."""
        carriers_sudo = website_sudo.env["delivery.carrier"]
        carriers_sudo = carriers_sudo.search(_get_domain(carriers_sudo, website_sudo))
        countries_sudo = carriers_sudo.country_ids
        if any(not carrier.country_ids for carrier in carriers_sudo):
            countries_sudo = countries_sudo.search(Domain.TRUE)
        return countries_sudo.mapped("name")

    def _list_methods(self, website_sudo):
        """Return code and name of the means of payment that buyers are offered."""
        providers_sudo = website_sudo.env["payment.provider"]
        domain = _get_domain(providers_sudo, website_sudo)
        domain &= Domain("state", "in", ("enabled", "test"))
        providers_sudo = providers_sudo.search(domain)
        methods_sudo = providers_sudo.payment_method_ids.filtered("active")
        return [(method.code, method.name) for method in methods_sudo]


def _get_domain(records, website):
    """Return the domain of those that are published on a website."""
    return (
        Domain(records._check_company_domain(website.company_id))
        & Domain("is_published", "=", True)
        & Domain("website_id", "in", (False, website.id))
    )


def _read_pages(pages):
    """Return what the browser handed in, read as a visitor sees it.

    :raise ValueError: when an address is none of a page: it would be shown as a link
    """
    for page in pages:
        for name in ("asked", "url"):
            if not re.match(r"https?://", str(page[name])):
                raise ValueError(f"No address of a page: {page[name]!r}")
    return [
        read_page(
            str(page["kind"]),
            str(page["asked"]),
            str(page["url"]),
            int(page["status"]),
            str(page["html"]),
            bool(page["is_cut"]),
            bool(page["is_html"]),
        )
        for page in pages
    ]


def _freeze(value):
    """Return a list of a stored finding as it was."""
    return tuple(value) if isinstance(value, list) else value
