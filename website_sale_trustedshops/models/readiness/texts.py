# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from urllib.parse import urlencode, urlsplit

from odoo import models
from odoo.tools.translate import LazyTranslate

from ...lib import readiness as rules

_lt = LazyTranslate(__name__)

# The points in words.
TITLES = {
    "identity": _lt("Provider identification: name, address, e-mail and telephone"),
    "privacy": _lt("Privacy notice that names Trusted Shops"),
    "tls": _lt("Encrypted pages (TLS)"),
    "price_notes": _lt("“incl. VAT plus shipping” next to prices"),
    "shipping": _lt("Shipping costs and areas of delivery"),
    "delivery_time": _lt("Delivery time of products"),
    "payment_methods": _lt("Payment methods before ordering begins"),
    "order_page": _lt("What is shown right before ordering"),
    "order_button": _lt("Wording of the order button"),
    "confirmation_mail": _lt("Confirmation by e-mail"),
    "instructions": _lt("Withdrawal instructions"),
    "model_form": _lt("Model withdrawal form"),
    "function": _lt("Withdrawal function on the website"),
    "texts": _lt("Whether the texts are right"),
}
# What is to say where a point is found, but for those that are simply there.
FOUND = {
    "order_button": _lt(
        "The switch is on. Express checkout and PayPal have buttons of their own,"
        " whose words Odoo cannot choose."
    ),
    "confirmation_mail": _lt(
        "Odoo has a template for it. Place a test order: the confirmation should arrive"
        " at once, with all details and the withdrawal instructions."
    ),
    "delivery_time": _lt(
        "Found. Odoo's template promises 2-3 business days on the page of each product"
        " until you change it: is that true?"
    ),
    "function": _lt(
        "A link leads to it. Try it yourself without logging in: it takes two steps,"
        " and an e-mail confirms what was sent, with date and time."
    ),
    "payment_methods": _lt("Named. Compare with what your checkout offers."),
}
FOUND_HERE = _lt("Found.")
# What only a person can tell.
FOR_PEOPLE = {
    "order_page": _lt(
        "A program would have to place an order. Check the payment page yourself: it"
        " should show all products, prices, shipping and extra costs, and no box should"
        " be ticked in advance."
    ),
    "texts": _lt(
        "A program can find words but not judge what they mean. Have a lawyer or the"
        " legal service of Trusted Shops review the imprint, privacy notice, terms and"
        " withdrawal instructions, and check that every newsletter has an unsubscribe"
        " link."
    ),
}
UNSEEN = {
    rules.LANGUAGE: _lt(
        "The words that shops use in this language are not known here: check this"
        " yourself."
    ),
    rules.LOGIN: _lt("Visitors have to log in before they see the page."),
    rules.OTHER_WEBSITE: _lt(
        "This address shows another website: give this one its own domain."
    ),
    rules.DOWN: _lt("The page did not load: check the website yourself."),
    rules.ELSEWHERE: _lt(
        "The page is at another address, which a browser cannot check for you: open it"
        " yourself."
    ),
    rules.NO_HTML: _lt(
        "Only web pages are read, and this is another file, such as a PDF: check it"
        " yourself."
    ),
    rules.NO_PRODUCT: _lt("No product is published, so there is none to check."),
    rules.TOO_LONG: _lt(
        "The page is so long that only its beginning was read: check it yourself."
    ),
}
MISSING = {
    rules.NO_PAGE: _lt("No link leads visitors to such a page."),
    rules.LACKS: _lt("The page does not name any."),
    rules.BROKEN: _lt("A link leads to the page, but visitors get no answer."),
    rules.PLAIN: _lt("The page is not encrypted."),
    rules.DOMAIN: _lt("The domain of the website begins with http:, not https:."),
}
# What is off in Odoo.
OFF = {
    "order_button": _lt("The button says “Pay now”, or what a theme changed it to."),
    "confirmation_mail": _lt("No template for the confirmation is set."),
    "payment_methods": _lt("No payment provider is published."),
}
# What a page may lack.
PARTS = {
    "name": _lt("the company's name as in Odoo"),
    "address": _lt("the address with its postcode"),
    "email": _lt("an e-mail address"),
    "phone": _lt("a telephone number"),
    "trusted_shops": _lt("“Trusted Shops” as a recipient of data"),
    "costs": _lt("an amount, or that shipping is free"),
    "area": _lt("the countries that you deliver to"),
    "tax": _lt("“incl. VAT”"),
    "plus_shipping": _lt("“plus shipping”, with a link to the costs"),
    "delivery_time": _lt("a delivery time"),
    "withdrawal": _lt("the right of withdrawal"),
    "period": _lt("the period of withdrawal in days"),
    "model_form": _lt("the model withdrawal form"),
    "gaps": _lt("what the gaps of the template ask for (✎)"),
}
WHAT_TO_DO = {
    "identity": _lt(
        "The page should name the company with its legal form, register and VAT number."
    ),
    "privacy": _lt("Say which data Trusted Shops gets, and why."),
    "tls": _lt(
        "Have the web server in front of Odoo answer over HTTPS only, and begin the"
        " domain of the website with https://."
    ),
    "price_notes": _lt(
        "Switch on “Tax Indication” in the editor of a product page, and write “plus"
        " shipping” with a link below prices, or add a note for all prices to the"
        " footer."
    ),
    "shipping": _lt("Name the costs for each country that you deliver to."),
    "delivery_time": _lt(
        "Write it below the terms on a product page, or in the descriptions of your"
        " products."
    ),
    "payment_methods": _lt(
        "Drag the block “Supported Payment Methods” into the footer, or name them on"
        " the page about shipping."
    ),
    "order_button": _lt(
        "Switch on the wording of the order button in the settings. Where it is not"
        " translated into a language of the website, translate the view “Words of the"
        " Order Button”."
    ),
    "confirmation_mail": _lt("Choose a template in the settings of the shop."),
    "instructions": _lt("Use the model text of the law."),
    "model_form": _lt("Add the model form of the law to the instructions."),
    "function": _lt(
        "Since 19 June 2026 every page needs a link “Withdraw from contract here”, also"
        " for guests. Odoo 19 has no such function: install an app for it."
    ),
}
IN_FOOTER = _lt("Publish the page and link it in the footer of all pages.")
# The page from a template that helps with a point, see `pages.py`.
TEMPLATES = {
    "identity": "identity",
    "privacy": "privacy",
    "shipping": "shipping",
    "payment_methods": "shipping",
    "instructions": "withdrawal",
    "model_form": "withdrawal",
}
_ACTION = "/odoo/action-{}".format
EDITOR = _ACTION("website.website_preview")
# Places in Odoo, by point; else it is the editor.
_SETTINGS = (_lt("Settings"), _ACTION("website.action_website_configuration"))
PLACES = {
    "tls": (_lt("Websites"), _ACTION("website.action_website_list")),
    "shipping": (
        _lt("Delivery methods"),
        _ACTION("delivery.action_delivery_carrier_form"),
    ),
    "payment_methods": (
        _lt("Payment providers"),
        _ACTION("payment.action_payment_provider"),
    ),
    "order_button": _SETTINGS,
    "confirmation_mail": _SETTINGS,
    "function": (_lt("Apps"), "/odoo/apps"),
}
# Points that no page of the website is edited for.
WITHOUT_EDITOR = ("tls", "order_button", "confirmation_mail")


