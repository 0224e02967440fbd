# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re
from collections import Counter

from odoo import fields

from .. import const

# The fields that decide whether a mail is due. Fetch no others: they may be long, and
# there may be thousands of declarations.
FIELDS = (
    *("channel", "copy_at", "copy_email", "copy_tries", "email", "is_examined"),
    *("is_verified", "network", "order_id", "receipt_at", "receipt_tries"),
)


class MailBudget:
    """Limit the mails that are written in an hour to one mailbox or for one network.

    Mails over the limit wait for a later run. A stranger can enter any address: without
    a limit, a program could make the shop send mails to any number of addresses.

    Copies are counted apart: otherwise the number of receipts would tell strangers
    which orders exist. Buyers who came by the link of their order are counted apart, so
    that strangers do not delay their receipts.

    :param withdrawals: any records of ``sale.withdrawal`` in sudo
    """

    def __init__(self, withdrawals):
        since = fields.Datetime.now() - const.MAIL_WINDOW
        self.written = Counter()
        for written_at, is_copy in (("receipt_at", False), ("copy_at", True)):
            written = withdrawals.search_fetch([(written_at, ">", since)], FIELDS)
            for withdrawal in written:
                self.written.update([*_get_limits(withdrawal, is_copy)])

    def take(self, withdrawal, is_copy=False):
        """Return True if a mail may be written now, and count it then.

        :param withdrawal: record of ``sale.withdrawal`` in sudo
        :param bool is_copy: whether the mail is the copy for the order's address
        :rtype: bool
        """
        limits = _get_limits(withdrawal, is_copy)
        if any(self.written[shared] >= limit for shared, limit in limits.items()):
            return False
        self.written.update([*limits])
        return True


def _get_limits(withdrawal, is_copy):
    """Return the hourly limits that apply to a mail, by mailbox and by network.

    :rtype: dict[tuple, int]
    """
    is_own = withdrawal._is_own()
    address = withdrawal.copy_email if is_copy else withdrawal.email
    mailbox = _get_mailbox(address or "")
    limits = {(is_copy, is_own, mailbox): const.MAILS_PER_MAILBOX}
    if not is_own:
        limits[is_copy, withdrawal.network] = const.MAILS_PER_NETWORK
    return limits


def _get_mailbox(address):
    """Return the key that the addresses of one mailbox share.

    Many servers ignore what follows a plus sign, some also dots.
    """
    local, _at, domain = address.partition("@")
    return re.sub(r"(?!^)\+.*|\.", "", local), domain
