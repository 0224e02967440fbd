# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import json

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user

from .common import TrustedShopsCommon
from .http_common import PatientHttpCase
from .rpc_common import RpcCase

PERSON = "trustedshops.person"
EMAIL = "erika@muster.example"
OFFICER = "website_sale_trustedshops.group_data_protection"
REFUSED = "odoo.exceptions.AccessError"
LOGGER = "odoo.addons.website_sale_trustedshops.wizards.trustedshops_person"


class TestPerson(TrustedShopsCommon):
    """What a data protection officer sees of a person, and exports."""

    is_frozen = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = new_test_user(
            cls.env, "officer", f"base.group_user,{OFFICER}", lang="en_US", tz="UTC"
        )

    def _open(self, email=EMAIL, user=None, **values):
        """Return the form of an address as a user opens it."""
        people = self.env[PERSON].with_user(user or self.officer)
        person = people.create({"email": email, **values})
        self.env.flush_all()
        return person

    def _read(self, person):
        """Return what the downloaded file says."""
        return json.loads(base64.b64decode(person.export_file))

    def _make_confirmed(self, **values):
        protection = self._make_queued(**values)
        protection.write(
            {
                "state": "confirmed",
                "application_number": "4711",
                "guarantee_number": "G-4711",
                "confirmed_at": "2026-11-02 10:00:00",
                "protected_until": "2027-03-02",
                "last_error": "of staff",
            }
        )
        return protection

    def _export_confirmed(self):
        """Return what is exported of a buyer with a protection and its mail."""
        protection = self._make_confirmed(name="S00154")
        protection.consent_text = "I agree."
        return self._read(self._open())

    def test_the_export_has_tables_by_company_and_nothing_else(self):
        content = self._export_confirmed()
        self.assertEqual(content.pop("E-mail Address"), EMAIL)
        self.assertEqual(content.pop("Exported on"), "2026-11-02T10:00:00Z")
        rows = content.pop("Companies").pop(self.env.company.name)
        self.assertEqual(content, {})
        self.assertEqual([*rows], ["Buyer Protections"])

    def test_the_export_says_what_is_stored_of_a_protection_and_nothing_else(self):
        companies = self._export_confirmed()["Companies"]
        [row] = companies[self.env.company.name]["Buyer Protections"]
        self.assertEqual(row["Order Reference"], "S00154")
        self.assertEqual(
            [*row.values()],
            [
                "S00154",
                "2026-11-02T10:00:00Z",
                "Confirmed",
                "Erika Muster",
                EMAIL,
                str(self.buyer.id),
                "Other",
                100.0,
                500.0,
                0.98,
                "EUR",
                "Not invoiced",
                "4711",
                "G-4711",
                "2026-11-02T10:00:00Z",
                "2027-03-02",
                "English (US)",
                "2026-11-02T10:00:00Z",
                "I agree.",
            ],
        )

    def test_the_export_says_what_became_of_a_fee_and_what_was_opened(self):
        protection = self._make_confirmed(name="S00154")
        protection.action_refund_fee()
        order = protection.order_id
        order.trustedshops_card_delivered_at = "2026-11-02 09:00:00"
        self._make_queued(name="S00155")
        tables = self._read(self._open())["Companies"][self.env.company.name]
        [refund] = tables["Fees Given Back"]
        self.assertEqual([*refund.values()], ["S00154", "Refund fee", 0.98, "Settled"])
        self.assertEqual(
            [[*row.values()] for row in tables["Orders"]],
            [["S00154", "2026-11-02T09:00:00Z"]],
        )

    def test_the_form_shows_what_is_exported_in_the_readers_words(self):
        self._make_confirmed(name="S00154")
        found = str(self._open().found)
        for words in (
            "Buyer Protections",
            "Guarantee Number:",
            "G-4711",
            "11/2/26, 10:00\u202fAM",
            "03/02/2027",
            "100.00",
        ):
            self.assertIn(words, found)
        self.assertNotIn("of staff", found)
        self.assertNotIn("Invoices", found)
        self.env["ir.module.module"].search(
            [("name", "=", "website_sale_trustedshops")]
        )._update_translations(["de_DE"])
        self.officer.lang = "de_DE"
        people = self.env[PERSON].with_user(self.officer).with_context(lang="de_DE")
        found = str(people.create({"email": EMAIL}).found)
        self.assertIn("100,00", found)
        self.assertIn("02.03.2027", found)

    def test_each_label_is_translated(self):
        for section in self.env[PERSON]._find_sections(EMAIL, self.env.company):
            for name in section.names:
                field = section.records._fields[name]
                with self.subTest(str(field)):
                    self.assertTrue(field.export_string_translation)

    def test_what_buyers_wrote_is_text(self):
        self._make_confirmed(name="<b>S1</b>")
        self.assertIn("&lt;b&gt;S1&lt;/b&gt;", str(self._open().found))

    def test_only_the_whole_address_finds_a_person(self):
        self._make_confirmed(name="S00154")
        for typed, is_found in (
            (" ERIKA@Muster.example\n", True),
            ("a%", None),
            ("%@muster.example", False),
            ("erik_@muster.example", False),
            ("rika@muster.example", False),
            ("erika@muster.exampl", False),
            ("erika@muster.example.com", False),
            ("Erika <erika@muster.example>", None),
            ("erika@muster.example, max@x.example", None),
            ("' OR 1=1 --@x.example", None),
            (" ", None),
        ):
            with self.subTest(typed=typed):
                person = self._open(typed)
                if is_found is None:
                    self.assertFalse(person.found)
                    self.assertEqual(self._read(person)["Companies"], {})
                    continue
                self.assertEqual("S00154" in str(person.found), is_found)
                nothing = "Nothing of this address is stored."
                self.assertEqual(nothing in str(person.found), not is_found)

    def test_an_address_with_wildcards_finds_its_owner_only(self):
        self._make_confirmed(name="S00154")
        owner = self.buyer.copy({"email": "%a_b@muster.example"})
        self._make_confirmed(name="S00155", partner_id=owner.id)
        [rows] = self._read(self._open("%A_b@muster.example"))["Companies"].values()
        names = [row["Order Reference"] for row in rows["Buyer Protections"]]
        self.assertEqual(names, ["S00155"])

    def test_an_address_is_found_in_each_spelling_of_its_domain(self):
        for number, stored in enumerate(("bücher.example", "xn--bcher-kva.example")):
            self._make_confirmed().buyer_email = f"e{number}@{stored}"
            for typed in ("BÜCHER.example", "xn--bcher-kva.example"):
                self.assertIn("G-4711", str(self._open(f"e{number}@{typed}").found))

    def test_an_address_is_found_in_capitals_that_are_not_ascii(self):
        for stored in ("JÜRGEN@Muster.example", "Ju\u0308rgen@bücher.example"):
            domain = stored.partition("@")[2]
            with self.subTest(stored):
                self._make_confirmed(name=domain).buyer_email = f"x@{domain}"
                self.buyer.email = stored
                for typed in (f"jürgen@{domain}", f"JÜRGEN@{domain.upper()}"):
                    person = self._open(typed)
                    self.assertIn("G-4711", str(person.found))
                    kept = str(person.kept)
                    self.assertIn(f"/odoo/res.partner/{self.buyer.id}", kept)
                    self.assertIn("Sales Orders:", kept)
                # With a placeholder for what is not ASCII it would be another's.
                for typed in (f"järgen@{domain}", f"jurgen@{domain}"):
                    self.assertNotIn("G-4711", str(self._open(typed).found))

    def test_the_frozen_address_is_found_in_capitals_that_are_not_ascii(self):
        self._make_confirmed().buyer_email = "Jürgen_%@kunde.example"
        self.assertIn("G-4711", str(self._open("JÜRGEN_%@kunde.example").found))
        self.assertNotIn("G-4711", str(self._open("JÜRGENx%@kunde.example").found))

    def test_the_frozen_address_and_that_of_the_contact_both_find_it(self):
        protection = self._make_confirmed()
        self.buyer.email = "new@muster.example"
        for email in (EMAIL, "new@muster.example"):
            self.assertIn("G-4711", str(self._open(email).found))
        protection.buyer_email = "max@x.example"
        self.assertNotIn("G-4711", str(self._open(EMAIL).found))

    # === WHO === #
    def test_the_officer_sees_it_by_the_form_alone(self):
        protection = self._make_confirmed(name="S00154")
        person = self._open()
        with self.assertRaises(AccessError):
            protection.with_user(self.officer).read(["buyer_email"])
        self.assertIn("S00154", str(person.found))
        # Of what stays, only contacts have a link for every employee.
        self.assertIn(f"/odoo/res.partner/{self.buyer.id}", str(person.kept))
        self.assertNotIn("S00154", str(person.kept))
        self.assertIn("Sales Orders:", str(person.kept))

    def test_nobody_else_opens_the_form(self):
        for name, group, may in (
            ("officer_2", OFFICER, True),
            ("administrator", "base.group_system", True),
            ("sales_manager", "sales_team.group_sale_manager", True),
            ("all_leads", "sales_team.group_sale_salesman_all_leads", False),
            ("accountant", "account.group_account_manager", False),
            ("designer", "website.group_website_designer", False),
            ("employee", "base.group_user", False),
        ):
            user = new_test_user(self.env, f"person_{name}", f"base.group_user,{group}")
            menu = self.env.ref("website_sale_trustedshops.menu_trustedshops_person")
            menus = self.env["ir.ui.menu"].with_user(user)
            with self.subTest(name):
                self.assertEqual(menu.id in menus._visible_menu_ids(), may)
                if may:
                    self.assertTrue(self._open(user=user).found)
                    continue
                with self.assertRaises(AccessError):
                    self._open(user=user)
                # Nor one that was never stored.
                people = self.env[PERSON].with_user(user)
                for field in ("found", "kept", "export_file"):
                    # Which empties the cache before, the record included.
                    with self.assertRaises(AccessError):
                        people.new({"email": EMAIL})[field]

    def test_companies_are_apart(self):
        ours, other = self.env.company, self._create_company(name="Other")
        protection = self._make_confirmed(name="S00154")
        protection.company_id = other
        self.assertNotIn("S00154", str(self._open().found))
        self.assertEqual(self._open().company_ids, ours)
        with self.assertRaises(AccessError):
            self._open(company_ids=other.ids)
        # An administrator can choose it.
        admin = new_test_user(self.env, "admin_of_ours", "base.group_system")
        for name in ("found", "kept", "export_file"):
            with self.assertRaisesRegex(AccessError, "in which you work"):
                self._open(user=admin, company_ids=other.ids).read([name])
        self.officer.company_ids = ours + other
        both = self.env[PERSON].with_context(allowed_company_ids=(ours + other).ids)
        self.env = both.env
        self.assertEqual(self._open().company_ids, ours + other)
        companies = self._read(self._open())["Companies"]
        self.assertEqual(companies[ours.name], {})
        self.assertEqual([*companies["Other"]], ["Buyer Protections"])
        found = str(self._open().found)
        self.assertIn("Other", found)
        self.assertIn("Nothing of this address is stored.", found)
        self.assertNotIn("S00154", str(self._open(company_ids=ours.ids).found))

    def test_the_company_of_an_order_is_proposed(self):
        other = self._create_company(name="Other")
        values = {"partner_id": self.buyer.id, "company_id": other.id}
        self.env["sale.order"].create(values)
        self.officer.company_ids += other
        both = self.officer.company_ids.ids
        people = self.env[PERSON].with_context(allowed_company_ids=both)
        self.env = people.env
        self.assertEqual(self._open().company_ids, other)

    def test_the_contact_hands_its_address_on(self):
        context = {"active_model": "res.partner", "active_id": self.buyer.id}
        people = self.env[PERSON].with_user(self.officer)
        for stored, handed_on in (
            (EMAIL, EMAIL),
            ("Erika Muster <Erika@muster.example>", EMAIL),
            ("erika@muster.example, max@x.example", EMAIL),
            ("erika at muster", "erika at muster"),
        ):
            with self.subTest(stored):
                self.buyer.email = stored
                form = Form(people.with_context(**context))
                self.assertEqual(form.email, handed_on)
        self.assertFalse(Form(people).email)
        bound = self.env["ir.actions.actions"].with_user(self.officer)
        names = [row["name"] for row in bound.get_bindings("res.partner")["action"]]
        self.assertIn("Trusted Shops: This Person", names)

    def test_the_log_says_who_but_not_of_whom(self):
        self._make_confirmed(name="S00154")
        person = self._open()
        person.invalidate_recordset()
        company = self.env.company.id
        for name, purpose in (("found", "shown"), ("export_file", "exported")):
            with self.assertLogs(LOGGER) as logs:
                self.assertTrue(person[name])
            self.assertEqual(
                [record.getMessage() for record in logs.records],
                [
                    f"Trusted Shops, data of a person: user {self.officer.id},"
                    f" {purpose}, company {company}, records: 1"
                ],
            )


