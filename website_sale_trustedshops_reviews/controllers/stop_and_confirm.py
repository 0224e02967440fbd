# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The pages behind the links in mails: to stop invitations, and to confirm."""

from odoo.http import Controller, request, route

PAGES = "/trustedshops/reviews"
STOP = f"{PAGES}/stop/<string:token>"
CONFIRM = f"{PAGES}/confirm/<string:token>"
# The token in the address authorizes the visitor, even without cookies or session.
PAGE = {"type": "http", "auth": "public", "website": True, "sitemap": False}


class TrustedShopsConsentPages(Controller):
    """Show the pages behind the links in mails; opening one changes nothing.

    All links of ours to stop get one answer, and all that confirm nothing get another,
    so that no visitor learns what became of an address.
    """

    @route(STOP, methods=["GET"], **PAGE)
    def trustedshops_reviews_stop(self, token):
        """Ask whether to stop the invitations."""
        stopped = request.env["trustedshops.suppression"]._read_stop(token)
        return self._render("stop" if stopped else "broken")

    @route(STOP, methods=["POST"], csrf=False, **PAGE)
    def trustedshops_reviews_stopped(self, token, **_post):
        """Take the consent back."""
        stopped = request.env["trustedshops.suppression"]._read_stop(token)
        if stopped:
            request.env["trustedshops.consent"]._stop_by_visitor(*stopped)
        return self._render("stopped" if stopped else "broken")

    @route(CONFIRM, methods=["GET"], **PAGE)
    def trustedshops_reviews_confirm(self, token):
        """Show the words to confirm, or say that there is nothing to confirm."""
        asked_sudo = request.env["trustedshops.consent"]._get_request(token)
        return self._render(asked_sudo._get_confirm_step(), words=asked_sudo)

    @route(CONFIRM, methods=["POST"], csrf=False, **PAGE)
    def trustedshops_reviews_confirmed(self, token, **_post):
        """Store that the owner of the address agrees."""
        asked_sudo = request.env["trustedshops.consent"]._get_request(token)
        return self._render(asked_sudo._confirm_by_visitor())

    @route(
        [PAGES, f"{PAGES}/<path:_rest>"], methods=["GET", "POST"], csrf=False, **PAGE
    )
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
