# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sets a shop up for the sandbox, as an administrator would; for `odoo shell`.

Everything is set, not added, so that it may run again.
"""

from .odoo import Control
from .steps import let_shop_invite


def allow_sandbox(env, sandbox_url, shop_url):
    """Let the shop talk to the sandbox, and visitors see what it offers."""
    parameters = env["ir.config_parameter"].sudo()
    ours = "website_sale_trustedshops"
    parameters.set_param(f"{ours}.sandbox_url", sandbox_url)
    parameters.set_param(f"{ours}.test_offers_for_everybody", "True")
    parameters.set_param("web.base.url", shop_url)
    parameters.set_param("web.base.url.freeze", "True")
    env["ir.cron"].search(
        [("model_id.model", "=", "mail.mail")]
    ).interval_type = "minutes"
    # Where wkhtmltopdf is missing, as on Debian, an order with a PDF is not mailed.
    env["mail.template"].search([]).report_template_ids = False


def enable_provider(env, company, code, state):
    """Let the shop of a company be paid by a payment provider."""
    providers = env["payment.provider"].with_context(active_test=False)
    of_code = providers.search([("code", "=", code)])
    if code == "custom":
        of_code = of_code.filtered(
            lambda provider: provider.custom_mode == "wire_transfer"
        )
    provider = of_code.filtered(lambda provider: provider.company_id == company)[:1]
    if not provider:
        provider = of_code[:1].copy({"company_id": company.id})
    provider.write({"state": state, "is_published": True})
    provider.with_context(active_test=False).payment_method_ids.active = True


def set_up_certificate(env, website, language, seed):
    """Type in a certificate of the sandbox."""
    certificates = env["trustedshops.certificate"]
    of_website = [("website_id", "=", website.id), ("lang_id", "=", language.id)]
    certificate = certificates.search(of_website)
    values = {
        "ts_id": seed["ts_id"],
        "environment": "sandbox",
        "website_id": website.id,
        "lang_id": language.id,
        "ws_user": seed.get("ws_user"),
        "ws_password": seed.get("ws_password"),
        "user_id": env.ref("base.user_admin").id,
    }
    if certificate:
        certificate.write(values)
    else:
        certificate = certificates.create(values)
    certificate.action_check_now()
    # Its first answer filled the language; here other visitors see it, too.
    certificate.lang_id = language
    return certificate


def set_up_reviews(env, website, login):
    """Connect an account of the sandbox, and have Odoo ask the buyers of a website."""
    accounts = env["trustedshops.account"]
    account = accounts.search([("company_id", "=", website.company_id.id)], limit=1)
    account = account or accounts.create(
        {
            "company_id": website.company_id.id,
            "environment": "sandbox",
            "client_id": login["client_id"],
            "client_secret": login["client_secret"],
            "user_id": env.ref("base.user_admin").id,
        }
    )
    account.action_connect()
    # One of them, in the language of the website, for all its visitors.
    code = website.default_lang_id.code
    channels = account.channel_ids.sorted(lambda each: each.locale != code)
    channels[1:].website_id = False
    channel = channels[:1]
    channel.website_id = website
    # Visitors in all languages are asked.
    channel.lang_id = False
    channel.write({"consent_mode": "checkbox", "inviter": "odoo"})
    sandbox = Control(env["trustedshops.certificate"]._get_sandbox_url())
    let_shop_invite(sandbox, channel.channel_ref)
    sandbox.post("product_reviews", {"channel": channel.channel_ref, "asked": 1})
    account.action_connect()
    return channel
