# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The pages to stop invitations and to confirm a consent, opened by links in mails."""

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
    """Pages that links in mails open; only pressing their button changes something.

    All valid links to stop show the same page, and all links that cannot confirm show
    one other page, so that no visitor learns anything about an address.
    """

    @route(f"{PAGES}/stop/<string:token>", **PAGE)
    def trustedshops_reviews_stop(self, token, **_post):
        """Show the page to stop invitations; on POST take back the consents.

        :param str token: token of the link
        :return: response with the page, ``broken`` if the link is not ours
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
        """Show the words of the consent to confirm; on POST store the consent.

        :param str token: token of the link
        :return: response with the page
        """
        asked_sudo = request.env["trustedshops.consent"]._get_request(token)
        if request.httprequest.method == "POST":
            return self._render(asked_sudo._confirm_by_visitor())
        return self._render(asked_sudo._get_confirm_step(), words=asked_sudo)

    @route([PAGES, f"{PAGES}/<path:_rest>"], **PAGE)
    def trustedshops_reviews_broken(self, **_post):
        """Show the page about a broken link.

        :return: response with the page
        """
        return self._render("broken")

    def _render(self, step, **values):
        """Return the page of a step, which nothing may index or store.

        :param str step: name of the step in the template
        :param values: more values for the template
        """
        template = "website_sale_trustedshops_reviews.consent_page"
        response = request.render(template, {"step": step, **values})
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        # The next page must not learn the token from the referrer.
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
