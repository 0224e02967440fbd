# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The pages behind the links in mails: to stop invitations, and to confirm."""

from odoo.http import Controller, request, route

PAGES = "/trustedshops/reviews"
# The token in the address authorizes the visitor, even without cookies or session.
PAGE = {
    "type": "http",
    "auth": "public",
    "website": True,
    "sitemap": False,
    "methods": ["GET", "POST"],
    "csrf": False,
}


class TrustedShopsConsentPages(Controller):
    """Show the pages behind the links in mails; opening one changes nothing.

    All links of ours to stop get one answer, and all that confirm nothing get another,
    so that no visitor learns what became of an address.
    """

    @route(f"{PAGES}/stop/<string:token>", **PAGE)
    def trustedshops_reviews_stop(self, token, **_post):
        """Ask whether to stop the invitations, or take the consent back.

        :param str token: of the link
        """
        stopped = request.env["trustedshops.suppression"]._read_stop(token)
        if not stopped:
            return self._render("broken")
        if request.httprequest.method != "POST":
            return self._render("stop")
        request.env["trustedshops.consent"]._stop_by_visitor(*stopped)
        return self._render("stopped")

    @route(f"{PAGES}/confirm/<string:token>", **PAGE)
    def trustedshops_reviews_confirm(self, token, **_post):
        """Show the words to confirm, or store that the owner of the address agrees.

        :param str token: of the link
        """
        asked_sudo = request.env["trustedshops.consent"]._get_request(token)
        if request.httprequest.method == "POST":
            return self._render(asked_sudo._confirm_by_visitor())
        return self._render(asked_sudo._get_confirm_step(), words=asked_sudo)

    @route([PAGES, f"{PAGES}/<path:_rest>"], **PAGE)
    def trustedshops_reviews_broken(self, **_post):
        """Say that a link is broken."""
        return self._render("broken")

    def _render(self, step, **values):
        """Return a page that search engines do not list and browsers do not store.

        :param str step: what the page shows
        """
        template = "website_sale_trustedshops_reviews.consent_page"
        response = request.render(template, {"step": step, **values})
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        # Keep the token out of the next request.
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
