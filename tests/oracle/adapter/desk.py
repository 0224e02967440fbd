# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff do about reviews, accounts and channels."""

from odoo import fields

from odoo.addons.website_sale_trustedshops import const

# What staff reply and report, unless a story says otherwise.
WORDS = "We are sorry."


def find_review(case, ref, role):
    """Return a review as a user reads it.

    :param case: with ``roles``, users by what they are
    :param str ref: ``rev-…``
    :param str role: key of ``case.roles``
    """
    reviews = case.env["trustedshops.review"].with_user(case.roles[role])
    return case.need(reviews.search([("review_ref", "=", ref)], limit=1))


def answer_review(case, ref, task, role="manager", text=WORDS, **values):
    """Reply to a review, take the reply back or report it.

    :param case: see :func:`find_review`
    :param str ref: see :func:`find_review`
    :param str task: ``reply``, ``retract`` or ``veto``
    :param str role: key of ``case.roles``
    :param str text: of the reply or report
    :param values: of the form
    """
    review = find_review(case, ref, role)
    if task == "retract":
        review.action_retract_reply()
        return
    action = review.action_reply() if task == "reply" else review.action_report()
    if task == "veto":
        values = {"reason": "abusive", "email": "me@shop.example", **values}
    answers = review.env[action["res_model"]].with_context(**action["context"])
    answer = answers.create({"text": text, **values})
    answer.action_show()
    answer.with_context(preview_key=answer.preview_key).action_send()


def send_again(case, ref, role="manager"):
    """Have what failed sent again, see :func:`find_review`."""
    find_review(case, ref, role).action_send_again()


def drop_task(case, ref, role="manager"):
    """Have what failed forgotten, see :func:`find_review`."""
    find_review(case, ref, role).action_drop_task()


def die_in_task(case, ref):
    """Leave a review as a process does that dies while it tells Trusted Shops.

    :param case: see :func:`find_review`
    :param str ref: see :func:`find_review`
    """
    task = find_review(case, ref, "administrator").sudo()._get_open_task()
    task.write(
        {
            "state": "sending",
            "attempt_count": task.attempt_count + 1,
            "lease_until": fields.Datetime.now() + const.LEASE,
        }
    )


def release(case, channel):
    """Press the button that lets the invitations of a channel go out again."""
    channel.with_user(case.roles["administrator"]).action_release()


def connect(case, account):
    """Press the button that asks what an account has."""
    return account.with_user(case.roles["administrator"]).action_connect()


def refresh(case, account):
    """Run the scheduled action that asks what accounts have."""
    account.sudo().last_attempt_at = False
    with case.enter_registry_test_mode():
        name = "website_sale_trustedshops_reviews.ir_cron_refresh_accounts"
        case.env.ref(name).method_direct_trigger()
