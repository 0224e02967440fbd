# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import psycopg2

from odoo.exceptions import UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.website_sale_trustedshops.tests.common import POLL
from odoo.addons.website_sale_trustedshops.tests.test_lib_address import CASES

from .reviews_common import ReviewsCommon


class TestTypedAddresses(ReviewsCommon):
    """Every field in which somebody types an address takes or refuses the same."""

    is_frozen = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "sales_team.group_sale_manager,base.group_system"
        cls.boss = new_test_user(cls.env, "ts_typing_boss", groups)

    def _find_fields(self):
        """Return model and name of the fields of ours that look like an address."""
        return {
            (name, field.name)
            for name, model in self.env.registry.items()
            if model._original_module.startswith("website_sale_trustedshops")
            for field in model._fields.values()
            if field.type in ("char", "text") and "email" in field.name
            if not model._abstract and (not field.readonly or field.search)
            # A report of a review tells Trusted Shops the user's own address.
            if name != "trustedshops.review.answer"
        }

    def _resend(self, typed):
        """Return where the buyer's mail is sent again."""
        protection = self._make_queued()
        self.service.script(POLL, 4711)
        self._run_queue()
        dialogs = self.env["trustedshops.mail.resend"]
        values = {"protection_id": protection.id, "email": typed}
        dialogs.create(values).action_send()
        [mail] = self._get_mails(protection)
        self.assertEqual(mail.email_to, protection.buyer_email)
        return protection.buyer_email

    def _import(self, typed):
        """Return the address of a consent that a user imports."""
        consents = self.env["trustedshops.consent"].with_user(self.boss)
        said = {"moment": "2026-11-01 10:00:00", "source": "Shop", "text": "Yes"}
        return consents.create({"email": typed, **said}).email

    def _enter(self, typed):
        """Return the address of a consent that a user enters."""
        order = self._make_cart(state="sale")
        said = {"source": "Telephone", "text": "Yes", "moment": "2026-11-01 10:00:00"}
        entries = self.env["trustedshops.consent.entry"]
        entries.create({"order_id": order.id, "email": typed, **said}).action_enter()
        return order._trustedshops_get_consent().email

    def _search(self, typed):
        """Return the address whose suppression a user finds, '' for none."""
        stored = dict(CASES)[typed]
        suppression = stored and self._suppress("import", stored)
        suppressions = self.env["trustedshops.suppression"]
        found = suppressions.search([("email", "=", typed)])
        self.assertEqual(found, suppression or found.browse())
        return stored

    def test_one_table_runs_over_every_field(self):
        ways = {
            ("trustedshops.mail.resend", "email"): self._resend,
            ("trustedshops.consent", "email"): self._import,
            ("trustedshops.consent.entry", "email"): self._enter,
            ("trustedshops.suppression", "email"): self._search,
        }
        self.assertEqual(self._find_fields(), ways.keys())
        for field, type_in in ways.items():
            for typed, expected in CASES:
                with self.subTest(field=field, typed=typed):
                    self.assertEqual(self._try(type_in, typed), expected)

    def _try(self, type_in, typed):
        """Return what is stored, '' if it was refused; then undo it."""
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            with mute_logger("odoo.sql_db"):
                return type_in(typed)
        except (UserError, ValueError, psycopg2.IntegrityError):
            return ""
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
