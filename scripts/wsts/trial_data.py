# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a database needs to show everything without a contract; run in `odoo shell`.

It may run again. docs/TRY.md says the same for hands.
"""

import os

from odoo import api

from wsts import set_up
from wsts.odoo import Control
from wsts.shop import AT_ONCE

# Of the sandbox: docs/TRY.md names them, too.
TS_ID = "X5A4DB0C5000000000000000000000001"
LOGIN = {"client_id": "sandbox-client", "client_secret": "sandbox-client-secret"}
shop_url, sandbox_url = os.environ["WSTS_SHOP_URL"], os.environ["WSTS_SANDBOX_URL"]
env = globals()["env"]  # given by the shell


def install():
    """Make a new database a German shop with one product; return its environment.

    Its company becomes German afterwards: before, Odoo would want the package
    phonenumbers for its electronic invoices.
    """
    modules = env["ir.module.module"]
    if modules._get("website").state == "installed":
        raise SystemExit("Refused: the database is another shop's. Name a new one.")
    modules.update_list()
    # The addon brings the others along.
    wanted = ("website_sale_trustedshops_reviews", "l10n_de")
    modules.search([("name", "in", wanted)]).button_immediate_install()
    shop = api.Environment(env.cr, env.uid, env.context)
    company = shop.ref("base.main_company")
    company.country_id = shop.ref("base.de")
    shop["account.chart.template"].try_loading("de_skr03", company)
    german, website = shop.ref("base.lang_de"), shop["website"].search([], limit=1)
    languages = {"lang_ids": [(6, 0, german.ids)], "website_ids": [(6, 0, website.ids)]}
    shop["base.language.install"].create(languages).lang_install()
    product = {"name": "Desk", "list_price": 450.0, "type": "consu"}
    shop["product.template"].create({**product, "is_published": True})
    fee = shop.ref("website_sale_trustedshops.product_protection_fee").product_tmpl_id
    fee.taxes_id += company.account_sale_tax_id
    return shop


parameters = env["ir.config_parameter"]
if not parameters.get_param("website_sale_trustedshops.sandbox_url"):
    env = install()
website = env["website"].search([], order="id", limit=1)
website.domain = shop_url
set_up.allow_sandbox(env, sandbox_url, shop_url)
set_up.enable_provider(env, website.company_id, "custom", "enabled")
sandbox = Control(sandbox_url)
sandbox.post("settings", AT_ONCE)
[seed] = [each for each in sandbox.get("certificates") if each["ts_id"] == TS_ID]
every_language = env["res.lang"]
set_up.set_up_certificate(env, website, every_language, seed)
channel = set_up.set_up_reviews(env, website, LOGIN)
channel.trigger = "placed"
env.cr.commit()
