# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import Counter

from odoo import fields

from .. import const


class MailBudget:
    """Counts how many more mails may be written now; the others wait, and none is lost.

    A stranger can enter any address. Without a limit, a program could make the shop
    send mails to any number of addresses.

    :param withdrawals: any records of ``sale.withdrawal`` in sudo
    """

    def __init__(self, withdrawals):
        since = fields.Datetime.now() - const.MAIL_WINDOW
        self.by_address, self.by_network = Counter(), Counter()
        for written_at, address in (("receipt_at", "email"), ("copy_at", "copy_email")):
            mailed = withdrawals.search_fetch(
                [(written_at, ">", since)], [address, "network"]
            )
            self.by_address.update(each[address] for each in mailed)
            self.by_network.update(each.network for each in mailed)

    def take(self, address, network):
        """Return True if a mail may be written, and count it.

        :param str address: of the mail, normalized
        :param network: hash of the network that caused it, False if we trust the buyer
        :type network: str or bool
        :rtype: bool
        """
        if self.by_address[address] >= const.MAILS_PER_ADDRESS:
            return False
        if network and self.by_network[network] >= const.MAILS_PER_NETWORK:
            return False
        self.by_address[address] += 1
        self.by_network[network] += 1
        return True
