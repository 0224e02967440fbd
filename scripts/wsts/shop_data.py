# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the demonstration shop has beside Odoo's own data; run in `odoo shell`.

Two websites: one in euro with an Excellence and a Classic certificate, one in złoty of
a Polish company. Everything is set, not added, so that it may run again.
"""

import json
import os

from wsts import set_up

settings = json.loads(os.environ["WSTS_SHOP"])
env = globals()["env"]  # given by the shell

set_up.allow_sandbox(env, settings["sandbox_url"], settings["shop_url"])

german = env["res.lang"]._activate_lang("de_DE")
polish = env["res.lang"]._activate_lang("pl_PL")
zloty = env.ref("base.PLN")
zloty.active = True


def set_up_website(website, company, language, domain, name):
    """Give a website its company, languages and address."""
    website.write(
        {
            "name": name,
            "company_id": company.id,
            "domain": domain,
            "language_ids": [(6, 0, (german + polish + env.ref("base.lang_en")).ids)],
            "default_lang_id": language.id,
            "show_line_subtotals_tax_selection": "tax_included",
            "trustedshops_order_button": True,
        }
    )


def set_up_taxes(company):
    """Sell goods, delivery and the fee with the company's normal tax."""
    products = env["product.template"].search([("sale_ok", "=", True)])
    products += env.ref("delivery.product_product_delivery").product_tmpl_id
    products += env.ref(
        "website_sale_trustedshops.product_protection_fee"
    ).product_tmpl_id
    for product in products:
        if company not in product.taxes_id.company_id:
            product.taxes_id += company.account_sale_tax_id


def set_up_warehouse(company):
    """Give a company that is older than its stock a place to deliver from, and goods.

    Goods with a lot or serial number are left out: what is delivered would have to be
    named.
    """
    warehouses = env["stock.warehouse"]
    warehouse = warehouses.search([("company_id", "=", company.id)], limit=1)
    if not warehouse:
        address = {"partner_id": company.partner_id.id, "code": company.country_code}
        names = {"name": company.name, "company_id": company.id}
        warehouse = warehouses.create({**names, **address})
    quants = env["stock.quant"].with_company(company).with_context(inventory_mode=True)
    place = warehouse.lot_stock_id
    stored = [("is_storable", "=", True), ("tracking", "=", "none")]
    for product in env["product.product"].search(stored):
        if product.with_context(location=place.id).qty_available < 10:
            values = {"product_id": product.id, "location_id": place.id}
            quants.create(
                {**values, "inventory_quantity": 100}
            ).action_apply_inventory()


def set_up_pricelist(website):
    """Leave the shop one pricelist, in the currency of its company."""
    company = website.company_id
    of_website = env["product.pricelist"].search(
        [("website_id", "in", (website.id, False))]
    )
    kept = of_website.filtered(lambda pricelist: pricelist.company_id == company)[:1]
    (of_website - kept).active = False
    kept.write(
        {
            "name": company.currency_id.name,
            "currency_id": company.currency_id.id,
            "website_id": website.id,
            "active": True,
        }
    )


german_company = env["res.company"].search([("name", "=", "DE Company")])
polish_company = env["res.company"].search([("name", "=", "PL Company")])
env.user.company_ids |= german_company + polish_company
administrator = env.ref("base.user_admin")
administrator.company_ids |= german_company + polish_company
administrator.company_id = german_company
# The customer who signs in: of the companies whose shops he buys in, and in Berlin.
customer = env["res.users"].search([("login", "=", "portal")])
customer.company_ids |= german_company + polish_company
customer.company_id = german_company
customer.partner_id.write(
    {
        "street": "Hauptstraße 1",
        "zip": "10115",
        "city": "Berlin",
        "state_id": False,
        "country_id": env.ref("base.de").id,
        "parent_id": False,
        "lang": "de_DE",
    }
)
german_company.email = "shop@demo.example"
german_company.partner_id.tz = "Europe/Berlin"
polish_company.email = "sklep@demo.example"
polish_company.partner_id.tz = "Europe/Warsaw"
for each in (german_company, polish_company):
    set_up_warehouse(each)
    set_up.enable_provider(env, each, "demo", "test")
    set_up.enable_provider(env, each, "custom", "enabled")
    set_up_taxes(each)

shop, sklep = env["website"].search([], order="id", limit=2)
set_up_website(shop, german_company, german, settings["shop_url"], "Demo Shop")
set_up_website(sklep, polish_company, polish, settings["polish_url"], "Demo Sklep")
# The prices of the products are numbers: each shop shows them in its own currency.
for website in (shop, sklep):
    set_up_pricelist(website)

# Odoo numbers products in no certain order: here the shop's first page never differs.
for product in env["product.template"].search([]):
    product.website_sequence = product.id

carrier = env.ref("delivery.free_delivery_carrier")
carrier.write({"fixed_price": 4.90, "is_published": True, "company_id": False})

any_language = env["res.lang"]
set_up.set_up_certificate(env, shop, any_language, settings["excellence_de"])
set_up.set_up_certificate(env, shop, polish, settings["classic"])
set_up.set_up_certificate(env, sklep, polish, settings["excellence_pl"])
for website, login in zip((shop, sklep), settings["review_logins"], strict=False):
    set_up.set_up_reviews(env, website, login)
# Notices about the demonstration data are not what the inbox is for.
env["mail.mail"].search([("state", "=", "outgoing")]).unlink()
env.cr.commit()
