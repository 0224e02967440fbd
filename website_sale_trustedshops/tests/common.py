# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest import SkipTest

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import BaseCommon
from odoo.addons.payment.tests.common import PaymentCommon

from . import stage
from .fake_service import HOSTS, TS_ID, FakeTrustedShops

APPLY_CRON = "website_sale_trustedshops.ir_cron_apply_protection"
REFRESH_CRON = "website_sale_trustedshops.ir_cron_refresh_certificates"
# Application, and question for its state, in the log of the fake service.
APPLY = "requestForProtectionV2"
POLL = "getRequestState"
# What the certificate was last asked.
STAMPS = (
    "items_checked_at",
    "last_attempt_at",
    "last_check_at",
    "rating_at",
)
QUEUE_LOGGER = "odoo.addons.website_sale_trustedshops.models.queue.batches"
SERVICE_LOGGER = "odoo.addons.website_sale_trustedshops.models.queue.service"
ORDER_LOGGER = "odoo.addons.website_sale_trustedshops.models.checkout.placing"

# What the buyer reads when there is no protection in the cart any more.
RETURNED = "Unticked because this page was opened again. Today: 0.98 € incl. 19% VAT"
UNAVAILABLE = (
    "Buyer Protection is not available for your order at the moment. You can order"
    " without it."
)
BUSINESS = (
    "Buyer Protection is for private buyers only. It is not part of your order, because"
    " your address names a company or a VAT number."
)


def find_our_addons(env):
    """Return the names of the installed addons of this repository.

    :rtype: list of str
    """
    author = env.ref("base.module_website_sale_trustedshops").author
    domain = [("author", "=", author), ("state", "=", "installed")]
    return env["ir.module.module"].search(domain).mapped("name")


