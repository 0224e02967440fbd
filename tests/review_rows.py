# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows of every list of the reviews, for those who look at the screens."""

# The longest address that a list has to show whole, of 48 characters.
ADDRESS = "maximiliane.mustermann-beispiel@kundenpost.example"

# Ends with the names of the lists' actions, and how many rows each must have.
ADD_ROWS = """
from datetime import timedelta
from odoo import fields

channel = env["trustedshops.channel"].browse({channel})
company, website = channel.company_id, channel.website_id
now = fields.Datetime.now()
orders = env["sale.order"].create([
    {{
        "partner_id": env.ref("base.res_partner_2").id,
        "company_id": company.id,
        "website_id": website.id,
        "user_id": False,
        "name": f"SCREEN{{number}}",
    }}
    for number in range(8)
])
text = channel.text_ids[:1]
words = (text.text or "Yes.") + "\\n\\n" + (text.details or "More.")
common = {{
    "channel_id": channel.id,
    "company_id": company.id,
    "lang_id": website.default_lang_id.id,
}}
kinds = ("given", "given", "requested", "withdrawn", "given")
modes = ("checkbox", "double_opt_in", "double_opt_in", False, "import")
env["trustedshops.consent"].create([
    {{
        **common,
        "kind": kind,
        "mode": mode,
        "email": {email!r},
        "moment": now - timedelta(hours=3 * number + 2),
        "text": words if kind != "withdrawn" else False,
        "privacy_url": text.privacy_url,
        "order_id": order.id,
        "source": "staff" if kind == "withdrawn" else False,
    }}
    for number, (kind, mode, order) in enumerate(zip(kinds, modes, orders))
])
suppressions = env["trustedshops.suppression"]
for reason in ("link", "staff", "erasure"):
    suppressions._suppress_hash(
        suppressions._prepare_hash(f"{{reason}}@kunde.example"), company, reason
    )
states = (
    ("waiting", "not_delivered"),
    ("due", False),
    ("accepted", False),
    ("failed", False),
    ("unknown", False),
    ("suppressed", "card"),
    ("cancelled", "order_cancelled"),
    ("suppressed", "recent"),
)
over = ("accepted", "failed", "unknown", "suppressed", "cancelled")
env["trustedshops.invitation"].create([
    {{
        **common,
        "order_id": order.id,
        "order_reference": order.name,
        "ordered_at": now - timedelta(days=9),
        "consent_at": now - timedelta(days=9),
        "email": {email!r},
        "state": state,
        "reason": reason,
        "triggered_at": now - timedelta(days=3),
        "due_at": now - timedelta(days=1),
        "sent_at": state == "accepted" and now,
        "answered_at": state == "accepted" and now,
        "ended_at": state in over and now,
        "last_error": state == "failed" and "Trusted Shops refused it",
        "next_attempt_at": state not in over and now + timedelta(days=1),
    }}
    for order, (state, reason) in zip(orders, states)
])
products = env["product.template"].search([("website_published", "=", True)], limit=4)
comment = "Two days from order to door, a call before, and well packed. " * 5
env["trustedshops.review"].create([
    {{
        "channel_id": channel.id,
        "review_ref": f"rev-row-{{number}}",
        "stars": stars,
        "title": "Fast and friendly" if stars > 2 else "Nobody told me anything",
        "comment": comment if stars != 4 else False,
        "state": state,
        "subject": "product" if stars > 3 else "shop",
        "product_tmpl_id": stars > 3 and products[:1].id,
        "product_name": stars > 3 and products[:1].name,
        "is_verified": True,
        "submitted_at": now - timedelta(days=4 * number),
        "order_id": orders[number].id,
        "order_reference": orders[number].name,
    }}
    for number, (stars, state) in enumerate(
        ((5, "approved"), (2, "approved"), (4, "approved"), (1, "moderation"))
    )
])
for number, product in enumerate(products):
    rating = env["trustedshops.product.rating"].search([
        ("product_tmpl_id", "=", product.id), ("channel_id", "=", channel.id),
    ])
    values = {{"rating": 4.2, "count": 11 + number, "read_at": now}}
    if rating:
        rating.write(values)
    else:
        rating.create({{
            "product_tmpl_id": product.id, "channel_id": channel.id, **values,
        }})
env.cr.commit()
"""
