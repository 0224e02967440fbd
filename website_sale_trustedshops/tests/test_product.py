# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user
from odoo.tools import mute_logger

from .common import TrustedShopsCommon


class TestProductIdentifier(TrustedShopsCommon):
    """Under which name Trusted Shops knows a product: fixed when it is published."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env,
            "ts_products",
            groups="base.group_user,product.group_product_manager,"
            "website.group_website_restricted_editor",
        )
        cls.other_company = cls.env["res.company"].create({"name": "Another shop"})

    def _make(self, **values):
        return self.env["product.template"].create(
            {"name": "Chair", "is_published": True, **values}
        )

    def test_a_published_product_has_its_reference_or_its_number(self):
        self.assertEqual(self._make(default_code="C-1").trustedshops_sku, "C-1")
        variant = self.env["product.product"].create(
            {"name": "Chair", "default_code": "C-2", "website_published": True}
        )
        self.assertEqual(variant.trustedshops_sku, "C-2")
        self._see_number(self._make())

    def _see_number(self, product):
        self.assertEqual(product.trustedshops_sku, f"odoo-{product.id}")

    def test_nothing_is_fixed_before_it_is_published(self):
        product = self._make(default_code="C-1", is_published=False)
        self.assertFalse(product.trustedshops_sku)
        product.default_code = "C-2"
        product.product_variant_id.website_published = True
        self.assertEqual(product.trustedshops_sku, "C-2")

    def test_identifier_survives_changes_of_the_product(self):
        product = self._make(default_code="C-1")
        product.default_code = "C-2"
        self._add_colours(product)
        product.is_published = False
        product.is_published = True
        product.action_archive()
        self.assertEqual(product.trustedshops_sku, "C-1")
        # A copy is another product.
        copy = self._make(default_code="C-1").copy()
        copy.is_published = True
        self._see_number(copy)

    def test_products_with_one_reference_have_their_numbers(self):
        products = self._make(default_code="C-1", is_published=False)
        products += self._make(default_code="C-1", is_published=False)
        products.is_published = True
        for product in products:
            self._see_number(product)

    def test_of_two_that_want_one_number_the_second_gets_another(self):
        wanting, owning = self._make(is_published=False), self._make(is_published=False)
        wanting.default_code = f"odoo-{owning.id}"
        (wanting + owning).is_published = True
        self.assertEqual(wanting.trustedshops_sku, f"odoo-{owning.id}")
        self.assertRegex(owning.trustedshops_sku, rf"^odoo-{owning.id}-[0-9a-f]{{8}}$")

    def test_any_number_of_products_is_published_at_once(self):
        # As a hundred thousand, of which core computes a thousand at a time.
        products = self.env["product.template"].create(
            [{"name": f"Chair {n}", "default_code": f"C-{n}"} for n in range(80)]
        )
        with patch("odoo.orm.fields.PREFETCH_MAX", 1):
            products.is_published = True
            self.env.flush_all()
        self.assertEqual(products.mapped("trustedshops_sku")[::79], ["C-0", "C-79"])

    def test_unpublished_product_takes_no_reference(self):
        self._make(default_code="C-1", is_published=False)
        self.assertEqual(self._make(default_code="C-1").trustedshops_sku, "C-1")

    def test_reference_of_a_variant_or_another_identifier_is_taken(self):
        several = self._make()
        self._add_colours(several)
        several.product_variant_ids[1].default_code = "C-1"
        self._see_number(self._make(default_code="C-1"))
        told = self._make(default_code="D-1")
        told.write({"default_code": "D-2", "active": False})
        self._see_number(self._make(default_code="D-1"))

    def test_number_given_to_another_product_is_taken(self):
        product = self._make(is_published=False)
        self._make(trustedshops_sku=f"odoo-{product.id}")
        product.is_published = True
        self.assertRegex(
            product.trustedshops_sku, rf"^odoo-{product.id}-[0-9a-f]{{8}}$"
        )

    def test_companies_have_identifiers_of_their_own(self):
        own = self._make(default_code="C-1", company_id=self.env.company.id)
        theirs = self._make(default_code="C-1", company_id=self.other_company.id)
        self.assertEqual((own + theirs).mapped("trustedshops_sku"), ["C-1", "C-1"])
        self._see_number(self._make(default_code="C-1"))

    def test_a_product_of_the_company_is_refused_one_that_is_taken(self):
        for company in (self.env.company, self.env["res.company"]):
            with self.subTest(company=company.name):
                self._make(trustedshops_sku="C-1", company_id=company.id)
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(psycopg2.errors.UniqueViolation),
                    self.cr.savepoint(),
                ):
                    self._make(trustedshops_sku="C-1", company_id=company.id)
                self.env["product.template"].search(
                    [("trustedshops_sku", "=", "C-1")]
                ).unlink()

    def test_identifier_of_a_shared_product_is_taken_in_all_companies(self):
        own, shared = self.env.company.id, False
        for first, second in ((own, shared), (shared, own)):
            with self.subTest(first=first, second=second):
                product = self._make(trustedshops_sku="C-1", company_id=first)
                with self.assertRaises(ValidationError):
                    self._make(trustedshops_sku="C-1", company_id=second)
                product.unlink()
        self._make(trustedshops_sku="C-1", company_id=self.other_company.id)
        own = self._make(trustedshops_sku="C-1", company_id=self.env.company.id)
        with self.assertRaises(ValidationError):
            own.company_id = False

    def test_import_sets_identifiers_but_empty_cells_do_not(self):
        product = self._make(default_code="C-0", trustedshops_sku="OLD-7")
        self.assertEqual(product.trustedshops_sku, "OLD-7")
        product = self._make(default_code="C-1", trustedshops_sku=False)
        self.assertEqual(product.trustedshops_sku, "C-1")
        product.write({"trustedshops_sku": False})
        self.assertEqual(product.trustedshops_sku, "C-1")
        hidden = self._make(is_published=False)
        hidden.write({"trustedshops_sku": "", "is_published": True})
        self._see_number(hidden)

    def test_product_manager_can_set_only_the_first_identifier(self):
        product = self._make(is_published=False).with_user(self.seller)
        product.trustedshops_sku = "OLD-7"
        product.write({"trustedshops_sku": "OLD-7", "name": "Stool"})
        for record in (product, product.product_variant_id):
            with self.assertRaises(AccessError):
                record.trustedshops_sku = "OLD-8"
        self.assertEqual(product.trustedshops_sku, "OLD-7")

    def test_only_administrators_change_an_identifier_in_the_form(self):
        self.manager.group_ids += self.env.ref("product.group_product_manager")
        with Form(self.env["product.template"].with_user(self.manager)) as form:
            form.name = "Chair"
            form.is_published = True
        self._see_number(form.record)
        product = self._make(default_code="C-1")
        with Form(product.with_user(self.manager)) as form:
            form.trustedshops_sku = "C-2"
        self.assertEqual(product.trustedshops_sku, "C-2")
        with (
            Form(product.with_user(self.seller)) as form,
            self.assertRaises(AssertionError),
        ):
            form.trustedshops_sku = "C-3"
