# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a database needs to show everything without a contract; run in `odoo shell`.

It may run again. docs/TRY.md says the same for hands.
"""

import json
import os
from datetime import timedelta

from odoo import api, fields

from wsts import set_up

settings = json.loads(os.environ["WSTS_TRIAL"])
env = globals()["env"]  # given by the shell
ADDON = "website_sale_trustedshops_reviews"  # brings the others along
# What a database has in which somebody works.
IN_USE = {
    "sale.order": [("state", "=", "sale")],
    "ir.mail_server": [],
    "trustedshops.certificate": [],
    "trustedshops.account": [],
}


def refuse(reason):
    """Leave without a change; the last line of the log says why."""
    env.cr.rollback()
    raise SystemExit(f"{settings['refused']}{reason}")


def check_nobody_uses_it():
    """Refuse a database that does something else than this."""
    parameters = env["ir.config_parameter"].sudo()
    if parameters.get_param("website_sale_trustedshops.sandbox_url"):
        return
    for model, domain in IN_USE.items():
        if model in env and env[model].search_count(domain, limit=1):
            refuse(
                "the database is in use, it has an order, a server for mails, a"
                " certificate or an account. Name a new one."
            )


def install():
    """Install the addons, and return an environment that knows them.

    A new company becomes German afterwards: before, Odoo would want the package
    phonenumbers for its electronic invoices.
    """
    modules = env["ir.module.module"]
    modules.update_list()
    is_new = modules._get("account").state != "installed"
    wanted = [ADDON, "l10n_de"] if is_new else [ADDON]
    missing = modules.search([("name", "in", wanted), ("state", "!=", "installed")])
    missing.button_immediate_install()
    new_env = api.Environment(env.cr, env.uid, env.context)
    if is_new:
        company = new_env.ref("base.main_company")
        company.country_id = new_env.ref("base.de")
        new_env["account.chart.template"].try_loading("de_skr03", company)
    return new_env


def speak_german():
    """Sell in German beside the languages that are there."""
    german = env.ref("base.lang_de").sudo()
    if not german.active or german not in website.language_ids:
        wizard = env["base.language.install"].create(
            {"lang_ids": [(6, 0, german.ids)], "website_ids": [(6, 0, website.ids)]}
        )
        wizard.lang_install()


def mail_to_inbox():
    """Send all mails to the sandbox."""
    servers = env["ir.mail_server"]
    values = {
        "name": "Trusted Shops sandbox",
        "smtp_host": "127.0.0.1",
        "smtp_port": settings["smtp_port"],
    }
    server = servers.search([])
    server.write(values) if server else servers.create(values)
    if env["ir.actions.report"].get_wkhtmltopdf_state() == "install":
        set_up.mail_without_pdf(env)


def offer_product():
    """Sell a product if there is none, and tax the fee as the others are."""
    products = env["product.template"]
    if not products.search_count([("is_published", "=", True), ("list_price", ">", 0)]):
        products.create(
            {"name": "Desk", "list_price": 450.0, "is_published": True, "type": "consu"}
        )
    fee = env.ref("website_sale_trustedshops.product_protection_fee").product_tmpl_id
    if website.company_id not in fee.taxes_id.company_id:
        fee.taxes_id += website.company_id.account_sale_tax_id


def leave_hourly_jobs():
    """Let nothing be read before there is something: it is read again an hour later."""
    hourly = env["ir.cron"].search(
        [("model_id.model", "=like", "trustedshops.%"), ("interval_type", "=", "hours")]
    )
    hourly.nextcall = fields.Datetime.now() + timedelta(hours=1)


check_nobody_uses_it()
env = install()
website = env["website"].search([], order="id", limit=1)
if website.company_id.currency_id.name != "EUR":
    refuse("its company sells in another currency, and the sandbox's fees are in euro.")
website.domain = settings["shop_url"]
set_up.allow_sandbox(env, settings["sandbox_url"], settings["shop_url"])
speak_german()
mail_to_inbox()
set_up.enable_provider(env, website.company_id, "custom", "enabled")
offer_product()
every_language = env["res.lang"]
set_up.set_up_certificate(env, website, every_language, settings["certificate"])
channel = set_up.set_up_reviews(env, website, settings["login"])
channel.trigger = "placed"
leave_hourly_jobs()
env.cr.commit()
