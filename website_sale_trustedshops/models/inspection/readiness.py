# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from itertools import chain
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_datetime
from odoo.tools.translate import get_translation

from ...lib.criteria import LEVELS
from ...lib.inspection import find_pages


class TrustedShopsReadiness(models.Model):
    """The last result of the criteria for a website, in one of its languages."""

    _name = "trustedshops.readiness"
    _description = "Trusted Shops: Ready for Certification"
    _order = "website_id, lang_id, id"

    website_id = fields.Many2one("website", required=True, ondelete="cascade")
    lang_id = fields.Many2one(
        "res.lang", string="Language", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="website_id.company_id", store=True)
    checked_at = fields.Datetime(required=True)
    # See `_look` of the inspection. Each user reads them in their own language.
    findings = fields.Json(required=True)

    _unique_language = models.Constraint(
        "UNIQUE (website_id, lang_id)", "A website has one result per language."
    )

    # === CALLS OF THE BROWSER === #

    @api.model
    def get_overview(self):
        """Return the websites of the user's companies with their last results.

        :return: see ``_describe_website``
        :rtype: list[dict]
        :raise AccessError: when the user may not design websites
        """
        self.check_access("read")
        companies = self.env.companies.ids
        websites_sudo = self.env["website"].sudo()
        return [
            self._describe_website(website)
            for website in websites_sudo.search([("company_id", "in", companies)])
        ]

    @api.model
    def inspect(self, website_id, lang_id, pages):
        """Return which pages to fetch next; if there are none, store the result.

        :param int website_id: id of ``website``
        :param int lang_id: id of a language of it
        :param list pages: fetched so far, see ``_read_pages`` of the inspection
        :return: ``kind`` and ``path`` (that of a link is an absolute address) of each
        :rtype: list[dict]
        :raise AccessError: when the user does not manage the website
        """
        website_sudo = self._get_website(website_id)
        lang = website_sudo.language_ids.filtered(lambda each: each.id == lang_id)
        if not lang:
            raise AccessError(self.env._("The website does not have this language."))
        if not pages:
            return self._list_first_visits(website_sudo, lang)
        inspection = self.env["trustedshops.inspection"]
        read = inspection._read_pages(pages)
        links = find_pages(read, lang.iso_code[:2])
        kinds = {url: kind for kind in reversed(links) for url in links[kind]}
        asked, here = {page.asked for page in read}, urlsplit(read[0].asked)[:2]
        if visits := [
            {"kind": kind, "path": url}
            for url, kind in kinds.items()
            if url not in asked and urlsplit(url)[:2] == here
        ]:
            return visits
        facts = self._prepare_facts(website_sudo, lang)
        self._keep(website_sudo, lang, inspection._look("shop", read, facts))
        return []

    def _get_website(self, website_id):
        """Return a website in sudo.

        :raise AccessError: when the user does not manage it
        """
        self.check_access("read")
        website_sudo = self.env["website"].sudo().browse(website_id).exists()
        if website_sudo.company_id not in self.env.companies:
            raise AccessError(
                self.env._("This website does not belong to your companies.")
            )
        return website_sudo

    def _list_first_visits(self, website_sudo, lang):
        """Return the first pages to fetch: the start page, the shop, a product."""
        prefix = website_sudo._trustedshops_get_lang_path(lang)
        visits = [("start", prefix or "/"), ("shop", f"{prefix}/shop")]
        website_sudo = website_sudo.with_context(lang=lang.code)
        priced = Domain("list_price", ">", 0)
        if product := website_sudo._trustedshops_find_product(priced):
            visits.append(("product", prefix + product.website_url))
        return [{"kind": kind, "path": path} for kind, path in visits]

    # === RESULTS === #

    def _keep(self, website_sudo, lang, findings):
        """Store the findings in place of older ones."""
        values = {"checked_at": fields.Datetime.now(), "findings": findings}
        if result_sudo := self._find_result(website_sudo, lang):
            result_sudo.write(values)
        else:
            place = {"website_id": website_sudo.id, "lang_id": lang.id}
            self.sudo().create({**place, **values})

    def _find_result(self, website, lang):
        """Return the last result in sudo, may be empty."""
        domain = [("website_id", "=", website.id), ("lang_id", "=", lang.id)]
        return self.sudo().search(domain)

    def _describe_website(self, website):
        """Return the last results of a website, in the user's language.

        :param website: record of ``website``, in sudo
        :return: ``id``, ``name``, ``url`` (empty without domain), ``languages``
            (``id``, ``lang``, ``name``, ``result_id``, ``checked_at``, ``findings``)
            and ``shared``: the findings that all languages have
        :rtype: dict
        """
        languages = []
        for lang in website.language_ids:
            result_sudo = self._find_result(website, lang)
            found = self.env["trustedshops.inspection"]._word(
                result_sudo.findings or [], website=website
            )
            found.sort(key=lambda each: LEVELS.index(each["level"]))
            languages.append(
                {
                    "id": lang.id,
                    "lang": lang.code.replace("_", "-"),
                    "name": lang.name,
                    "result_id": result_sudo.id,
                    "checked_at": format_datetime(
                        self.env, result_sudo.checked_at, dt_format="short"
                    ),
                    "findings": found,
                }
            )
        return {
            "id": website.id,
            "name": website.name,
            "url": website.domain or "",
            "shared": _take_shared([each["findings"] for each in languages]),
            "languages": languages,
        }

    # === WHAT ODOO KNOWS === #

    def _prepare_facts(self, website_sudo, lang):
        """Return what Odoo knows of a website, in one of its languages.

        :return: ``countries``: names of those with delivery; ``methods``: code and name
            of each payment method; ``order_label``: of the order button; ``has_mail``:
            whether orders are confirmed; the rest may be empty
        :rtype: dict
        """
        website_sudo = website_sudo.with_context(lang=lang.code)
        company = website_sudo.company_id
        order_sudo = website_sudo.env["sale.order"].new({"website_id": website_sudo.id})
        words = website_sudo._trustedshops_get_order_words()
        return {
            "language": lang.iso_code[:2],
            "id": website_sudo.id,
            "domain": website_sudo.domain or "",
            "company": company.name or "",
            "postcode": company.zip or "",
            "phone": company.phone or "",
            "countries": self._list_countries(website_sudo),
            "methods": self._list_methods(website_sudo),
            # Otherwise the label of core.
            "order_label": words
            or get_translation("website_sale", lang.code, "Pay now", ()),
            "has_mail": bool(order_sudo._get_confirmation_template()),
        }

    def _list_countries(self, website_sudo):
        """Return the names of the countries that the website delivers to."""
        carriers_sudo = website_sudo.env["delivery.carrier"]
        carriers_sudo = carriers_sudo.search(_get_domain(carriers_sudo, website_sudo))
        countries_sudo = carriers_sudo.country_ids
        if any(not carrier.country_ids for carrier in carriers_sudo):
            countries_sudo = countries_sudo.search(Domain.TRUE)
        return countries_sudo.mapped("name")

    def _list_methods(self, website_sudo):
        """Return code and name of the payment methods that are offered."""
        providers_sudo = website_sudo.env["payment.provider"]
        domain = _get_domain(providers_sudo, website_sudo)
        domain &= Domain("state", "in", ("enabled", "test"))
        providers_sudo = providers_sudo.search(domain)
        methods_sudo = providers_sudo.payment_method_ids.filtered("active")
        return [(method.code, method.name) for method in methods_sudo]


def _get_domain(records, website):
    """Return the domain of the records that are published on a website."""
    return (
        Domain(records._check_company_domain(website.company_id))
        & Domain("is_published", "=", True)
        & Domain("website_id", "in", (False, website.id))
    )


def _take_shared(lists):
    """Remove the findings that all lists share, and return each of them once.

    :return: findings with the links of all languages
    """
    shared = []
    for finding in lists[0] if len(lists) > 1 else ():
        same = [each for found in lists for each in found if _is_same(each, finding)]
        if len(same) == len(lists):
            links = {}
            for link in chain(*(each["links"] for each in same)):
                links.setdefault(link["text"], link)  # one link to an editor is enough
            links = sorted(links.values(), key=lambda each: each["is_place"])
            shared.append({**finding, "links": links})
    for found in lists:
        found[:] = [
            each for each in found if not any(_is_same(each, one) for one in shared)
        ]
    return shared


def _is_same(one, other):
    names = ("cause", "level", "text", "todo")
    return all(one[name] == other[name] for name in names)