class TrustedShopsReadiness(models.Model):
    """The words for what was found, and where in Odoo to do what is missing."""

    _inherit = "trustedshops.readiness"

    def _prepare_points(self):
        """Return what is to say about each point, in the user's language.

        :return: ``point``, ``state`` (``found``, ``missing``, ``unseen``), ``title``,
            ``text``, ``todo`` (may be empty), ``links`` (``text`` and ``url`` of each,
            ``is_place``: in Odoo) and ``template`` (of a page to make, or empty)
        :rtype: list[dict]
        """
        return [
            {
                "point": finding.point,
                "state": finding.state,
                "title": self.env._(TITLES[finding.point]),
                "text": self._explain_finding(finding),
                **self._prepare_todo(finding),
            }
            for finding in self._get_findings()
            if finding.point in TITLES
        ]

    # === WHAT WAS SEEN === #

    def _explain_finding(self, finding):
        """Return what was seen, in a sentence."""
        if finding.state == rules.FOUND:
            return self.env._(FOUND.get(finding.point, FOUND_HERE))
        if finding.cause == rules.PERSON:
            return self.env._(FOR_PEOPLE[finding.point])
        if finding.state == rules.UNSEEN:
            return self.env._(UNSEEN[finding.cause])
        if finding.cause == rules.OFF:
            return self.env._(OFF[finding.point])
        return self._explain_missing(finding)

    def _explain_missing(self, finding):
        """Return what is missing; parts and answers are in ``lacks``."""
        if not finding.lacks:
            return self.env._(MISSING[finding.cause])
        first = finding.lacks[0]
        if finding.point == "order_button":
            return self.env._(
                "The button says “%s”, which is none of the known wordings for this"
                " language.",
                first,
            )
        if finding.cause == rules.BROKEN and first == rules.LOGIN:
            return self.env._("A link leads to the page, but visitors have to log in.")
        if finding.cause == rules.BROKEN:
            return self.env._(
                "A link leads to the page, but visitors get an error: status %s.", first
            )
        parts = ", ".join(self.env._(PARTS[each]) for each in finding.lacks)
        return self.env._("Missing on the page: %s.", parts)

    # === WHAT TO DO === #

    def _prepare_todo(self, finding):
        """Return what to do about a point, with links to the very places."""
        links = [
            {"text": urlsplit(url).path or url, "url": url, "is_place": False}
            for url in finding.urls
        ]
        if finding.state != rules.MISSING:
            return {"todo": "", "links": links, "template": ""}
        kind = TEMPLATES.get(finding.point)
        page_sudo = kind and self._find_own_page(self.website_id, kind)
        places = self._list_places(finding)
        if page_sudo:
            places.append(self._name_own_page(page_sudo))
        links += [{"text": text, "url": url, "is_place": True} for text, url in places]
        is_new = kind and not page_sudo and finding.cause == rules.NO_PAGE
        return {
            "todo": self._explain_todo(finding),
            "links": links,
            "template": kind if is_new else "",
        }

    def _explain_todo(self, finding):
        todo = self.env._(WHAT_TO_DO[finding.point])
        if finding.point in TEMPLATES and finding.cause == rules.NO_PAGE:
            todo = f"{todo} {self.env._(IN_FOOTER)}"
        return todo

    def _list_places(self, finding):
        """Return names and addresses of the places in Odoo that a point is about."""
        places = []
        if finding.point in PLACES:
            name, url = PLACES[finding.point]
            places.append((self.env._(name), url))
        if finding.point in WITHOUT_EDITOR:
            return places
        if finding.cause == rules.LACKS and finding.urls:
            path = urlsplit(finding.urls[0]).path
            return [*places, (self.env._("Edit this page"), _get_editor_url(path))]
        return [*places, (self.env._("Edit the start page"), _get_editor_url("/"))]

    def _name_own_page(self, page_sudo):
        """Return name and address of a page that was made from a template."""
        text = self.env._("“%s”: link it in the footer", page_sudo.name)
        if not page_sudo.is_published:
            text = self.env._("“%s”: fill the gaps and publish it", page_sudo.name)
        return text, _get_editor_url(page_sudo.url)


def _get_editor_url(path):
    """Return where a page of the website is edited."""
    return f"{EDITOR}?{urlencode({'path': path, 'enable_editor': 1})}"