class TestPersonRpc(TrustedShopsCommon, RpcCase):
    """The same over RPC, where the web client is not between."""

    def test_what_each_role_may_do(self):
        self._create_new_portal_user(login="portal_rpc", password="portal_rpc")
        for login, groups in (
            ("officer_rpc", OFFICER),
            ("salesman_rpc", "sales_team.group_sale_salesman"),
        ):
            new_test_user(self.env, login, groups=f"base.group_user,{groups}")
        spec = {"email": {}, "found": {}, "kept": {}, "export_file": {}}
        person = self.env[PERSON].create({"email": EMAIL})
        for login in ("officer_rpc", "salesman_rpc", "portal_rpc", None):
            self._log_in_as(login)
            may = login == "officer_rpc"
            for method, *args in (
                ("create", [{"email": EMAIL}]),
                ("web_save", [], {"email": EMAIL}, spec),
                ("onchange", [], {"email": EMAIL}, ["email"], spec),
                ("onchange", [], {}, [], spec),
            ):
                with self.subTest(login=login, method=method):
                    answer = self._try(PERSON, method, *args)
                    self.assertEqual(answer, "" if may else REFUSED)
            # What another user has on the screen.
            with self.subTest(login=login):
                answer = self._try(PERSON, "read", person.ids, ["found"])
                self.assertEqual(answer, REFUSED)
                answer = self._try(PERSON, "action_export", person.ids)
                self.assertEqual(answer, REFUSED)
        self._log_in_as("officer_rpc")
        for method in ("_find_sections", "_find_rows", "_trustedshops_find_by_address"):
            self.assertTrue(self._try(PERSON, method, EMAIL))
        values = [{"email": EMAIL, "company_ids": [Command.set([999999])]}]
        self.assertTrue(self._try(PERSON, "create", values))


class TestPersonHttp(TrustedShopsCommon, PatientHttpCase):
    """The file as the browser fetches it."""

    def test_only_who_asked_downloads_the_file(self):
        self._make_queued(name="S00154")
        self._create_new_portal_user(login="portal_file", password="portal_file")
        for login, groups in (
            ("officer_file", OFFICER),
            ("officer_else", OFFICER),
            ("manager_file", "sales_team.group_sale_manager"),
        ):
            new_test_user(self.env, login, groups=f"base.group_user,{groups}")
        officer = self.env["res.users"].search([("login", "=", "officer_file")])
        person = self.env[PERSON].with_user(officer).create({"email": EMAIL})
        url = person.action_export()["url"]
        self.env.flush_all()
        for login in ("officer_else", "manager_file", "portal_file", None):
            self.authenticate(login, login)
            with self.subTest(login=login):
                answer = self.url_open(url)
                self.assertNotEqual(answer.status_code, 200)
                self.assertNotIn("S00154", answer.text)
        self.authenticate("officer_file", "officer_file")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("S00154", answer.text)
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        self.assertIn("trusted_shops.json", answer.headers["Content-Disposition"])
        self.assertNotIn("public", answer.headers["Cache-Control"])
