# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Store declarations of buyers, find their orders, send receipts and erase them."""

import logging
import re
import threading
import unicodedata
from collections import defaultdict
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from uuid import uuid4

import psycopg2
import pytz

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.orm.models import NO_ACCESS
from odoo.tools import format_date, get_lang

from .. import const
from ..address import get_first_address, normalize_address
from .mail_budget import FIELDS, MailBudget
from .owed_mail import KINDS

_logger = logging.getLogger(__name__)

TOKEN = re.compile(r"[0-9a-f]{32}")
# Characters that would break a mail or the database; no buyer needs them.
CONTROL_CHARACTERS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"
)
# They change how the character before them is drawn, and hide what stands behind a dot.
VARIATION_SELECTORS = re.compile(
    r"[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# Mail programs make links of a scheme such as "https://", and of a dot before a letter
# or digit. Other characters look like a dot, and readers may copy them as one.
SCHEME = re.compile(r"(?<![a-z0-9+-])[a-z0-9+-]*:/{2,}", re.IGNORECASE)
DOTS = (
    ".\u00b7\u06d4\u0701\u0702\u2022\u2027\u2219"
    "\u22c5\u2e31\u2e33\u3002\u30fb\ua4f8\ua60e"
)
LINKING_DOT = re.compile(rf"([{DOTS}])(?=\S)")
CLEANED_DOT = re.compile(rf"([{DOTS}]) ")


@contextmanager
def _mute_failed_statements():
    """Keep what people typed out of Odoo's SQL log while the block runs.

    This affects only this thread. ``mute_logger`` affects all threads, and the first
    one that leaves its block would end it for the others.
    """
    own, logger = threading.get_ident(), logging.getLogger("odoo.sql_db")

    def is_of_others(record):
        return record.thread != own

    logger.addFilter(is_of_others)
    try:
        yield
    finally:
        logger.removeFilter(is_of_others)


class SaleWithdrawal(models.Model):
    """A buyer's declaration to withdraw from a contract, as it was sent.

    It counts from the moment when the buyer presses the button, even if all later steps
    fail; the shop need not accept it. No user can change what was declared.
    """

    _name = "sale.withdrawal"
    _description = "Withdrawal"
    _inherit = ["sale.withdrawal.owed.mail"]
    _order = "received_at desc, id desc"
    _rec_name = "buyer_name"
    _check_company_auto = True

    # Fields of the declaration itself, which no user may write.
    _withdrawal_own_fields = frozenset(
        {
            *const.DECLARED,
            *("articles", "channel", "company_id", "copy_at", "copy_email"),
            *("copy_mail_id", "copy_sent_at", "copy_tries", "is_examined"),
            *("is_verified", "keep_until", "lang", "network", "proposed_order_id"),
            *("receipt_at", "receipt_mail_id", "receipt_sent_at", "receipt_tries"),
            *("received_at", "sent_on", "token", "website_id"),
        }
    )

    buyer_name = fields.Char(string="Name", required=True, readonly=True)
    # Empty only if staff recorded a withdrawal from an order without an address.
    email = fields.Char(
        readonly=True, index=True, help="Where the buyer wants the receipt."
    )
    order_reference = fields.Char(
        string="Order Number", readonly=True, help="As the buyer typed it."
    )
    details = fields.Text(string="Details of the Contract", readonly=True)
    articles = fields.Text(
        readonly=True,
        help="Empty: all of the order, unless the details name a part.",
    )
    remark = fields.Text(readonly=True)
    received_at = fields.Datetime(
        string="Declared at",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
        help="When the buyer pressed the button, or the shop learned of it otherwise.",
    )
    channel = fields.Selection(
        [
            ("online", "Form on the website"),
            ("phone", "Telephone"),
            ("letter", "Letter"),
            ("email", "E-mail"),
            ("person", "In person"),
        ],
        string="Received via",
        required=True,
        readonly=True,
        default="online",
    )
    sent_on = fields.Date(
        string="Sent on",
        readonly=True,
        help="For letters, the day of dispatch counts.",
    )
    is_verified = fields.Boolean(
        string="From the Order's Link",
        readonly=True,
        help="The buyer was logged in, or came by a link that only this order's pages"
        " and mails contain.",
    )
    lang = fields.Char(string="Language", readonly=True)
    website_id = fields.Many2one("website", readonly=True, ondelete="set null")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    # Token of the page with the button: two presses store only one declaration.
    token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        groups=NO_ACCESS,
        export_string_translation=False,
    )
    # Hash, for the limit of mails; erased after a day, if none waits any more.
    network = fields.Char(
        readonly=True, groups=NO_ACCESS, export_string_translation=False
    )
    # Whether the job looked for its order and scheduled the activity.
    is_examined = fields.Boolean(
        readonly=True, groups=NO_ACCESS, export_string_translation=False
    )
    copy_email = fields.Char(
        string="Copy to",
        readonly=True,
        index="btree_not_null",
        help="The address of the order, if the buyer gave another one.",
    )

    order_id = fields.Many2one(
        "sale.order",
        check_company=True,
        tracking=True,
        index="btree_not_null",
        ondelete="set null",
    )

    proposed_order_id = fields.Many2one(
        "sale.order",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="It has the typed number, but neither this name nor this address.",
    )

    _token_uniq = models.UniqueIndex("(token)")
    _mail_tries_idx = models.Index("(id) WHERE receipt_tries > 0 OR copy_tries > 0")

    @api.model
    def _has_field_access(self, field, operation):
        """Override of the framework to let only the system write a declaration."""
        if operation == "write" and not self.env.su:
            if field.name in self._withdrawal_own_fields:
                return False
        return super()._has_field_access(field, operation)

    def _create(self, data_list):
        """Override of the framework to keep refused records out of the log."""
        with _mute_failed_statements():
            return super()._create(data_list)

    def _write_multi(self, vals_list):
        """Override of the framework to keep refused values out of the log.

        The database also refuses valid ones, for example when two users write one row.
        """
        with _mute_failed_statements():
            return super()._write_multi(vals_list)

    # === THE DECLARATION === #
    @api.model
    def _clean(self, posted, is_guest):
        """Return the fields of a declaration, shortened and without links.

        Cleaning the result again does not change it. An invalid address stays as it was
        typed, however long, and is refused later; a guest's remark is dropped.

        :param dict posted: values of a form, which may be manipulated
        :param bool is_guest: see :meth:`_is_guest`
        :return: text for each field of ``DECLARED``
        :rtype: dict
        """
        cleaned = {}
        for name, length in const.DECLARED.items():
            typed = posted.get(name)
            typed = typed if isinstance(typed, str) else ""
            text = CONTROL_CHARACTERS.sub(" ", typed.replace("\r\n", "\n"))
            if name == "email":
                # Do not show it without its invisible characters: that might be the
                # address of somebody else.
                shown = text if text == typed else ""
                cleaned[name] = normalize_address(typed) or shown
                continue
            text = LINKING_DOT.sub(r"\1 ", SCHEME.sub("", _normalize_text(text)))
            lines = text.split("\n") if name in const.LONG else [text]
            lines = (" ".join(line.split()) for line in lines)
            cleaned[name] = "\n".join(filter(None, lines))[:length].strip()
        # A stranger must not write a message to others through the shop.
        return {**cleaned, "remark": "" if is_guest else cleaned["remark"]}

    @api.model
    def _is_guest(self, posted, order):
        """Return True if the receipt may go to another person than the order's buyer.

        :param dict posted: values of a form, which may be manipulated
        :param order: the order that a signed link identifies, in sudo, or none
        """
        own = order and get_first_address(order.partner_id.email)
        return not own or normalize_address(str(posted.get("email", ""))) != own

    @api.model
    def _find_mistakes(self, values):
        """Return the names of the fields that are missing or wrong.

        :param dict values: values as :meth:`_clean` returns them, with ``articles``
        :rtype: set of str
        """
        is_identified = values["order_reference"] or values["details"]
        checks = {
            "buyer_name": values["buyer_name"],
            "email": normalize_address(values["email"]),
            "order_reference": is_identified,
            "details": is_identified,
            "articles": values["articles"] is not None,
        }
        return {name for name, is_right in checks.items() if not is_right}

    @api.model
    def _create_declaration(self, token, values):
        """Store a declaration, or return the one with the same token.

        It triggers the job that sends the receipt.

        :param str token: token of the review; another text than our form sends is
            replaced by a new token
        :param dict values: values of the record, as :meth:`_clean` returns them, with
            its order, company and website
        :return: record of ``sale.withdrawal`` in sudo
        :raise ConcurrencyError: when two requests store the same token together;
            the framework repeats the second one
        """
        self = self.sudo().with_context(mail_create_nolog=True, tracking_disable=True)
        if not TOKEN.fullmatch(token):
            token = uuid4().hex
        if known := self.search([("token", "=", token)]):
            return known
        try:
            withdrawal = self.create({**values, "token": token})
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError("pressed twice") from error
        self._trigger_job()
        return withdrawal

    @api.model
    def _trigger_job(self):
        """Have the job run after the transaction; do nothing if it was deleted."""
        xmlid = "website_sale_withdrawal.ir_cron_work"
        if job := self.env.ref(xmlid, raise_if_not_found=False):
            job.sudo()._trigger()

    @api.model
    def _find_receipt(self, token):
        """Return the declaration with a token, in sudo, or none after a day."""
        since = fields.Datetime.now() - const.RECEIPT_PAGE_FOR
        is_ours = Domain(bool(TOKEN.fullmatch(token)))
        return self.sudo().search(
            is_ours & Domain("token", "=", token) & Domain("received_at", ">", since)
        )

    # === VALUES FOR PAGES AND MAILS === #
    def _get_declared(self):
        """Return the values of the declaration that pages and mails show.

        :return: fields of ``DECLARED``, ``articles``, ``sent_on`` as text, and
            ``is_whole``
        :rtype: dict
        """
        self.ensure_one()
        names = (*const.DECLARED, "articles")
        declared = {name: self[name] for name in names}
        sent_on = self.sent_on and format_date(self.env, self.sent_on)
        return {**declared, "sent_on": sent_on, "is_whole": self._is_whole()}

    def _get_timezone(self):
        """Return the name of the company's time zone, UTC by default."""
        return self.company_id.partner_id.tz or "UTC"

    def _get_press_time(self):
        """Return the time of the declaration as text, to the second, with time zone.

        :rtype: str
        """
        name = self._get_timezone()
        local = pytz.utc.localize(self.received_at).astimezone(pytz.timezone(name))
        date = format_date(self.env, local.date(), date_format="long")
        return f"{date}, {local:%H:%M:%S} ({name}, UTC{local.isoformat()[-6:]})"

    def _format_shop(self):
        """Return the names, addresses and website of the shop, one per line.

        :rtype: str
        """
        company, website = self.company_id, self.website_id
        address = company.partner_id._display_address(without_company=True)
        lines = [
            *(website.name, company.name, *address.split("\n"), company.email),
            website.domain or company.website,
        ]
        # A website may have the name of its company.
        return "\n".join(dict.fromkeys(line.strip() for line in lines if line))

    # === THE JOB === #
    @api.model
    def _cron_work(self):
        """Write receipts and copies, and find orders, each step in its own transaction.

        First remind staff of due withdrawals.
        """
        self._schedule_reminders()
        waiting = self.search_fetch(self._get_waiting_domain(), FIELDS, order="id desc")
        steps = list(waiting._list_steps())
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(steps))
        for id_, step in steps:
            withdrawal = self.browse(id_)
            try:
                # The commit flushes what the step wrote, also the words in mails.
                with _mute_failed_statements():
                    if withdrawal.try_lock_for_update(allow_referencing=True):
                        getattr(withdrawal, step)()
                    is_time_left = commit(1)
            except Exception as error:
                # Go on with the others; the next run tries this one again.
                self.env.cr.rollback()
                # The error of the database may quote the row with the buyer's words.
                info = not isinstance(error, psycopg2.Error)
                what = withdrawal, type(error).__name__
                _logger.error("%s: its turn failed (%s)", *what, exc_info=info)
                if info and step in ("_write_receipt", "_write_copy"):
                    withdrawal._report_unsent_mail("unwritten")
                is_time_left = commit(1)
            if not is_time_left:
                break

    @api.model
    def _get_waiting_domain(self):
        """Return the domain of declarations with something to do for the job.

        These are mails to write or to follow, and orders to find. Spam is left out.
        """
        is_due = self._get_receipt_due_domain() | self._get_copy_due_domain()
        is_due |= self._get_followed_domain()
        is_due |= Domain("is_examined", "=", False)
        return is_due & Domain("state", "!=", "spam")

    @api.model
    def _get_receipt_due_domain(self):
        """Return the domain of declarations whose receipt is still to be written."""
        return Domain("email", "!=", False) & Domain("receipt_at", "=", False)

    @api.model
    def _get_copy_due_domain(self):
        """Return the domain of declarations whose copy is still to be written.

        A copy goes to the order's address, but never out of a neutralized database.
        """
        parameters = self.env["ir.config_parameter"].sudo()
        if parameters.get_param("database.is_neutralized"):
            return Domain.FALSE
        return Domain("copy_email", "!=", False) & Domain("copy_at", "=", False)

    @api.model
    def _get_followed_domain(self):
        """Return the domain of declarations with a mail to follow."""
        return Domain.OR(map(self._get_follow_up_domain, KINDS))

    def _list_steps(self):
        """Yield the id of a declaration and the name of a due method, for all steps.

        Networks take turns, so that a flood of declarations from one network does not
        delay the buyers of others. Mails over the limits are left out.
        """
        budget, turns = MailBudget(self), defaultdict(count)
        receipts = self.filtered_domain(self._get_receipt_due_domain())
        copies = self.filtered_domain(self._get_copy_due_domain())
        followed = self.filtered_domain(self._get_followed_domain())
        for withdrawal in self.sorted(lambda each: next(turns[each.network])):
            if withdrawal in receipts and budget.take(withdrawal):
                yield withdrawal.id, "_write_receipt"
            if not withdrawal.is_examined:
                yield withdrawal.id, "_examine"
            if withdrawal in copies and budget.take(withdrawal, is_copy=True):
                yield withdrawal.id, "_write_copy"
            if withdrawal in followed:
                yield withdrawal.id, "_process_mails"

    def _examine(self):
        """Find the order, and give the responsible user an activity, once.

        Assign the order if the declaration names its buyer; otherwise only propose it.
        The activity about proposals belongs to the order.
        """
        if self.is_examined:
            return
        # If the order of the link was deleted, no other one replaces it.
        if self.order_id or self.is_verified:
            self._update_from_order()
        else:
            order = self._find_order()
            is_match = self._is_by_buyer_of(order)
            self["order_id" if is_match else "proposed_order_id"] = order
        # The activity tells the user, so send no mail about the assignment.
        untold = self.with_context(mail_auto_subscribe_no_notify=True)
        untold.write({"is_examined": True, "user_id": self._get_responsible().id})
        if not self.proposed_order_id:
            self._schedule_todo()

    def _examine_again(self):
        """Have the job find the orders again, and schedule the activities."""
        if self:
            self.is_examined = False
            self._trigger_job()

    def _find_order(self):
        """Return the only placed order that has the typed number, or none.

        Look for each word of the text in the company's orders, in any case. To be
        extended.
        """
        typed = self.order_reference or ""
        # ``_clean`` adds a space after the dots of a number.
        texts = (typed, CLEANED_DOT.sub(r"\1", typed))
        words = [*texts, *re.split(r"[\s,;:#()]+", "\n".join(texts))]
        names = {*words, *map(str.upper, words)} - {""}
        is_meant = Domain("name", "in", [*names, *map(str.lower, names)])
        is_meant &= Domain("company_id", "=", self.company_id.id)
        orders = self.env["sale.order"]
        is_meant &= orders._withdrawal_get_placed_domain()
        orders = orders.search(is_meant, limit=2)
        return orders if len(orders) == 1 else orders.browse()

    def _is_by_buyer_of(self, order):
        """Return True if the name or address is that of the customer of an order."""
        partner = order.partner_id
        names = [
            {*re.findall(r"\w+", (name or "").casefold())}
            for name in (self.buyer_name, partner.name)
        ]
        is_named = bool(names[0]) and names[0] == names[1]
        return is_named or get_first_address(partner.email) == self.email

    def _update_from_order(self):
        """Update state and copy after the withdrawal was assigned to another order.

        The order's own address gets a copy if the buyer gave another one. A copy for
        another address than before is written anew.
        """
        for withdrawal in self.sudo():
            address = get_first_address(withdrawal.order_id.partner_id.email)
            copy_email = address not in ("", withdrawal.email) and address
            if withdrawal.state in ("received", "assigned"):
                withdrawal.state = "assigned" if withdrawal.order_id else "received"
            if withdrawal.copy_email != copy_email:
                withdrawal._drop_mail("copy")
                not_written = dict.fromkeys(("copy_at", "copy_sent_at"), False)
                withdrawal.write({"copy_email": copy_email, **not_written})
                self._trigger_job()

    # === MAILS === #
    def _write_receipt(self):
        """Queue the mail with the receipt, unless that was done."""
        if not self.receipt_at:
            self._start_mail("receipt", self._prepare_mail(self.email))

    def _write_copy(self):
        """Queue the copy for the order's address, unless it is not due any more."""
        if self.filtered_domain(self._get_copy_due_domain()):
            values = self._prepare_mail(self.copy_email, is_copy=True)
            self._start_mail("copy", values)

    def _is_own(self):
        """Return True if the order's buyer surely declared, and gets the receipt."""
        address = get_first_address(self.order_id.partner_id.email)
        return self._is_of_buyer() and address == self.email

    def _is_of_buyer(self):
        """Return True if the buyer came by the order's link, or staff recorded it."""
        return self.is_verified or self.channel != "online"

    def _is_whole(self):
        """Return True if the withdrawal surely covers the whole order.

        It does not for guests: they cannot choose articles, and may have typed a part.
        """
        return self._is_of_buyer() and not self.articles

    def _render_receipt(self, is_copy=False):
        """Return the HTML of the mail that confirms the declaration.

        :param bool is_copy: whether it is the copy for the order's address
        :rtype: Markup
        """
        return self.env["ir.qweb"]._render(
            "website_sale_withdrawal.receipt_mail",
            {
                "withdrawal": self,
                "declared": self._prepare_mailed(is_copy),
                "is_copy": is_copy,
            },
        )

    def _with_lang_of_reader(self, is_copy=False):
        """Return the record in the buyer's language, a copy in the customer's."""
        lang = (is_copy and self.order_id.partner_id.lang) or self.lang
        # It may have been deactivated since.
        return self.with_context(lang=get_lang(self.env, lang).code)

    def _prepare_mail(self, address, is_copy=False):
        """Return the values of the mail with the receipt, or the copy.

        :param str address: address of the recipient
        :param bool is_copy: whether it is the copy for the order's address
        :rtype: dict
        """
        in_lang = self._with_lang_of_reader(is_copy)
        body, company = in_lang._render_receipt(is_copy), in_lang.company_id
        layout = "website_sale_withdrawal.mail_layout"
        return {
            "subject": in_lang._format_subject(is_copy),
            "body_html": in_lang.env["mail.render.mixin"]._render_encapsulate(
                layout, body, add_context={"company": company}, context_record=in_lang
            ),
            # The chatter shows this.
            "body": body,
            "email_to": address,
            "email_from": company.email_formatted or self.env.user.email_formatted,
            "model": self._name,
            "res_id": self.id,
            # Keep it in the chatter, as proof of what the shop confirmed.
            "is_notification": True,
            "auto_delete": True,
        }

    def _format_subject(self, is_copy=False):
        """Return the subject of a mail, with the order, or else the day.

        Strangers may type any order number, so theirs is not named.

        :rtype: str
        """
        names = {"company": self.company_id.name, "order": self.order_id.name}
        if is_copy:
            return self.env._(
                "%(company)s: withdrawal from your order %(order)s", **names
            )
        if self.order_id and self._is_of_buyer():
            return self.env._(
                "%(company)s received your withdrawal from order %(order)s", **names
            )
        date = format_date(self.env, self._get_local_date(self.received_at))
        return self.env._(
            "%(company)s received your withdrawal of %(date)s",
            company=self.company_id.name,
            date=date,
        )

    def _prepare_mailed(self, is_copy=False):
        """Return the declared values that a mail shows.

        The copy of a declaration without the order's link has only the order number:
        nothing that a stranger typed.

        :rtype: dict
        """
        declared = self._get_declared()
        if is_copy and not self.is_verified:
            # Nothing that a stranger typed, or that another buyer did.
            return dict.fromkeys(declared) | {"order_reference": self.order_id.name}
        return declared

    # === ERASURE === #
    keep_until = fields.Date(
        string="Kept until",
        compute="_compute_keep_until",
        store=True,
        index=True,
        help="The withdrawal is erased afterwards.",
    )

    @api.depends(
        "company_id.partner_id.country_id.code",
        "company_id.withdrawal_keep_years",
        *("is_verified", "order_id", "received_at", "state"),
    )
    def _compute_keep_until(self):
        today = fields.Date.today()
        for withdrawal in self:
            if withdrawal.state == "spam":
                withdrawal.keep_until = today + timedelta(const.KEEP_SPAM_DAYS)
                continue
            years = const.KEEP_YEARS_WITHOUT_ORDER
            # The order may be deleted since.
            if withdrawal.order_id or withdrawal.is_verified:
                years = withdrawal.company_id._withdrawal_get_keep_years()
            year = withdrawal._get_local_date(withdrawal.received_at).year + years
            withdrawal.keep_until = date(year, 12, 31)

    @api.autovacuum
    def _gc_withdrawals(self):
        """Delete declarations whose retention is over, and networks after a day.

        A network stays while mails wait, because their limit needs it.
        """
        self.search([("keep_until", "<", fields.Date.today())]).unlink()
        is_old = Domain("received_at", "<", fields.Datetime.now() - timedelta(days=1))
        is_old &= Domain("network", "!=", False)
        # The limit of mails needs the networks of those that wait.
        self.search(is_old & ~self._get_waiting_domain()).network = False


def _normalize_text(text):
    """Return a text without invisible characters, in the plain form of Unicode."""
    visible = (each for each in text if unicodedata.category(each) != "Cf")
    text = VARIATION_SELECTORS.sub("", "".join(visible))
    return unicodedata.normalize("NFKC", text)
