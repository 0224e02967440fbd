# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.http import Controller, request, route

TEMPLATE = "website_sale_trustedshops_reviews.consent_page"
STOP = "/trustedshops/reviews/stop/<string:token>"
CONFIRM = "/trustedshops/reviews/confirm/<string:token>"
# The token in the address is what allows it: it works without cookies, too, and a page
# that was left open for a day.
PAGE = {"type": "http", "auth": "public", "website": True, "sitemap": False}


class TrustedShopsConsentPages(Controller):
    """Pages behind the links in mails; who opens one changes nothing."""

    @route(STOP, methods=["GET"], **PAGE)
    def trustedshops_reviews_stop(self, token):
        """Ask whether the buyer wants no invitations any more.

        The same for every link: nobody learns which ones there are.
        """
        return self._render("stop")

    @route(STOP, methods=["POST"], csrf=False, **PAGE)
    def trustedshops_reviews_stopped(self, token, **_post):
        """Take the consent back. One answer for all links."""
        request.env["trustedshops.consent"]._stop_by_token(token)
        return self._render("stopped")

    @route(CONFIRM, methods=["GET"], **PAGE)
    def trustedshops_reviews_confirm(self, token):
        """Show the words to be confirmed, or say that there is nothing to confirm."""
        waiting_sudo = request.env["trustedshops.consent"]._find_waiting(token)
        if not waiting_sudo:
            return self._render("over")
        return self._render("confirm", words=waiting_sudo)

    @route(CONFIRM, methods=["POST"], csrf=False, **PAGE)
    def trustedshops_reviews_confirmed(self, token, **_post):
        """Note that the owner of the address agrees."""
        is_new = request.env["trustedshops.consent"]._confirm_by_token(token)
        return self._render("confirmed" if is_new else "over")

    def _render(self, step, **values):
        """Return a page that no search engine lists and no browser keeps."""
        response = request.render(TEMPLATE, {"step": step, **values})
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        # The token must not leave with a click.
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
