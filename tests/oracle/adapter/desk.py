# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff do about reviews, accounts and channels."""

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
    :return: what the person is shown
    :rtype: dict
    """
    review = find_review(case, ref, role)
    if task == "retract":
        return case._press(review, "action_retract_reply")
    action = review.action_reply() if task == "reply" else review.action_report()
    if task == "veto":
        values = {"reason": "abusive", "email": "me@shop.example", **values}
    answers = review.env[action["res_model"]].with_context(**action["context"])
    answer = answers.create({"text": text, **values})
    answer.action_show()
    answer = answer.with_context(preview_key=answer.preview_key)
    return case._press(answer, "action_send")


def read_again(case, ref, role="manager"):
    """Have a review read again, see :func:`find_review`."""
    return case._press(find_review(case, ref, role), "action_read_again")


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
