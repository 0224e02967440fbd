# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import nullcontext

from lxml import html

from odoo.models import BaseModel
from odoo.tests import HttpCase, tagged
from odoo.tools import convert_file, file_path

from odoo.addons.website_sale.tests.common import WebsiteSaleCommon

CRON = "website_sale_withdrawal.ir_cron_work"
DEMO = "website_sale_withdrawal.withdrawal_demo"
# Seconds: more than a busy machine takes for a page with new assets.
PATIENCE = 60


# Inherited by all tests that are based on it.
@tagged("post_install", "-at_install")
class WithdrawalCommon(WebsiteSaleCommon):
    """A shop in Berlin with an order of five products and 12.5 services."""

    @classmethod
    def setup_independent_company(cls, **kwargs):
        """Override: of a company without the record of the demo, or any other."""
        if not cls.env.ref(DEMO, raise_if_not_found=False):
            folder = "website_sale_withdrawal/demo"
            path = file_path(f"{folder}/sale_withdrawal_demo.xml")
            convert_file(cls.env, "website_sale_withdrawal", path, {}, mode="init")
        # As the job left it long ago.
        cls.env.ref(DEMO).is_examined = True
        company = cls._create_company(name="Withdrawals", **kwargs)
        cls.env.ref("base.user_admin").company_ids += company
        return company

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The one that visitors of the test's address see.
        cls.website.sequence = -1
        cls.env.company.partner_id.tz = "Europe/Berlin"
        cls._add_language("de_DE")
        cls.withdrawals = cls.env["sale.withdrawal"]
        cls.partner.write({"name": "Erika Muster", "email": "erika@muster.example"})
        cls.order = cls.cart
        cls.order.name = "S4711"
        # The order as a PDF is core's; each confirmation would render it.
        order_mails = [("model", "=", "sale.order")]
        cls.env["mail.template"].search(order_mails).report_template_ids = False
        cls.order.action_confirm()

    def assertValues(self, record, **values):
        """Compare some fields of one record."""
        plain = {
            name: value.id if isinstance(value, BaseModel) else value
            for name, value in values.items()
        }
        self.assertRecordValues(record, [plain])

    @classmethod
    def _add_language(cls, lang):
        """Switch a language on, with the words that our records have in it."""
        cls.env["res.lang"]._activate_lang(lang)
        modules = cls.env["ir.module.module"]
        modules._load_module_terms(["website_sale_withdrawal"], [lang])

    @classmethod
    def _declare(cls, token="", **values):
        """Return what a stranger declared on the website."""
        withdrawal = cls.withdrawals._create_declaration(
            token,
            {
                "buyer_name": "Erika Muster",
                "email": "erika@muster.example",
                "order_reference": "S4711",
                "articles": "",
                "company_id": cls.env.company.id,
                "website_id": cls.website.id,
                "lang": "en_US",
                "network": "here",
                **values,
            },
        )
        return withdrawal.with_env(cls.env)

    def _find_all(self):
        """Return all withdrawals of the shop, the oldest first."""
        own = [("company_id", "=", self.env.company.id)]
        return self.withdrawals.search(own, order="id")

    def _run_cron(self):
        """Run the job, and again while it asks for that.

        It ends one run after the next: core stops each after ten seconds.
        """
        job = self.env.ref(CRON)
        for _run in range(9):
            with self.enter_registry_test_mode():
                job.method_direct_trigger()
            self.env.invalidate_all()
            if not self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)]):
                break

    def _get_mails(self, withdrawals=None):
        """Return the mails to buyers about withdrawals, the oldest first."""
        domain = [("model", "=", "sale.withdrawal"), ("email_to", "!=", False)]
        if withdrawals is not None:
            domain.append(("res_id", "in", withdrawals.ids))
        return self.env["mail.mail"].search(domain, order="id")


class WithdrawalHttpCommon(WithdrawalCommon, HttpCase):
    """The pages of that shop."""

    def enter_registry_test_mode(self):
        """Override: it is entered already, of which core warns."""
        return nullcontext()

    def url_open(self, url, *args, timeout=PATIENCE, **kwargs):
        return super().url_open(url, *args, timeout=timeout, **kwargs)

    def _open(self, url, data=None, **kwargs):
        """Return the page that a request ends at, as a tree."""
        response = self.url_open(url, data=data, **kwargs)
        self.assertEqual(response.status_code, 200)
        self.env.invalidate_all()
        return html.fromstring(response.content)

    def _read(self, form):
        """Return what a form would send, without buttons."""
        return {field.name: field.value or "" for field in form.inputs if field.name}

    def _get_form(self, page, action):
        """Return the one form that is sent to an address."""
        [form] = page.xpath(f"//div[@id='wrap']//form[@action='{action}']")
        return form

    def _get_text(self, element):
        """Return the text of an element, with single blanks."""
        return " ".join(element.text_content().split())

    def _fill_in(self, page=None, **typed):
        """Return the second step after a form was filled in."""
        page = self._open("/withdrawal") if page is None else page
        values = self._read(self._get_form(page, "/withdrawal"))
        return self._open("/withdrawal", {**values, **typed})

    def _press(self, page, **changed):
        """Return the page after the button that declares."""
        values = self._read(self._get_form(page, "/withdrawal/confirm"))
        return self._open("/withdrawal/confirm", {**values, **changed})
