# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Makes addresses at Trusted Shops for visitors, and checks addresses of shop pages.

Review pages need no login. Their addresses name the certificate and, in base64, the
buyer's e-mail address and the order number.
Source of the addresses of scripts: loader and widget scripts of Trusted Shops, and its
own shop modules. Source of the addresses of review pages: review modules of certified
shops.
"""

import re
from base64 import b64encode
from urllib.parse import urlencode, urlsplit

# By environment of a certificate; a sandbox serves the same paths at its own address.
_LOADER_SITES = {
    "production": "https://widgets.trustedshops.com",
    "qa": "https://widgets-qa.trustedshops.com",
}
# Widgets, and the public feeds with grades.
INTEGRATION_SITES = {
    "production": "https://integrations.etrusted.com",
    "qa": "https://integrations.etrusted.site",
}
# By language: the page where buyers rate, and the page with the shop's reviews. We know
# no Dutch page where buyers rate, and use the English one.
_REVIEW_PAGES = {
    "de": ("com/bewertung/bewerten", "com/bewertung/info"),
    "en": ("com/buyerrating/rate", "com/buyerrating/info"),
    "es": ("es/evaluacion/evaluar", "es/evaluacion/info"),
    "fr": ("com/evaluation/evaluer", "com/evaluation/info"),
    "it": ("it/valutazione-del-negozio/rate", "it/valutazione-del-negozio/info"),
    "nl": ("com/buyerrating/rate", "nl/verkopersbeoordeling/info"),
    "pl": ("pl/opinia/ocen", "pl/opinia/info"),
}


def make_loader_url(ts_id, environment, sandbox_url):
    """Return the address of the script that draws the floating badge and Trustcard.

    :param str ts_id: Trusted Shops ID of the certificate
    :param str environment: environment of the certificate
    :param str sandbox_url: base address for every environment without a site
    :rtype: str
    """
    site = _LOADER_SITES.get(environment) or sandbox_url.rstrip("/")
    return f"{site}/js/{ts_id}.js"


def make_widget_script_url(environment, sandbox_url):
    """Return the address of the script that draws widgets with reviews.

    :param str environment: environment of the certificate
    :param str sandbox_url: base address for every environment without a site
    :rtype: str
    """
    site = INTEGRATION_SITES.get(environment) or sandbox_url.rstrip("/")
    return f"{site}/applications/widget.js/v2"


def make_rate_now_url(ts_id, language, email, order_reference, ordered_at=None):
    """Return the address at which a buyer reviews the shop.

    :param str ts_id: Trusted Shops ID of the certificate
    :param str language: the buyer's language, as ISO 639-1 code; English for unknown
        ones
    :param str email: the buyer's address
    :param str order_reference: number of the order as the buyer knows it
    :param ordered_at: when the buyer ordered, in UTC
    :type ordered_at: datetime.datetime or None
    :rtype: str
    """
    texts = {"buyerEmail": email, "shopOrderID": order_reference}
    if ordered_at:
        texts["orderDate"] = ordered_at.strftime("%Y-%m-%d %H:%M:%S")
    query = urlencode({k: b64encode(v.encode()).decode() for k, v in texts.items()})
    # The first separator is also "&", because the page expects no query string.
    return f"{_make_review_url(ts_id, language, 0)}&{query}"


def make_reviews_url(ts_id, language):
    """Return the address of the page with the reviews of the shop.

    :param str ts_id: Trusted Shops ID of the certificate
    :param str language: the reader's language, as ISO 639-1 code; English for unknown
        ones
    :rtype: str
    """
    return _make_review_url(ts_id, language, 1)


def normalize_page_url(text):
    """Check the address of a public page, and remove blanks around it.

    :param text: what was typed or pasted
    :type text: str or None or bool
    :return: an absolute address with ``https``; '' for an empty text
    :rtype: str
    :raise ValueError: when it is not such an address; the message is for developers
    """
    url = (text or "").strip()
    if not url:
        return ""
    # Browsers and mail programs cut longer addresses. A browser reads a backslash as a
    # slash; white space inside means it is not an address.
    if len(url) > 2000 or re.search(r"[\s\\\x00-\x1f\x7f\"<>]", url):
        raise ValueError("The address is too long or contains what no address does")
    parts = urlsplit(url)
    if parts.scheme != "https" or "." not in (parts.hostname or "").strip("."):
        raise ValueError("The address must begin with https:// and name a public host")
    if parts.username is not None or parts.port == 0:  # .port raises for nonsense
        raise ValueError("The address must name a host alone before its path")
    return url


def _make_review_url(ts_id, language, index):
    """Return the address of a page of ``_REVIEW_PAGES``: 0 to rate, 1 to read."""
    page = _REVIEW_PAGES.get(language, _REVIEW_PAGES["en"])[index]
    return f"https://www.trustedshops.{page}_{ts_id}.html"
