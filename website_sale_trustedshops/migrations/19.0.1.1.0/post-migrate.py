# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID, api
from odoo.tools import LazyTranslate

_lt = LazyTranslate("website_sale_trustedshops")

REVIEW_LINKS_ARE_GONE = _lt(
    "“Ask for a Review by E-mail” was on here and is switched off by this update: order"
    " confirmations contain no links to review the shop any more. The law asks for the"
    " buyer's consent before a review is asked for by e-mail, and this switch did not"
    " ask for it. Nothing else changed: buyers still find the links beside their order"
    " in the portal. If you added such links to mail templates of your own, take them"
    " out there."
)


def migrate(cr, version):
    """Bring a database of an older version up to date."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    tell_of_review_links(env)
    note_returned_fees(env)


def tell_of_review_links(env):
    """Note on each certificate that asked for reviews by mail that it stopped.

    The field is gone, its column not yet.
    """
    env.cr.execute("SELECT id FROM trustedshops_certificate WHERE review_links_in_mail")
    ids = [row[0] for row in env.cr.fetchall()]
    for certificate in env["trustedshops.certificate"].browse(ids):
        text = certificate._in_responsible_lang().env._(REVIEW_LINKS_ARE_GONE)
        certificate.message_post(body=text)


def note_returned_fees(env):
    """Note which fees are out of the books; what was left to people stays so."""
    env.cr.execute(
        """
        UPDATE trustedshops_protection
           SET fee_returned_at = write_date, refund_state = 'done'
         WHERE fee_state = 'waived' AND state != 'cancelled'
        """
    )
    # Its price is 0 already.
    env.cr.execute(
        """
        UPDATE sale_order_line line
           SET product_uom_qty = 0, qty_delivered = 0, qty_to_invoice = 0
          FROM sale_order o
          JOIN trustedshops_protection p ON p.id = o.trustedshops_protection_id
         WHERE line.order_id = o.id AND line.is_trustedshops_protection
           AND p.fee_state = 'waived' AND p.state != 'cancelled'
        """
    )
    env.cr.execute(
        """
        UPDATE trustedshops_protection
           SET refund_state = 'by_hand'
         WHERE state IN ('rejected', 'failed') AND fee_state IN ('due', 'invoiced')
        """
    )
    env.invalidate_all()
    refunded = env["trustedshops.protection"].search([("fee_state", "=", "refunded")])
    for protection in refunded:
        # A credit note of everything may still be followed by another invoice.
        is_final = protection.state in ("rejected", "failed")
        if is_final or protection._get_own_credit_notes():
            protection._take_fee_off_order()
            protection.fee_returned_at = protection.write_date
            protection.refund_state = "done"
