# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The buttons, activities and notes for staff, and the mails to the buyer.

A button never calls Trusted Shops. It changes the record and triggers the queue, so
that the user does not wait and nothing is applied for twice.

An answer of Trusted Shops is stored alone, with a mark that it must be reported.
Another transaction reports it and clears the mark. So it is reported once, even if the
process dies in between.
"""

from datetime import timedelta

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...client_action import show
from ...lib.address import normalize_address
from ...lib.codes import DUPLICATE_CODES
from ...lib.values import LARGEST_NUMBER
from ..queue.service import get_ahead_domain
from .protection import (
    ENDED_STATES,
    FEE_GIVEN_BACK,
    NOT_CONCLUDED_STATES,
    STANDING_FIELDS,
)

MANAGERS = "sales_team.group_sale_manager,base.group_system"
SELLERS = "sales_team.group_sale_salesman,base.group_system"
# The groups of each button: users need one of them. Salespeople can press it only for
# orders that they see.
BUTTONS = {
    "apply_now": MANAGERS,
    "enter_number": MANAGERS,
    "not_found": MANAGERS,
    "release": MANAGERS,
    "refund_fee": "account.group_account_invoice,sales_team.group_sale_manager",
    "resend_mail": SELLERS,
}
# The causes of activities about a protection (``trustedshops_cause``): "protection" is
# about the application, "mail_lost" about the buyer's mail, "late_number" about another
# application or one that was given up, "ended" and "called_off" about the fee of an
# order that was cancelled or is not paid, "fee_invoiced" and "final_invoice" about the
# fee in the books, "refund" about its money. Pressing a button settles these:
SETTLED_BY_BUTTON = ("protection", "ended", "fee_invoiced", "called_off")
# How long a mail waits whose template failed.
PAUSE = timedelta(hours=1)
# The mail that tells the buyer of a state.
KINDS = {"confirmed": "confirmed", "rejected": "failed", "failed": "failed"}


class TrustedShopsProtection(models.Model):
    """Buttons, activities and mails of a protection.

    Each decision is mailed to the buyer once. One transaction creates the mail in the
    queue of core and stores that it was written. Staff are informed first, because a
    template may fail, and because the buyer reads of a refusal only when it is final.
    """

    _name = "trustedshops.protection"
    _inherit = ["trustedshops.protection", "trustedshops.owed.mail"]

    # Keys of BUTTONS, separated by commas.
    possible_buttons = fields.Char(
        compute="_compute_possible_buttons", export_string_translation=False
    )

    _notice_idx = models.Index("(id) WHERE notice_due IS TRUE")
    _mail_idx = models.Index("(id) WHERE mail_due IS TRUE")
    _mail_tries_idx = models.Index("(id) WHERE mail_tries > 0")

    # === BUTTONS === #
    @api.depends(*STANDING_FIELDS, "placed_at", "attempt_count", "refund_ids")
    @api.depends_context("uid")
    def _compute_possible_buttons(self):
        for protection in self:
            possible = protection.sudo()._get_possible_buttons()
            protection.possible_buttons = ",".join(
                name for name in BUTTONS if name in possible and self._can_press(name)
            )

    @api.model
    def _can_press(self, button):
        """Return True if the user is in one of the groups of the button.

        :param str button: key of ``BUTTONS``
        """
        return self.env.user.has_groups(BUTTONS[button])

    def _get_possible_buttons(self):
        """Return the keys of ``BUTTONS`` that make sense now, for users of any group.

        :rtype: set of str
        """
        state, number = self.state, self.application_number
        is_charged = self.fee_state not in FEE_GIVEN_BACK and not self.refund_ids
        is_sendable = is_charged and self._can_still_be_sent()
        is_open = state in ("queued", "on_hold", "rejected")
        is_known = self.last_code in DUPLICATE_CODES
        is_decided = state == "confirmed" or self._is_over()
        possible = {
            # With a number, Trusted Shops would only answer that it knows the order.
            "apply_now": is_sendable and is_open and not number,
            "enter_number": self._can_enter_number(),
            "not_found": self._is_lookup_due(),
            "release": is_sendable and state == "on_hold" and not is_known,
            "refund_fee": self._can_refund_fee(),
            "resend_mail": is_decided,
        }
        return {name for name, is_possible in possible.items() if is_possible}

    def _can_enter_number(self):
        """Return True if a user may enter the application number now."""
        if self.state == "requested":
            is_open = not self.application_number or self.number_entered_at
            return bool(is_open) or self._is_lookup_due()
        if self.state == "rejected":
            # After a refusal, the merchant can only apply by hand.
            return bool(self.application_number) or self._is_in_doubt()
        if self.state not in ENDED_STATES:
            return self.state == "on_hold" and self.last_code in DUPLICATE_CODES
        # Even if a user did not find it the first time. An order can have only one
        # protection, and one in the cart counts as well.
        order = self.order_id
        others = order.trustedshops_protection_ids | order.trustedshops_protection_id
        others = others.filtered(lambda each: each.state != "cancelled")
        was_sent = bool(self.attempt_count) or self._is_in_doubt()
        return was_sent and not others - self

    def _lock_for_press(self, button):
        """Check that the user may press a button, and lock the record.

        :param str button: key of ``BUTTONS``
        :return: the locked record in sudo, because no user has rights to write it
        :raise AccessError: without the rights
        :raise UserError: when it makes no sense now, or the queue is at work on the
            record
        """
        self._check_press(button)
        return self._trustedshops_lock()

    def _check_press(self, button):
        """Check that the user may press a button, and that it makes sense now.

        :param str button: key of ``BUTTONS``
        :raise AccessError: without the rights
        :raise UserError: when it makes no sense now, or a call is under way
        """
        self.ensure_one()
        self.check_access("read")
        if not self._can_press(button):
            raise AccessError(
                self.env._(
                    "You have no rights for this button. Ask a sales manager or an"
                    " accountant."
                )
            )
        if self.sudo().state == "sending":
            self._trustedshops_refuse_as_busy()
        if button not in self.sudo()._get_possible_buttons():
            states = dict(self._fields["state"].get_description(self.env)["selection"])
            raise UserError(
                self.env._(
                    "This is not possible now: Buyer Protection of order %(order)s is"
                    " “%(state)s”.",
                    order=self._get_order_name(),
                    state=states[self.state],
                )
            )

    def _post_done(self, text, warning=""):
        """Post what a button did, and mark the activities that asked for it as done.

        :param str text: what was done
        :param str warning: what else the user has to read
        :return: a notification, which stays on the screen with a warning
        :rtype: dict
        """
        text = f"{text} {warning}".strip()
        self._close_todos()
        self._post_note(text)
        return show(text, **({"type": "warning", "sticky": True} if warning else {}))

    def action_apply_now(self):
        """Have the queue send the application now, with what was corrected since.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when nothing can be applied for, the sums still do not fit, or
            the certificate cannot be used until a user acts
        """
        protection_sudo = self._lock_for_press("apply_now")
        warning = protection_sudo._update_corrections()
        if reason := protection_sudo._get_obstacle():
            raise UserError(protection_sudo._format_reason(reason))
        certificate_sudo = protection_sudo.certificate_id
        wait = certificate_sudo._get_sending_wait()
        if not wait.until and (text := certificate_sudo._format_wait()):
            raise UserError(text)
        protection_sudo._set_due()
        return protection_sudo._post_done(
            protection_sudo._format_message("applied_now"),
            f"{warning} {certificate_sudo._format_wait(wait)}".strip(),
        )

    def _update_corrections(self):
        """Update the values to send with what was corrected on the order.

        The order's number and date stay. Change nothing once an application may have
        arrived, because the same one must be sent again. A later refusal does not prove
        that it did not arrive: the service may check other values before the number.

        :return: the sentence that the corrections are not sent, '' when they are
        :rtype: str
        """
        current = self._prepare_placed_values()
        names = ("order_amount", "customer_reference", "buyer_email", "payment_type")
        changed = {
            name: current[name]
            for name in names
            if (self[name] or "") != (current[name] or "")
        }
        if changed and self.may_have_arrived:
            return self._format_message("sent_unchanged")
        self.write(changed)
        self.flush_recordset()  # alone, as in `_set_order_number`
        return ""

    def action_enter_number(self):
        """Open the dialog in which the user enters the application number.

        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when there is a number, or nothing was applied for
        """
        self._check_press("enter_number")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter the application number"),
            "res_model": "trustedshops.number.entry",
            "view_mode": "form",
            "target": "new",
            "context": {"default_protection_id": self.id},
        }

    def _set_number(self, text):
        """Store the application number, and have the queue ask for the decision.

        :param str text: number as typed
        :raise AccessError: without the rights
        :raise UserError: when it makes no sense now, it is not a number, or it is
            another order's
        """
        protection_sudo = self._lock_for_press("enter_number")
        number = protection_sudo._check_number(text)
        values = self._prepare_requested_values(number)
        if protection_sudo.requested_at:
            del values["requested_at"]
        values["number_entered_at"] = fields.Datetime.now()
        protection_sudo.write(values)
        protection_sudo._trigger_queue()
        protection_sudo._post_done(protection_sudo._format_message("number_entered"))
        protection_sudo._schedule_ended()

    def _check_number(self, text):
        """Return the application number that a user typed, in normal form.

        :param str text: number as typed
        :rtype: str
        :raise UserError: when it is not a number, or it is another order's
        """
        digits = (text or "").strip()
        is_number = digits.isascii() and digits.isdecimal()
        if not is_number or not 0 < int(digits[:20]) <= LARGEST_NUMBER:
            raise UserError(
                self.env._(
                    "An application number has digits only and is at most %(largest)s.",
                    largest=LARGEST_NUMBER,
                )
            )
        number = str(int(digits))
        other = self.search(
            [
                ("ts_id", "=", self.ts_id),
                ("environment", "=", self.environment),
                ("application_number", "=", number),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if other:
            raise UserError(
                self.env._(
                    "%(number)s is the application of order %(order)s. Look the number"
                    " up at Trusted Shops by the order number.",
                    number=number,
                    order=other._get_order_name(),
                )
            )
        return number

    def action_not_found(self):
        """Store that Trusted Shops has no application for this order.

        Nothing is owed then, and the fee is refunded as for every protection that was
        not concluded. Staff are asked to credit that of a cancelled order.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when there is nothing to look up
        """
        protection_sudo = self._lock_for_press("not_found")
        protection_sudo.write(protection_sudo._prepare_not_found_values())
        protection_sudo._trigger_queue()
        shown = protection_sudo._post_done(protection_sudo._format_message("not_found"))
        protection_sudo._schedule_credit()
        if protection_sudo.state == "rejected":
            protection_sudo._update_todo()
        return shown

    def action_release(self):
        """Release an application that is on hold, and have the queue send it.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when it is not on hold, or for a reason that no user can
            overrule
        """
        protection_sudo = self._lock_for_press("release")
        if reason := protection_sudo._get_blocking_reason():
            raise UserError(protection_sudo._format_reason(reason))
        reason = protection_sudo._format_reason() or "-"
        text = protection_sudo._format_message("released", reason=reason)
        protection_sudo.is_released = True
        protection_sudo._set_due()
        return protection_sudo._post_done(text)

    # === ACTIVITIES === #
    def _get_responsible(self):
        """Override to return the responsible user of the certificate."""
        return self.certificate_id[:1]._get_responsible()

    def _close_todos(self):
        """Mark the activities that pressing a button settles as done.

        Ask again if a user still has to look the application up at Trusted Shops.
        """
        self._get_todos_about(*SETTLED_BY_BUTTON).action_feedback()
        self.filtered(lambda each: each._is_lookup_due())._update_todo()

    def _update_todo(self):
        """Schedule, update or close the activity about the application.

        It says what the form says. The one about a protection that was refused or
        failed stays until a user marks it as done. Once it is closed, the question
        about the fee of an ended order may follow.
        """
        needing = self.sudo().filtered_domain(self._get_attention_domain())
        for protection in self:
            protection = protection._with_responsible_lang()
            is_asked = bool(protection._get_todos_about("protection"))
            is_over = protection.state in NOT_CONCLUDED_STATES
            if protection in needing or (is_over and is_asked):
                note = protection._format_explanation()
                protection._schedule_todo("protection", note)
                if protection._is_lookup_due():
                    protection._remove_todos_about("ended")
            elif is_asked:
                protection._remove_todos_about("protection")
                protection._schedule_ended()

    # === NOTES === #
    def _log_state(self):
        """Log state and reason of each protection in its chatter."""
        states = dict(self._fields["state"].get_description(self.env)["selection"])
        for protection in self:
            parts = (states[protection.state], protection._format_reason())
            protection._message_log(body=Markup("<br/>").join(filter(None, parts)))

    def _log_at_orders(self, code, **values):
        """Log a message for staff at the orders of the protections.

        A message to followers would take three times as long, and no user follows an
        order for that.

        :param str code: code of the message
        :param values: what the message names
        """
        for each in self:
            text = each._with_responsible_lang()._format_message(code, **values)
            each.order_id._message_log(body=each._mark_test(text))

    def _post_note(self, text):
        """Post a note in the chatters of the protection and of its order."""
        self.message_post(body=text)
        self.order_id.message_post(body=self._mark_test(text))

    def _log_answers(self):
        """Log the last answers in the chatter, and update what depends on them.

        Those are the activities, payments that were called off, and goods that were
        returned during the call or before it. Clear ``notice_due``.
        """
        self.notice_due = False
        self._log_state()
        applied_for = self.filtered(
            lambda each: each.state == "requested" and each.application_number
        )
        applied_for._log_at_orders("requested")
        for protection in self:
            protection._update_todo()
            protection._schedule_late_number()
            # The payment may have been called off during the call, or the goods
            # returned before it.
            protection._sync_payment()
            protection._apply_policy_if_undone()

    def _schedule_late_number(self):
        """Ask a user about an application whose number or decision came too late.

        Log it in the chatter, and clear ``late_number``. Do nothing without one.
        """
        if not self.late_number:
            return
        is_own = self.late_number == self.application_number
        code = "confirmed_late" if is_own else "late_number"
        # If an activity asks to look at Trusted Shops, it also says what to look for.
        cause = "protection" if self._is_lookup_due() else "late_number"
        number = self.late_number
        self._schedule_message(code, cause, late_number=number)
        # A later note replaces that of the activity.
        self._message_log(body=self._format_message(code, late_number=number))
        self.late_number = False

    # === MAILS TO THE BUYER === #
    def _is_mail_owed(self):
        """Override to owe a mail for the states in ``KINDS``."""
        return self.state in KINDS

    def _set_mail_due(self):
        """Mark the mail to the buyer as due if the state is one of ``KINDS``.

        It is not due if the buyer already got one; a confirmation is always due.
        """
        for protection in self:
            if protection.state == "confirmed":
                # That was a refusal.
                told = dict.fromkeys(("mailed_at", "mail_sent_at"), False)
                protection.write({**told, "mail_tries": 0})
            is_told = bool(protection.mail_sent_at or protection.mail_tries)
            protection.mail_due = protection.state in KINDS and not is_told

    @api.model
    def _get_mails_domain(self):
        """Return the domain of protections whose buyers have to be written to now."""
        waits = get_ahead_domain("next_attempt_at", fields.Datetime.now(), PAUSE)
        return Domain("mail_due", "=", True) & self._get_decided_domain() & ~waits

    @api.model
    def _get_follow_up_domain(self):
        """Override to leave out mails that are not true any more."""
        return super()._get_follow_up_domain() & self._get_decided_domain()

    @api.model
    def _get_decided_domain(self):
        """Return the domain of protections whose decision is final."""
        is_confirmed = Domain("state", "=", "confirmed")
        return is_confirmed | self._get_not_concluded_domain()

    def _write_mails(self):
        """Write the mails that are due to the buyers, unless they are switched off.

        Log each confirmation at its order, in both cases.
        """
        groups = self.grouped(lambda each: (KINDS[each.state], each.certificate_id))
        for (kind, certificate), rows in groups.items():
            if certificate[f"send_{kind}_mail"]:
                rows._mail_buyers()
            else:
                rows._reset_mail_due()
            if kind == "confirmed":
                rows._log_at_orders("confirmed")

    def _mail_buyers(self, **values):
        """Create the mails to the buyers in core's mail queue.

        All are of one kind and certificate, so that Odoo compiles the template once.
        They replace mails that were not sent yet.

        :param values: values of the mails, in place of those of the template
        :raise UserError: when the certificate has no template
        """
        kind, certificate = KINDS[self[:1].state], self.certificate_id
        self._drop_mails()
        # The chatter keeps the message when the mail is deleted after sending.
        values = {**values, "is_notification": True}
        mails_sudo = certificate._get_mail_template(kind).send_mail_batch(
            self.ids,
            email_layout_xmlid="website_sale_trustedshops.mail_layout",
            email_values=values,
        )
        if kind == "confirmed":
            files = certificate.sudo().conditions_attachment_ids
            mails_sudo.attachment_ids = [Command.link(file.id) for file in files]
        for protection, mail_sudo in zip(self, mails_sudo, strict=True):
            mail_sudo.subject = protection._mark_test(mail_sudo.subject)
        self._start_mails(mails_sudo)
        self._reset_mail_due()

    def _reset_mail_due(self):
        """Store that no mail is due any more, and close the activity about it."""
        self.write({"mail_due": False, "next_attempt_at": False})
        self._remove_todos_about("mail_lost")

    def _reschedule_mail(self):
        """Postpone a mail whose template fails or is missing, and ask a user."""
        self.next_attempt_at = fields.Datetime.now() + PAUSE
        self._schedule_message("mail_unwritten", "mail_lost")

    def _process_mails(self):
        """Override to close the activity about a mail that was sent after all."""
        result = super()._process_mails()
        self.filtered("mail_sent_at")._remove_todos_about("mail_lost")
        return result

    def _report_unsent_mail(self):
        """Override to schedule an activity about the protection."""
        self._schedule_message("mail_lost")

    def action_preview_mail(self):
        """Open the preview of the mail that the buyer gets, or would get.

        Before a decision, that is the confirmation.

        :rtype: dict
        :raise UserError: when it has no template
        """
        self.ensure_one()
        kind = KINDS.get(self.state, "confirmed")
        template = self.certificate_id._get_mail_template(kind)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mail.mail_template_preview_action"
        )
        return {
            **action,
            "name": self.env._("Preview Mail"),
            "context": {
                "default_mail_template_id": template.id,
                "default_resource_ref": f"{self._name},{self.id}",
                "default_lang": self._get_buyer_lang(),
            },
        }

    def action_resend_mail(self):
        """Open the dialog to send the buyer's mail again, with an address to correct.

        It proposes the customer's present address, because the one of the purchase may
        be wrong.

        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when nothing is decided yet
        """
        self._check_press("resend_mail")
        email = self.sudo().order_id._trustedshops_get_email()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the Mail Again"),
            "res_model": "trustedshops.mail.resend",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_protection_id": self.id,
                "default_email": email or self.buyer_email,
            },
        }

    def _resend_mail(self, text):
        """Write the buyer's mail again, to this address alone, and store the address.

        :param str text: the address as typed
        :raise AccessError: without the rights
        :raise UserError: when it is not an address, or nothing can be sent
        """
        protection_sudo = self._lock_for_press("resend_mail")
        email = normalize_address(text)
        if not email:
            raise UserError(self.env._("Enter one e-mail address."))
        protection_sudo.buyer_email = email
        protection_sudo._mail_buyers(email_to=email, recipient_ids=[])
