# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Asks both sources of Trusted Shops about a certificate.

The SOAP service decides. The public list of certified shops replaces it if the service
does not know the id or does not answer, and adds the dates of validity. A source that
could not be asked never counts as an answer.
"""

from contextlib import suppress
from dataclasses import dataclass, replace

from .exceptions import MisconfiguredError, TrustedShopsError

SOURCE_SOAP = "soap"
SOURCE_FEED = "feed"

_UNKNOWN_ID = "INVALID_TS_ID"


@dataclass(frozen=True)
class CertificateAnswer:
    """The answers of both sources, and the errors of failed calls.

    :param status: answer of the SOAP service about the certificate
    :type status: CertificateStatus or None
    :param items: its fee table, None if it was not asked for
    :type items: tuple of ProtectionItem, or None
    :param bool login_checked: whether the service accepted or refused the login
    :param login_error: the refusal, because of the login or the contract
    :type login_error: MisconfiguredError or None
    :param error: error of the first failed call to the SOAP service; then its other
        answers are dropped
    :type error: TrustedShopsError or None
    :param trustmark: entry of the public list, None without one
    :type trustmark: Trustmark or None
    :param feed_error: error of the failed look-up in the list
    :type feed_error: TrustedShopsError or None
    :param rating: buyers' rating of the shop; also None if the look-up failed
    :type rating: Rating or None
    """

    status: object = None
    items: tuple | None = None
    login_checked: bool = False
    login_error: MisconfiguredError | None = None
    error: TrustedShopsError | None = None
    trustmark: object = None
    feed_error: TrustedShopsError | None = None
    rating: object = None

    @property
    def is_known_to_soap(self):
        """Return True if the SOAP service answered and knows the id.

        :rtype: bool
        """
        return bool(self.status) and self.status.state != _UNKNOWN_ID

    @property
    def is_unknown_to_soap(self):
        """Return True if the SOAP service answered that there is no such id.

        :rtype: bool
        """
        return bool(self.status) and self.status.state == _UNKNOWN_ID

    @property
    def is_unknown_to_feed(self):
        """Return True if the list answered that there is no such id.

        :rtype: bool
        """
        return self.trustmark is None and self.feed_error is None


def ask_about_certificate(
    client, feed, ts_id, *, user="", password="", wants_items=False
):
    """Ask both sources about a certificate, and the feed for the rating of its shop.

    The login is checked only if the fee table is asked for. Failed calls raise no
    error: the result contains it.

    :param TrustedShopsClient client: SOAP services
    :param FeedClient feed: public list
    :param str ts_id: Trusted Shops ID
    :param str user: web-service login, '' when there is none to check
    :param str password: its password
    :param bool wants_items: whether to ask for the fee table even if the certificate
        is not an Excellence one
    :rtype: CertificateAnswer
    """
    answer = _fetch_soap(client, ts_id, user, password, wants_items)
    try:
        answer["trustmark"] = feed.get_trustmark(ts_id)
    except TrustedShopsError as error:
        answer["feed_error"] = error
    both = CertificateAnswer(**answer)
    if both.is_known_to_soap or both.trustmark:
        with suppress(TrustedShopsError):
            return replace(both, rating=feed.get_rating(ts_id))
    return both


def _fetch_soap(client, ts_id, user, password, wants_items):
    """Return the answers of the SOAP service, or its error.

    :return: fields of a CertificateAnswer
    :rtype: dict
    """
    try:
        status = client.check_certificate(ts_id)
        if status.state == _UNKNOWN_ID or not (
            wants_items or status.type == "EXCELLENCE"
        ):
            return {"status": status}
        answer = {"status": status, "items": client.get_protection_items(ts_id)}
        if user and password:
            answer["login_checked"] = True
            try:
                client.check_login(ts_id, user, password)
            except MisconfiguredError as error:
                answer["login_error"] = error
    except TrustedShopsError as error:
        return {"error": error}
    return answer