# Inherited by all tests that are based on it.
@tagged("post_install", "-at_install")
class TrustedShopsCommon(PaymentCommon):
    """A German shop in euro with an Excellence certificate, and a fake service."""

    service = FakeTrustedShops()
    # With a chart of accounts, by its name: those on the stage that no test took yet.
    companies = {}
    # Whether the clock stands at 2026-11-02 10:00 UTC.
    is_frozen = False

    @classmethod
    def default_env_context(cls):
        return {**super().default_env_context(), "lang": "en_US"}

    @classmethod
    def setup_main_company(cls, currency_code="EUR"):
        return super().setup_main_company(currency_code)

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        if r.url.startswith(tuple(f"https://{host}/" for host in HOSTS)):
            return cls.service.send(r)
        return super()._request_handler(s, r, **kw)

    @classmethod
    def setUpClass(cls):
        if stage.is_here():
            super(BaseCommon, cls).setUpClass()  # what follows there is on the stage
            cls._enter_stage()
        else:
            super().setUpClass()
            cls._make_shop_and_people()

    @classmethod
    def _enter_stage(cls):
        """Take the records of the stage."""
        cls.env = cls.env(context={**cls.env.context, **cls.default_env_context()})
        stage.restore(cls, stage.read(cls.env))
        cls._refresh_certificate()

    @classmethod
    def _refresh_certificate(cls):
        """Let the certificate be as one that was answered just now."""
        cls.certificate.write(dict.fromkeys(STAMPS, fields.Datetime.now()))

    @classmethod
    def _make_shop_and_people(cls):
        cls.service.reset()
        cls.langs = {}
        for code in ("en_US", "de_DE", "pl_PL"):
            cls.langs[code] = cls.env["res.lang"]._activate_lang(code)
        cls.currency_pln = cls._enable_currency("PLN")
        cls.website = cls._setup_website()
        cls.buyer = cls._make_buyer()
        cls.goods = cls.env["product.product"].create(
            {
                "name": "Lamp",
                "type": "service",
                "list_price": 100.0,
                "taxes_id": [Command.clear()],
                "website_published": True,
                "invoice_policy": "order",
            }
        )
        cls.fee_product = cls.env.ref(
            "website_sale_trustedshops.product_protection_fee"
        )
        cls.fee_tax = cls._make_tax(19, price_include_override="tax_included")
        cls.fee_product.taxes_id = cls.fee_tax
        cls.manager = new_test_user(
            cls.env,
            "ts_manager",
            groups="base.group_system,base.group_user",
            lang="en_US",
        )
        cls.certificate = cls._make_certificate()
        # The order as a PDF is core's; each confirmation would render it.
        order_mails = [("model", "=", "sale.order")]
        cls.env["mail.template"].search(order_mails).report_template_ids = False

    @classmethod
    def _make_buyer(cls):
        return cls.env["res.partner"].create(
            {
                "name": "Erika Muster",
                "email": "erika@muster.example",
                "lang": "de_DE",
                **cls._get_address(),
            }
        )

    @classmethod
    def _get_address(cls):
        """Return where buyers live and shops are."""
        return {
            "street": "Teststr. 1",
            "city": "Köln",
            "zip": "50667",
            "phone": "+49 221 123456",
            "country_id": cls.env.ref("base.de").id,
        }

    @classmethod
    def _make_zloty_prices(cls):
        """Return a pricelist in złoty."""
        return cls.env["product.pricelist"].create(
            {"name": "PLN", "currency_id": cls.currency_pln.id}
        )

    @classmethod
    def _setup_website(cls):
        website = cls.env["website"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        languages = [lang.id for lang in cls.langs.values()]
        website.write(
            {
                "domain": False,
                "language_ids": [Command.set(languages)],
                "default_lang_id": cls.langs["en_US"].id,
                "account_on_checkout": "optional",
                "show_line_subtotals_tax_selection": "tax_included",
            }
        )
        cls.env["product.pricelist"].search([]).action_archive()
        return website

    @classmethod
    def _leave_out_what_is_not_compared(cls):
        """Leave out notes and analytic accounts, which take half of the time."""
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        models = cls.registry["account.analytic.distribution.model"]
        cls.classPatch(models, "_get_distribution", lambda _self, _values: {})

    def setUp(self):
        super().setUp()
        # An outage is a warning in the log of a shop.
        self.enterContext(mute_logger(SERVICE_LOGGER))
        self.service.reset()
        if self.is_frozen:
            self._freeze()

    @classmethod
    def _require_modules(cls, *names):
        """Skip what cannot be tested without these modules of Odoo."""
        modules = cls.env["ir.module.module"]
        missing = [name for name in names if modules._get(name).state != "installed"]
        if missing:
            raise SkipTest(f"needs {', '.join(missing)}")

    @classmethod
    def _load_translations(cls, *languages):
        """Give records their words in languages that the database may not know."""
        names = find_our_addons(cls.env)
        cls.env["ir.module.module"]._load_module_terms(names, languages)

    def assertValues(self, record, **values):
        """Compare some fields of one record."""
        self.assertRecordValues(record, [values])

    @classmethod
    def _make_tax(cls, amount, **values):
        taxes = cls.env["account.tax"].with_context(active_test=False)
        return taxes.create(
            {
                "name": f"Test tax {taxes.search_count([])}",
                "amount_type": "percent",
                "amount": amount,
                "type_tax_use": "sale",
                "price_include_override": "tax_excluded",
                "company_id": cls.env.company.id,
                **values,
            }
        )

    @classmethod
    def _make_company(cls, name, country, chart, **values):
        """Return a company of the user's with the chart of accounts of its country.

        :param chart: name of the chart, None: without
        """
        country = cls.env.ref(f"base.{country}")
        values = {"name": name, "country_id": country.id, **values}
        if company := cls.companies.pop(chart, None):
            company.write(values)
        else:
            currency = country.currency_id
            company = cls.env["res.company"].create(
                {**values, "currency_id": currency.id}
            )
            if chart:
                cls._load_chart(company, chart)
        cls.env.user.company_ids = [Command.link(company.id)]
        return company

    @classmethod
    def _load_chart(cls, company, chart):
        charts = cls.env["account.chart.template"]
        # It would be installed, and that be committed.
        cls._require_modules(charts._get_chart_template_mapping()[chart]["module"])
        charts.try_loading(chart, company=company, install_demo=False)

    @classmethod
    def _make_certificate(cls, **values):
        """Return a certificate for all languages, unless ``lang_id`` is given."""
        certificate = cls._save(
            cls.env["trustedshops.certificate"],
            **{
                "ts_id": TS_ID,
                "website_id": cls.website.id,
                "mode": "enabled",
                "ws_user": "wsuser-4711",
                "ws_password": "wspass-0815",
                "user_id": cls.manager.id,
                **values,
            },
        )
        certificate.lang_id = values.get("lang_id", False)
        return certificate

    @classmethod
    def _save(cls, certificates, **values):
        """Return the certificate that a person saves in its form."""
        [saved] = certificates.web_save(values, {})
        return certificates.browse(saved["id"])

    def _make_cart(self, price=100.0, **values):
        website = self.website.browse(values.get("website_id", self.website.id))
        # As in the shop: the warehouse is one of the website's company.
        orders = self.env["sale.order"].with_company(website.company_id)
        return orders.create(
            {
                "partner_id": self.buyer.id,
                "website_id": self.website.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.goods.id,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _make_pricelists(cls, *rows, **values):
        """Return pricelists, the first of which is the default.

        :param rows: tuples of name, currency and percent of discount
        """
        group = cls.env.ref("product.group_product_pricelist")
        cls.env.ref("base.group_user").implied_ids |= group
        return cls.env["product.pricelist"].create(
            [
                {
                    "name": name,
                    "currency_id": currency.id,
                    "item_ids": [
                        Command.create(
                            {"compute_price": "percentage", "percent_price": percent}
                        )
                    ],
                    **values,
                }
                for name, currency, percent in rows
            ]
        )

    def _add_colours(self, template):
        """Give a product two variants."""
        attribute = self.env["product.attribute"].create(
            {
                "name": "Colour",
                "value_ids": [
                    Command.create({"name": name}) for name in ("red", "blue")
                ],
            }
        )
        template.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": attribute.id,
                    "value_ids": [Command.set(attribute.value_ids.ids)],
                }
            )
        ]

    def _as_visitor(self, order, lang="en_US"):
        """Return the cart as the public visitor's request sees it."""
        return order.with_user(self.website.user_id).with_context(lang=lang).sudo()

    def _choose(self, order, lang="en_US"):
        """Tick the box and return the protection."""
        self.assertTrue(self._as_visitor(order, lang)._trustedshops_add_choice())
        return order.trustedshops_protection_id

    def _add_fee(self, order, certificate, fee):
        """Add a protection and the line of its fee, whatever would be offered."""
        protection = self.env["trustedshops.protection"].create(
            {
                "order_id": order.id,
                "certificate_id": certificate.id,
                "company_id": order.company_id.id,
                "currency_id": order.currency_id.id,
                "item_code": "TS080501_500_30",
                "partner_id": order.partner_id.id,
                "order_amount": order._trustedshops_get_amount_to_protect(),
                "protected_amount": 500.0,
                "gross_fee": fee,
            }
        )
        order.trustedshops_protection_id = protection
        self.env["sale.order.line"].create(
            order._trustedshops_prepare_fee_line(certificate, protection)
        )
        return protection

    def _discount_totals(self):
        """Take 10 % off each total, whatever its lines come to, as an app may do."""
        model = type(self.env["sale.order"])
        compute = model._compute_amounts

        def compute_amounts(orders):
            compute(orders)
            for order in orders:
                order.amount_total = order.currency_id.round(order.amount_total * 0.9)

        self.patch(model, "_compute_amounts", compute_amounts)

    def _make_ticked(self, price=100.0, lang="en_US", **values):
        """Return a cart and the protection that was chosen in it."""
        order = self._make_cart(price, **values)
        return order, self._choose(order, lang)

    def _make_queued(self, lang="en_US", **values):
        """Return the protection of an order that was placed just now."""
        order, protection = self._make_ticked(lang=lang, **values)
        order.action_confirm()
        self.assertEqual(protection.state, "queued")
        return protection

    def _pay(self, order, state="done", provider=None, **values):
        """Return a transaction of the order after its post-processing."""
        provider = provider or self.provider
        transaction = self._create_transaction(
            "redirect",
            state=state,
            amount=values.pop("amount", order.amount_total),
            currency_id=order.currency_id.id,
            reference=f"{order.name}-{len(order.transaction_ids)}",
            sale_order_ids=[Command.set(order.ids)],
            partner_id=order.partner_id.id,
            provider_id=provider.id,
            **values,
        )
        transaction._post_process()
        return transaction

    def _invoice(self, order):
        """Return the posted invoice of an order."""
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    def _pay_invoice(self, invoice, **values):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create(values)._create_payments()

    def _get_wire_transfer(self):
        """Return the provider of wire transfers, switched on."""
        provider = self.env["payment.provider"].search(
            [
                ("custom_mode", "=", "wire_transfer"),
                ("company_id", "=", self.env.company.id),
            ],
            limit=1,
        )
        provider.write({"state": "enabled", "is_published": True})
        return provider

    def _freeze(self, moment="2026-11-02 10:00:00"):
        """Stop the clock, keep the certificate fresh, return the clock."""
        freezer = freeze_time(moment)
        self.clock = freezer.start()
        self.addCleanup(freezer.stop)
        self.certificate.write({"items_checked_at": moment, "last_attempt_at": False})
        return self.clock

    def _wait(self, **duration):
        """Move the clock on."""
        self.clock.tick(timedelta(**duration))

    def _run_queue(self, **after):
        """Run the queue as the scheduler does, after a while in which it ran, too.

        Services that did not answer were asked again meanwhile.
        """
        if after:
            self._wait(**after)
        self._end_rest()
        cron = self.env.ref(APPLY_CRON)
        cron.lastcall = fields.Datetime.now() - timedelta(minutes=10)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def _end_rest(self):
        """Have the services asked again although they did not answer."""
        services = self.env["trustedshops.service"].search([])
        services.write(
            dict.fromkeys(("silent_since", "rests_until", "missed_id"), False)
        )

    def _get_told(self, protection):
        """Return what staff read that happened to a protection."""
        return protection._format_reason().replace("\xa0", " ")

    def _make_answered(self, *answers, **values):
        """Return a protection whose applications got these answers, one an hour."""
        protection = self._make_queued(**values)
        self.service.script(APPLY, *answers)
        for number, _answer in enumerate(answers):
            self._wait(hours=min(number, 1))
            self._run_queue()
        return protection

    def _resend(self, protection, **typed):
        """Send the buyer's mail again, as the dialog of the button does."""
        action = protection.action_resend_mail()
        with Form.from_action(protection.env, action) as form:
            for name, value in typed.items():
                form[name] = value
        return form.record.action_send()

    def _get_mails(self, protections):
        """Return the mails to buyers, the oldest first."""
        mails = self.env["mail.mail"].search(
            [
                ("model", "=", "trustedshops.protection"),
                ("res_id", "in", protections.ids),
                ("message_type", "=", "email_outgoing"),
            ]
        )
        return mails.sorted("id")

    def _send_order_mail(self, order):
        """Return the confirmation that the buyer of an order gets."""
        before = self.env["mail.mail"].search([])
        template = self.env.ref("sale.mail_template_sale_confirmation")
        order._send_order_notification_mail(template)
        mails = self.env["mail.mail"].search([]) - before
        return "".join(mails.mapped("body_html"))

    def _look_up(self, email, user=None, **context):
        """Return the lines of Privacy Lookup about an address, of records of ours."""
        wizards = self.env["privacy.lookup.wizard"].with_user(user or self.env.user)
        wizard = wizards.with_context(**context).create({"name": "?", "email": email})
        wizard.action_lookup()
        return wizard.line_ids.filtered(lambda line: line._trustedshops_is_ours())

    def _forget_triggers(self):
        self._get_triggers().unlink()

    def _get_triggers(self):
        return self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref(APPLY_CRON).id)]
        )

    def assertTodo(self, records, words):
        """Check that one activity is about the records, and says so."""
        [todo] = self._get_todos(records)
        self.assertIn(words, todo)

    def _get_todos(self, records):
        """Return the notes of the activities of records."""
        return [activity.note for activity in records.activity_ids]
