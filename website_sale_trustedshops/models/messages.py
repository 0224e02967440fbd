# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff and buyers read about what happened: one row for each thing.

Forms, lists, activities, notes, the portal and mails all ask this table, so that a
thing is said once, and every reader is told the same. Labels, helps and texts of
buttons stay with their fields and views, and the message of an error where it is
raised.
"""

from typing import NamedTuple

from odoo import api, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)
# How much a message matters, the worst first. TODO: a user has to do it once.
PROBLEM, TODO, HINT, OK = LEVELS = ("problem", "todo", "hint", "ok")


class Message(NamedTuple):
    """One thing that can be true of a record, in words for each reader.

    :param str level: one of ``LEVELS``
    :param LazyGettext staff: what is true, for staff; '' where a state says it all
    :param LazyGettext step: what staff have to do, or what comes next
    :param str action: name of the record's method that opens the place where the step
        is done, or ends it
    :param LazyGettext label: of the button for the action
    :param LazyGettext buyer: what the buyer is told; never what staff have to do
    :param LazyGettext title: of the activity about it
    """

    level: str
    staff: object = ""
    step: object = ""
    action: str = ""
    label: object = ""
    buyer: object = ""
    title: object = ""


# By code. The sections follow the rooms of ``models/``.
MESSAGES = {
    # === CALLS: what went wrong, why nothing is asked === #
    # === CERTIFICATE === #
    # === WEBSITE CHECK === #
    # === PAYMENT PAGE AND ORDER === #
    # === PROTECTION: what its codes and states mean === #
    # === THE FEE IN THE BOOKS, AND ITS MONEY === #
}


class TrustedShopsMessage(models.AbstractModel):
    """Words what happened, in the language of the context."""

    _name = "trustedshops.message"
    _description = "Trusted Shops Message"

    @api.model
    def _get_messages(self):
        """Return the messages by their codes. To be extended by other addons.

        :rtype: dict of str to :class:`Message`
        """
        return MESSAGES

    @api.model
    def _format_message(self, code, part="staff", /, **values):
        """Return a message in the language of the context.

        :param str code: key of :meth:`_get_messages`
        :param str part: field of :class:`Message`: ``staff``, ``step``, ``buyer`` ...
        :param values: what its sentence names, formatted for the reader
        :return: '' when this reader is told nothing
        :rtype: str
        """
        sentence = getattr(self._get_messages()[code], part)
        # `env._` takes no values for a lazy sentence.
        return self.env._(sentence) % values if sentence else ""
