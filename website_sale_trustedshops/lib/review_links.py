# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Addresses by which a buyer reviews the shop, now or after a reminder.

Source: review modules of certified shops. The addresses need no login: they name the
certificate and, in base64, the buyer's e-mail address and the number of the order.
"""

from base64 import b64encode
from urllib.parse import quote

# By language: pattern of the page to rate on, and of the page with the shop's reviews.
# No page to rate on in Dutch is known.
_PAGES = {
    "de": (
        "https://www.trustedshops.com/bewertung/bewerten_{ts_id}.html",
        "https://www.trustedshops.com/bewertung/info_{ts_id}.html",
    ),
    "en": (
        "https://www.trustedshops.com/buyerrating/rate_{ts_id}.html",
        "https://www.trustedshops.com/buyerrating/info_{ts_id}.html",
    ),
    "es": (
        "https://www.trustedshops.es/evaluacion/evaluar_{ts_id}.html",
        "https://www.trustedshops.es/evaluacion/info_{ts_id}.html",
    ),
    "fr": (
        "https://www.trustedshops.com/evaluation/evaluer_{ts_id}.html",
        "https://www.trustedshops.com/evaluation/info_{ts_id}.html",
    ),
    "it": (
        "https://www.trustedshops.it/valutazione-del-negozio/rate_{ts_id}.html",
        "https://www.trustedshops.it/valutazione-del-negozio/info_{ts_id}.html",
    ),
    "nl": (
        "https://www.trustedshops.com/buyerrating/rate_{ts_id}.html",
        "https://www.trustedshops.nl/verkopersbeoordeling/info_{ts_id}.html",
    ),
    "pl": (
        "https://www.trustedshops.pl/opinia/ocen_{ts_id}.html",
        "https://www.trustedshops.pl/opinia/info_{ts_id}.html",
    ),
}
_LANGUAGE_OF_OTHERS = "en"
_LATER = "https://www.trustedshops.com/reviews/rateshoplater.php"


def make_rate_now_url(ts_id, language, email, order_reference, ordered_at=None):
    """Return the address at which a buyer reviews the shop.

    :param str ts_id: of the certificate
    :param str language: the buyer's, as ISO 639-1 code; English for unknown ones
    :param str email: the buyer's address
    :param str order_reference: number of the order as the buyer knows it
    :param ordered_at: when it was ordered, in UTC
    :type ordered_at: datetime.datetime or None
    :rtype: str
    """
    page = _get_pages(language)[0].format(ts_id=ts_id)
    # The first separator is "&", too: the page is no script and has no query.
    return f"{page}&{_join(_encode_order(email, order_reference, ordered_at))}"


def make_rate_later_url(ts_id, email, order_reference, days, ordered_at=None):
    """Return the address at which a buyer asks for a reminder to review the shop.

    :param str ts_id: of the certificate
    :param str email: the buyer's address
    :param str order_reference: number of the order as the buyer knows it
    :param int days: until the reminder
    :param ordered_at: when it was ordered, in UTC
    :type ordered_at: datetime.datetime or None
    :rtype: str
    """
    order = _encode_order(email, order_reference, ordered_at)
    return f"{_LATER}?{_join({'shop_id': ts_id, **order, 'days': str(days)})}"


def make_reviews_url(ts_id, language):
    """Return the address of the page with the reviews of the shop.

    :param str ts_id: of the certificate
    :param str language: the reader's, as ISO 639-1 code; English for unknown ones
    :rtype: str
    """
    return _get_pages(language)[1].format(ts_id=ts_id)


def _get_pages(language):
    return _PAGES.get(language) or _PAGES[_LANGUAGE_OF_OTHERS]


def _encode_order(email, order_reference, ordered_at):
    """Return the parameters that name the order, in base64."""
    texts = {"buyerEmail": email, "shopOrderID": order_reference}
    if ordered_at:
        texts["orderDate"] = ordered_at.strftime("%Y-%m-%d %H:%M:%S")
    return {
        name: b64encode(text.encode()).decode("ascii") for name, text in texts.items()
    }


def _join(parameters):
    """Return parameters as in a query; of base64 "+", "/" and "=" are encoded."""
    return "&".join(
        f"{name}={quote(value, safe='')}" for name, value in parameters.items()
    )
