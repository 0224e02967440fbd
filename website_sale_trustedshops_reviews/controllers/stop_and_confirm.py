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

    All valid links get the same answer, which reveals nothing about an address.
    """

    @route(STOP, methods=["GET"], **PAGE)
    def trustedshops_reviews_stop(self, token):
        """Ask whether to stop the invitations."""
        return self._render(self._find("stop", token) and "stop")

    @route(STOP, methods=["POST"], csrf=False, **PAGE)
    def trustedshops_reviews_stopped(self, token, **_post):
        """Take the consent back."""
        found_sudo = self._find("stop", token)
        if found_sudo:
            found_sudo._stop_by_visitor()
        return self._render(found_sudo and "stopped")

    @route(CONFIRM, methods=["GET"], **PAGE)
    def trustedshops_reviews_confirm(self, token):
        """Show the words to confirm, or say that there is nothing to confirm."""
        found_sudo = self._find("confirm", token)
        step = found_sudo and found_sudo._get_confirm_step()
        return self._render(step, words=found_sudo)

    @route(CONFIRM, methods=["POST"], csrf=False, **PAGE)
    def trustedshops_reviews_confirmed(self, token, **_post):
        """Store that the owner of the address agrees."""
        found_sudo = self._find("confirm", token)
        return self._render(found_sudo and found_sudo._confirm_by_visitor())

    @route([PAGES, f"{PAGES}/<path:rest>"], methods=["GET", "POST"], csrf=False, **PAGE)
    def trustedshops_reviews_broken(self, rest="", **_post):
        """Redirect a broken link to the bare address, which says that it is broken."""
        return self._render("" if rest else "broken")

    def _find(self, purpose, token):
        """Return the record of a link in sudo, None if the link is not ours."""
        return request.env["trustedshops.consent"]._find_by_token(purpose, token)

    def _render(self, step, **values):
        """Return a page that search engines do not list and browsers do not store.

        :param step: what the page shows; None for a link that is not ours
        """
        if step:
            template = "website_sale_trustedshops_reviews.consent_page"
            response = request.render(template, {"step": step, **values})
        else:
            response = request.redirect(PAGES, code=303)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        # Keep the token out of the next request.
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
