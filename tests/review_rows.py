# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company with rows in each list of the reviews, for tests that look at the screens.

Nobody sees them but its own administrator.
"""

LOGIN = "screens@shop.example"
CHANNEL_REF = "chl-screens"
# Long addresses, of 64 and of 50 characters, by list.
ADDRESSES = {
    "consent": "maximiliane.mustermann-beispielhausen@kundenpost-suedost.example",
    "invitation": "maximiliane.mustermann-beispiel@kundenpost.example",
}
# Rows of each model that is listed.
COUNTS = {"consent": 5, "suppression": 3, "invitation": 8, "review": 4, "rating": 3}

ADD_ROWS = f"""
from datetime import timedelta
from odoo import fields

now = fields.Datetime.now()
company = env["res.company"].create({{"name": "Screens GmbH"}})
env = env(context={{**env.context, "allowed_company_ids": company.ids}})
website = env["website"].create({{
    "name": "Screens", "company_id": company.id, "domain": "https://screens.example",
}})
env["res.users"].create({{
    "name": "Screens",
    "login": {LOGIN!r},
    "password": {LOGIN!r},
    # Its chat would cover the screen of a phone.
    "odoobot_state": "disabled",
    "company_id": company.id,
    "company_ids": company.ids,
    "group_ids": (env.ref("base.group_user") + env.ref("base.group_system")).ids,
}})
account = env["trustedshops.account"].create({{
    "company_id": company.id, "state": "connected", "connected_at": now,
}})
channel = env["trustedshops.channel"].create({{
    "name": "Screens",
    "channel_ref": {CHANNEL_REF!r},
    "url": "https://screens.example",
    "locale": "en_US",
    "account_id": account.id,
    "website_id": website.id,
    "inviter": "odoo",
    "consent_mode": "checkbox",
    "delay_days": 3,
    "settings_state": "known",
    "own_invites": "on",
    "checkout_invites": "on",
    "their_delay_days": 7,
}})
common = {{
    "channel_id": channel.id,
    "company_id": company.id,
    "lang_id": website.default_lang_id.id,
}}
orders = env["sale.order"].create([
    {{
        "partner_id": company.partner_id.id,
        "company_id": company.id,
        "website_id": website.id,
        "name": f"SCREEN{{number}}",
    }}
    for number in range({COUNTS["invitation"]})
])

words = channel.text_ids[0].text + "\\n\\n" + channel.text_ids[0].details
kinds = ("given", "withdrawn", "given", "withdrawn", "given")
modes = ("import", False, "checkbox", False, "double_opt_in")
env["trustedshops.consent"].create([
    {{
        **common,
        "email": {ADDRESSES["consent"]!r},
        "kind": kind,
        "mode": mode,
        "moment": now - timedelta(hours=number),
        "text": words if kind == "given" else False,
        "order_id": order.id,
    }}
    for number, (kind, mode, order) in enumerate(zip(kinds, modes, orders))
])
stops = env["trustedshops.suppression"]
for reason in ("link", "staff", "erasure"):
    digest = stops._get_digest(f"{{reason}}@kunde.example")
    stops._suppress_hash(digest, company, reason)

states = (
    ("waiting", "too_early"),
    ("due", False),
    ("accepted", False),
    ("failed", False),
    ("unknown", False),
    ("suppressed", "no_consent"),
    ("cancelled", "cancelled"),
    ("suppressed", "recent"),
)
env["trustedshops.invitation"].create([
    {{
        **common,
        "email": {ADDRESSES["invitation"]!r},
        "order_id": order.id,
        "order_reference": order.name,
        "ordered_at": now - timedelta(days=9),
        "consent_at": now - timedelta(days=9),
        "state": state,
        "reason": reason,
        "due_at": now - timedelta(days=1),
        "ended_at": state not in ("waiting", "due") and now,
        "next_attempt_at": state in ("waiting", "due") and now + timedelta(days=9),
    }}
    for order, (state, reason) in zip(orders, states)
])

products = env["product.template"].search(
    [("website_published", "=", True)], limit={COUNTS["rating"]}
)
env["trustedshops.review"].create([
    {{
        "channel_id": channel.id,
        "review_ref": f"rev-screen-{{number}}",
        "stars": stars,
        "title": title,
        "comment": "Two days to the door, a call before, and well packed. " * 9,
        "state": "approved",
        "subject": "product" if number else "shop",
        "product_tmpl_id": number and products[0].id,
        "submitted_at": now - timedelta(days=number),
        "order_id": order.id,
        "order_reference": order.name,
    }}
    for number, (stars, title, order) in enumerate(zip(
        (5, 2, 4, 1), ("Fast", "Nobody told me", "Good", "Never again"), orders
    ))
])
env["trustedshops.product.rating"].create([
    {{
        "product_tmpl_id": product.id,
        "channel_id": channel.id,
        "rating": 4.2,
        "count": 11,
        "read_at": now,
        "next_attempt_at": now + timedelta(days=9),
    }}
    for product in products
])
env.cr.commit()
"""
REMOVE_ROWS = f"""
channel = env["trustedshops.channel"].search([("channel_ref", "=", {CHANNEL_REF!r})])
of_channel = [("channel_id", "=", channel.id)]
for name in ("invitation", "consent", "review", "product.rating"):
    env[f"trustedshops.{{name}}"].search(of_channel).unlink()
channel.active = False
env.cr.commit()
"""
