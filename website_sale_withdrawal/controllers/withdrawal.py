# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The pages of a withdrawal: the form, the review of the declaration, and the receipt.

Buyers need no login, no captcha and no script. What they type is not compared with
orders here, so that answer and work are the same for every order number.
"""

from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit
from uuid import uuid4

from odoo.http import Controller, request, route
from odoo.tools.misc import hmac

from .. import const
from ..address import get_first_address

ROUTE = {
    "type": "http",
    "auth": "public",
    "website": True,
    "sitemap": False,
    # A declaration must not fail because a session ended, or cookies are off. A page of
    # another website cannot read the signed value, which proves that the buyer knows
    # the order. Without it, that page can send only what any stranger may send.
    "csrf": False,
}
# Keep data of buyers out of caches, out of search results, and out of the addresses
# that browsers send to other websites.
HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "same-origin",
}


# Fields that may be wrong, from the top of the form.
FORM = ("articles", "buyer_name", "order_reference", "email")


class Withdrawal(Controller):
    @route("/withdrawal", methods=["GET", "POST"], **ROUTE)
    def withdrawal(self, contract="", **posted):
        """Show the form of a withdrawal, or the review of a posted form.

        If a field is wrong, show the form again. A GET request, for example of a
        program that follows links of mails, never leads further than the form.

        :param str contract: signed value that identifies an order, '' without one; see
            ``_withdrawal_sign`` of ``sale.order``
        :param dict posted: fields of the form; ``change`` returns from the review to it
        :return: response with the page, or a redirect to the website of the order
        """
        if request.httprequest.method != "POST":
            return self._get_website_redirect(contract) or self._show_form(contract)
        values, mistakes = self._read(contract, posted)
        if mistakes or posted.get("change"):
            return self._show_form(
                contract, posted, () if posted.get("change") else mistakes
            )
        return self._show_review(contract, posted, values)

    @route("/withdrawal/confirm", methods=["GET", "POST"], **ROUTE)
    def withdrawal_confirm(self, contract="", token="", **posted):
        """Store the posted declaration, and redirect to its receipt.

        Show the form again if a field is wrong, and the review if the order has other
        articles by now.

        :param str contract: see :meth:`withdrawal`
        :param str token: token of the review, so that two clicks store one declaration
        :param dict posted: fields of the declaration as the review showed them
        :return: response with a page, or the redirect
        """
        if request.httprequest.method != "POST":
            return request.redirect("/withdrawal")
        values, mistakes = self._read(contract, posted)
        if mistakes:
            return self._show_form(contract, posted, mistakes)
        # Browsers change the line ends.
        if str(posted.get("articles", "")).split() != values["articles"].split():
            # The order changed meanwhile: the buyer declares only what a page showed.
            return self._show_review(contract, posted, values)
        order_sudo = self._find_order(contract)
        website = request.website
        values |= {
            "order_id": order_sudo.id,
            "company_id": (order_sudo or website).company_id.id,
            "website_id": (order_sudo.website_id or website).id,
            "lang": request.env.lang,
            "network": _get_network(),
        }
        withdrawals = request.env["sale.withdrawal"]
        withdrawal_sudo = withdrawals._create_declaration(str(token), values)
        # An error in the receipt cannot undo it: another request shows that page.
        path = f"/withdrawal/receipt/{withdrawal_sudo.token}"
        return request.redirect(request.env["ir.http"]._url_for(path), 303)

    @route("/withdrawal/receipt/<string:token>", methods=["GET"], **ROUTE)
    def withdrawal_receipt(self, token):
        """Show the receipt of a declaration, or redirect to the form.

        :param str token: token of the declaration; it is valid for a day
        :return: response with the page, or the redirect
        """
        withdrawal_sudo = request.env["sale.withdrawal"]._find_receipt(token)
        if not withdrawal_sudo:
            return request.redirect("/withdrawal")
        return self._render_page(
            "receipt_page",
            withdrawal=withdrawal_sudo,
            declared=withdrawal_sudo._get_declared(),
        )

    def _find_order(self, contract):
        """Return the order that a signed value identifies, in sudo, or none."""
        return request.env["sale.order"]._withdrawal_find(str(contract))

    def _read(self, contract, posted):
        """Return the values to declare, and the names of the fields that are wrong.

        :param str contract: see :meth:`withdrawal`
        :param dict posted: fields of a form
        :return: see ``_clean`` and ``_find_mistakes`` of ``sale.withdrawal``; the
            values also have ``articles`` and ``is_verified``
        :rtype: tuple[dict, set]
        """
        withdrawals = request.env["sale.withdrawal"]
        order_sudo = self._find_order(contract)
        is_guest = withdrawals._is_guest(posted, order_sudo)
        values = withdrawals._clean(posted, is_guest)
        values["articles"] = order_sudo._withdrawal_read_articles(posted)
        user = request.env.user
        # Staff who look at an order are not its buyer.
        is_staff = (
            user.has_group("base.group_user")
            and user.partner_id != order_sudo.partner_id
        )
        values["is_verified"] = bool(order_sudo) and not is_staff
        if order_sudo:
            values["order_reference"] = order_sudo.name
        return values, withdrawals._find_mistakes(values)

    def _get_website_redirect(self, contract):
        """Return a redirect to the website of the order, None if none is needed."""
        order_sudo = self._find_order(contract)
        website = order_sudo.website_id
        host = urlsplit(website.domain or "").netloc
        if website == request.website or host in ("", request.httprequest.host):
            return None
        url = website.domain + order_sudo._withdrawal_get_path()
        redirect = request.redirect(url, local=False)
        redirect.headers.update(HEADERS)
        return redirect

    def _show_form(self, contract, posted=None, mistakes=()):
        """Return the page with the form.

        :param str contract: see :meth:`withdrawal`
        :param posted: fields that the buyer filled in before, None to propose values
        :type posted: dict or None
        :param mistakes: names of the fields that are wrong
        """
        order_sudo = self._find_order(contract)
        user = request.env.user
        partner_sudo = order_sudo.partner_id
        own_sudo = order_sudo.browse()
        if not user.has_group("base.group_public"):
            partner_sudo = partner_sudo or user.partner_id
            company = request.website.company_id
            own_sudo = order_sudo or order_sudo._withdrawal_find_own(company)
        typed = posted or {
            "buyer_name": partner_sudo.name,
            "email": get_first_address(partner_sudo.email) or partner_sudo.email,
        }
        return self._render_page(
            "step_form",
            contract=order_sudo and contract,
            order=order_sudo,
            own_orders=own_sudo - order_sudo,
            withdrawals=order_sudo.withdrawal_ids,
            typed=typed,
            mistakes=mistakes,
            first_mistake=next(filter(mistakes.__contains__, FORM), None),
            lengths=const.DECLARED,
        )

    def _show_review(self, contract, posted, values):
        """Return the page that shows what will be declared, with the button.

        :param str contract: see :meth:`withdrawal`
        :param dict posted: fields of the form
        :param dict values: values from :meth:`_read`
        """
        hidden = {name: values[name] for name in (*const.DECLARED, "articles")}
        hidden |= {
            name: value
            for name, value in posted.items()
            if name.startswith("quantity_") and isinstance(value, str)
        }
        hidden |= {"contract": contract, "token": uuid4().hex}
        order_sudo = self._find_order(contract)
        is_limited = request.env["sale.withdrawal"]._is_guest(posted, order_sudo)
        is_remark_dropped = is_limited and str(posted.get("remark", "")).strip()
        silent = {"email", "remark"} if is_remark_dropped else {"email"}
        is_changed = any(
            str(posted.get(name, "")).split() != values[name].split()
            for name in const.DECLARED.keys() & posted.keys() - silent
        )
        return self._render_page(
            "step_review",
            # Guests cannot choose articles: the details may name a part.
            declared={
                **values,
                "is_whole": values["is_verified"] and not values["articles"],
            },
            hidden=hidden,
            is_changed=is_changed,
            is_remark_dropped=is_remark_dropped,
        )

    def _render_page(self, template, **values):
        """Return a rendered page that no cache may keep.

        After a POST request the browser itself may keep the page: otherwise going back
        from the receipt would show an error.

        :param str template: name of the template in this addon
        :param values: values for the template
        """
        response = request.render(f"website_sale_withdrawal.{template}", values)
        response.headers.update(HEADERS)
        if request.httprequest.method == "POST":
            response.headers["Cache-Control"] = "private, no-cache"
        return response


def _get_network():
    """Return a hash of the visitor's network, '' if it is unknown."""
    try:
        address = ip_address(request.httprequest.remote_addr or "")
    except ValueError:
        return ""
    # A server that listens on IPv6 sees visitors of IPv4 as ::ffff:a.b.c.d.
    address = getattr(address, "ipv4_mapped", None) or address
    network = ip_network((address, 24 if address.version == 4 else 64), strict=False)
    return hmac(request.env(su=True), f"{const.SCOPE}.network", str(network))
