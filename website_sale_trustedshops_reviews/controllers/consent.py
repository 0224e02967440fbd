# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.http import Controller, request, route

TEMPLATE = "website_sale_trustedshops_reviews.consent_page"
PAGES = "/trustedshops/reviews"
STOP = f"{PAGES}/stop/<string:token>"
CONFIRM = f"{PAGES}/confirm/<string:token>"
# What is left of a link that was cut, or grew.
BROKEN = [PAGES, f"{PAGES}/<path:rest>"]
# The token in the address is what allows it: it works without cookies, too, and a page
# that was left open for a day.
PAGE = {"type": "http", "auth": "public", "website": True, "sitemap": False}


class TrustedShopsConsentPages(Controller):
    """Pages behind the links in mails; opening one changes nothing.

    All links that are ours get one answer: nobody learns what became of an address.
    """

    @route(STOP, methods=["GET"], **PAGE)
    def trustedshops_reviews_stop(self, token):
        """Ask whether the buyer wants no invitations any more."""
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
        """Show the words to be confirmed, or say that there is nothing to confirm."""
        found_sudo = self._find("confirm", token)
        step = found_sudo and found_sudo._get_confirm_step()
        return self._render(step, words=found_sudo)

    @route(CONFIRM, methods=["POST"], csrf=False, **PAGE)
    def trustedshops_reviews_confirmed(self, token, **_post):
        """Note that the owner of the address agrees."""
        found_sudo = self._find("confirm", token)
        return self._render(found_sudo and found_sudo._confirm_by_visitor())

    @route(BROKEN, methods=["GET", "POST"], csrf=False, **PAGE)
    def trustedshops_reviews_broken(self, rest="", **_post):
        """Say that a link is not ours, at an address without its odd end."""
        return self._render("" if rest else "broken")

    def _find(self, purpose, token):
        """Return whose link it is, in sudo; None when the link is not ours."""
        return request.env["trustedshops.consent"]._find_by_token(purpose, token)

    def _render(self, step, **values):
        """Return a page that no search engine lists and no browser keeps.

        :param step: what the page shows; nothing for a link that is not ours
        """
        if step:
            response = request.render(TEMPLATE, {"step": step, **values})
        else:
            response = request.redirect(PAGES, code=303)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        # The token must not leave with a click.
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
