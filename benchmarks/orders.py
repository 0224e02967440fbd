# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an application, its state and its mail cost, of many after an outage."""

import time

BUYER = {"name": "Erika Mustermann", "email": "erika@buyer.example"}


def place(shop, count):
    """Have orders of a desk with a ticked protection waiting in the queue."""
    with shop.administrator() as env:
        domain = [("protection_model", "=", "excellence"), ("website_id", "!=", False)]
        certificate = env["trustedshops.certificate"].search(
            [*domain, ("company_id.name", "=", "DE Company")]
        )
        company = certificate.company_id
        env = env(context={"allowed_company_ids": company.ids})
        partner = env["res.partner"].create(
            {**BUYER, "country_id": env.ref("base.de").id}
        )
        desk = env.ref("product.product_product_3")
        for _number in range(count):
            order = env["sale.order"].create(
                {
                    "partner_id": partner.id,
                    "website_id": certificate.website_id.id,
                    "company_id": company.id,
                    "order_line": [(0, 0, {"product_id": desk.id})],
                }
            )
            assert order._trustedshops_add_choice(), "nothing is offered"
            order._action_confirm()
            order.state = "sale"
            assert order.trustedshops_protection_id.state == "queued"


def run_queue(shop):
    """Run the queue of applications, and return how many are not finished."""
    with shop.administrator() as env:
        protections = env["trustedshops.protection"]
        protections._run_queue()
        unfinished = ("queued", "sending", "requested")
        left = protections.search_count([("state", "in", unfinished)])
        return left + protections.search_count(protections._get_mails_domain())


def measure_drain(shop, count):
    """Tell what a row costs that waited for the end of an outage, mail included."""
    place(shop, 1)
    run_queue(shop)
    place(shop, count)
    with shop.administrator() as env:
        # The service is asked first, then all rows go.
        silent = {"silent_since": "2026-01-01", "rests_until": False}
        env["trustedshops.service"].search([("kind", "=", "soap")]).write(silent)
        before = env.cr.sql_log_count
        start = time.process_time()
        env["trustedshops.protection"]._run_queue()
        seconds = time.process_time() - start
        queries = env.cr.sql_log_count - before
    if left := run_queue(shop):
        raise RuntimeError(f"the queue left {left} rows behind")
    return (
        f"{count} rows after an outage: {1000 * seconds / count:.1f} ms of CPU and"
        f" {queries / count:.1f} queries a row, with state and mail"
    )


def make_one_of_each(shop):
    """Place an order that is protected and whose buyer is invited."""
    place(shop, 1)
    run_queue(shop)
    with shop.administrator() as env:
        order = env["sale.order"].search([], order="id desc", limit=1)
        of_website = [("website_id", "=", order.website_id.id)]
        channel = env["trustedshops.channel"].search(of_website)
        channel.trigger = "placed"
        env["trustedshops.consent"].create(
            {
                "email": BUYER["email"],
                "moment": order.date_order,
                "mode": "checkbox",
                "text": "Ja",
                "order_id": order.id,
                "channel_id": channel.id,
                "company_id": order.company_id.id,
            }
        )
        env["trustedshops.invitation"]._run_queue()
        assert order.trustedshops_protection_id.state == "confirmed"
        assert env["trustedshops.invitation"].search([]).state == "accepted"
