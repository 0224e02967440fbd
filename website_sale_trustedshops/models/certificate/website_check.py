# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Looks at the start pages of a website as visitors see them.

The user's browser fetches the pages without cookies, so that they are those which
visitors get, even behind a proxy. It looks at three things: whether the seal is there,
whether the loader of the badge is there, and whether both have the right ID. EDITOR.md
lists what an editor should look at besides.
"""

import re

from odoo import fields, models

_TS_ID = re.compile(r"X[0-9A-Z]{32}", re.IGNORECASE)


class TrustedShopsCertificate(models.Model):
    """Compares what a website should show with what its visitors get."""

    _inherit = "trustedshops.certificate"

    def get_website_pages(self):
        """Return the start pages of the website, for the browser that fetches them.

        :return: ``name`` and ``url`` of the website, and ``pages``, one a language:
            ``lang``, ``lang_name`` and ``path``
        :rtype: dict
        :raise AccessError: when the user may not change the certificate
        """
        self.ensure_one()
        self.check_access("write")
        website_sudo = self.sudo().website_id
        return {
            "name": website_sudo.name,
            "url": (website_sudo.domain or "").rstrip("/"),
            "pages": [
                {
                    "lang": lang.code.replace("_", "-"),
                    "lang_name": lang.name,
                    "path": website_sudo._trustedshops_get_lang_path(lang) or "/",
                }
                for lang in website_sudo.language_ids
            ],
        }

    def check_website(self, pages):
        """Return what is wrong with the start pages that a browser fetched.

        Store whether visitors get the badge and nothing is wrong. A good check ends the
        to-do of all certificates of the website, a bad one opens it again.

        :param list[dict] pages: ``lang`` (see :meth:`get_website_pages`), ``status`` (0
            without an answer), and the addresses of ``seal`` and ``loader`` ('' where
            they are missing)
        :return: the findings about each page, see ``_prepare_finding``
        :rtype: list[list[dict]]
        :raise AccessError: when the user may not change the certificate
        """
        self.ensure_one()
        self.check_access("write")
        found = [list(self.sudo()._check_page(**page)) for page in pages]
        is_seen = not any(found) and any(page["loader"] for page in pages)
        checked_at = is_seen and fields.Datetime.now()
        self._get_website_certificates().sudo().website_checked_at = checked_at
        return found

    def _check_page(self, lang, status, seal, loader):
        """Yield the findings about a start page, see :meth:`check_website`."""
        if status != 200:
            yield self._prepare_finding("page_broken", status=status)
            return
        website = self.website_id.with_user(self.website_id.user_id).sudo()
        website = website.with_context(lang=lang.replace("-", "_"))
        display = website._trustedshops_get_display()
        for part, found, expected in (
            (self.env._("Seal"), seal, display["seal"].get("url")),
            ("Trustbadge", loader, display["badge"].get("src")),
        ):
            if not expected:
                continue
            ids = [_TS_ID.search(address) for address in (found, expected)]
            found_id, expected_id = [each and each[0].upper() for each in ids]
            if not found:
                yield self._prepare_finding("part_missing", part=part)
            elif found_id != expected_id:
                words = {"found": found_id or "–", "expected": expected_id}
                yield self._prepare_finding("part_other_id", part=part, **words)
