# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import TrustedShopsCommon
from .rpc_common import RpcCase

CERTIFICATE = "trustedshops.certificate"
PROTECTION = "trustedshops.protection"
ITEM = "trustedshops.protection.item"
MODELS = (CERTIFICATE, PROTECTION, ITEM)
PASSWORD, WS_USER = "wspass-0815", "wsuser-4711"
# What only administrators may see, or set.
SECRET_FIELDS = ("ws_user", "ws_password", "new_ws_password")
# Links to invoices, for those who may read invoices.
INVOICE_FIELDS = ("invoice_ids", "credit_note_ids")
# Read by nobody but this addon.
HIDDEN_FIELDS = ("fee_line_ids", "mail_id", "mail_reference")
# What nobody writes but Trusted Shops and this addon; the last line is computed.
SERVICE_FIELDS = (
    *("answer_source", "certificate_language", "guarantee_amount"),
    *("guarantee_currency_id", "hold_reason", "item_ids", "items_checked_at"),
    *("last_attempt_at", "last_check_at", "last_check_error"),
    *(
        "limited_until",
        "refused_at",
        "answered_model",
        "rating_at",
        "website_checked_at",
    ),
    *("rating_count", "rating_value", "shop_url", "state"),
    *("shown", "valid_from", "valid_to"),
    *("company_id", "lang_match", "shop_match"),
)
REFUSED = "odoo.exceptions.AccessError"
ROLES = {
    "employee": "base.group_user",
    "salesman": "sales_team.group_sale_salesman",
    "all_leads": "sales_team.group_sale_salesman_all_leads",
    "billing": "account.group_account_invoice",
    "accountant": "account.group_account_manager",
    "editor": "website.group_website_restricted_editor",
    "designer": "website.group_website_designer",
    "administrator": "base.group_system",
}
# Who may do what: r(ead), w(rite), c(reate), d(elete).
RIGHTS = {
    **dict.fromkeys(
        ("public", "portal", "employee", "editor"), dict.fromkeys(MODELS, "")
    ),
    **dict.fromkeys(("salesman", "all_leads"), dict.fromkeys(MODELS, "r")),
    **dict.fromkeys(
        ("billing", "accountant"), {CERTIFICATE: "r", PROTECTION: "rw", ITEM: "r"}
    ),
    "designer": {CERTIFICATE: "rwc", PROTECTION: "", ITEM: "r"},
    "administrator": {CERTIFICATE: "rwcd", PROTECTION: "r", ITEM: "r"},
}
READERS = [role for role, rights in RIGHTS.items() if "r" in rights[CERTIFICATE]]


class RpcCommon(TrustedShopsCommon, RpcCase):
    """One user of each role, who calls as the web client does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_new_portal_user(login="portal_rpc", password="portal_rpc")
        for role, group in ROLES.items():
            new_test_user(
                cls.env,
                f"{role}_rpc",
                groups=f"base.group_user,base.group_allow_export,{group}",
                lang="en_US",
            )

    def setUp(self):
        super().setUp()
        self.protection = self._make_queued()
        self.protection.order_id.user_id = False  # so every salesman's
        item = self.certificate.item_ids[0]
        records = (self.certificate, self.protection, item)
        self.records = dict(zip(MODELS, records, strict=True))

    def _log_in(self, role):
        self._log_in_as(None if role == "public" else f"{role}_rpc")

    def assertRefused(self, *call, **kwargs):
        self.assertEqual(self._try(*call, **kwargs), REFUSED)

    def _get_spec(self):
        """Return what the certificate's form asks for, as the web client makes it."""
        views = self._call(CERTIFICATE, "get_views", [[False, "form"], [False, "list"]])
        fields = views["models"][CERTIFICATE]["fields"]
        lines = views["models"][ITEM]["fields"]
        spec = {name: {} for name in fields}
        for name in ("website_id", "lang_id", "user_id", "fee_product_id"):
            spec[name] = {"fields": {"display_name": {}}}
        spec["item_ids"] = {"fields": {name: {} for name in lines}}
        return spec


@tagged("full")
class TestRightsRpc(RpcCommon):
    """Who may read and write each model and field."""

    QUICK = (
        "test_each_role_does_with_each_model_what_the_table_says",
        "test_only_administrators_write_secrets",
    )

    def test_each_role_does_with_each_model_what_the_table_says(self):
        found = {}
        for role in RIGHTS:
            self._log_in(role)
            found[role] = {
                model: "".join(
                    letter
                    for letter, method in zip(
                        "rwcd", ("read", "write", "create", "unlink"), strict=True
                    )
                    if self._may(model, method)
                )
                for model in MODELS
            }
        self.assertEqual(found, RIGHTS)

    def _may(self, model, method):
        """Tell whether access is granted; other refusals come after that."""
        record_id = self.records[model].id
        args = {
            "read": ([record_id], ["id"]),
            "write": ([record_id], {}),
            "create": ({"ts_id": ""},),
            "unlink": ([record_id],),
        }[method]
        return self._try(model, method, *args) != REFUSED

    def test_who_reads_a_model_reads_every_field_that_is_no_secret(self):
        for role, rights in RIGHTS.items():
            self._log_in(role)
            refused = {*HIDDEN_FIELDS, *SECRET_FIELDS}
            if role == "administrator":
                refused = {*HIDDEN_FIELDS, *INVOICE_FIELDS, "ws_password"}
            for model, record in self.records.items():
                if "r" not in rights[model]:
                    continue  # refused before any field is looked at
                names = record._fields.keys()
                with self.subTest(role=role, model=model):
                    others = sorted(names - refused)
                    self.assertEqual(self._try(model, "read", record.ids, others), "")
                    for name in names & refused:
                        self.assertRefused(model, "read", record.ids, [name])

    def _get_ways_to_read(self, name):
        """Return the calls by which a field of a certificate comes out."""
        ids, domain = self.certificate.ids, [["id", "=", self.certificate.id]]
        listed = f"{name}:array_agg"
        return [
            ("read", ids, [name]),
            ("web_read", ids, {name: {}}),
            ("search_read", domain, [name]),
            ("search", [[name, "=like", "ws%"]]),
            ("search", [], 0, None, f"{name} desc"),
            ("export_data", ids, [name]),
            ("onchange", ids, {}, [], {name: {}}),
            ("web_save", ids, {}, {name: {}}),
            ("formatted_read_group", domain, [name], ["__count"]),
            ("formatted_read_group", domain, [], [listed]),
            ("formatted_read_group", domain, ["state"], [], [[listed, "!=", "x"]]),
            ("formatted_read_group", domain, ["state"], [], [], 0, None, listed),
            ("formatted_read_grouping_sets", domain, [["state"]], [listed]),
            ("web_read_group", domain, ["state"], [listed]),
        ]

    def test_users_get_a_password_by_no_call_nor_others_the_user_name(self):
        for role in RIGHTS:
            self._log_in(role)
            names = ("ws_password", "ws_user")
            for name in names[: 1 if role == "administrator" else 2]:
                for way in self._get_ways_to_read(name):
                    if role not in ROLES and way[0] == "export_data":
                        continue  # these export nothing at all
                    with self.subTest(role=role, way=way):
                        self.assertRefused(CERTIFICATE, *way)
            if role != "administrator":
                values = self._prepare_new(ws_password="mine")
                self.assertRefused(CERTIFICATE, "copy", self.certificate.ids, values)

    def test_nobody_finds_a_password_through_another_record(self):
        name = "certificate_id.ws_password"
        for role in READERS:
            self._log_in(role)
            path = ["item_ids/certificate_id/ws_password"]
            self.assertRefused(CERTIFICATE, "export_data", self.certificate.ids, path)
            for model in (PROTECTION, ITEM):
                if "r" not in RIGHTS[role][model]:
                    continue
                ids = self.records[model].ids
                for way in (
                    ("search", [[name, "=like", "ws%"]]),
                    ("formatted_read_group", [], [name]),
                    ("web_read_group", [], [name]),
                    ("export_data", ids, ["certificate_id/ws_password"]),
                ):
                    with self.subTest(role=role, model=model, way=way):
                        self.assertRefused(model, *way)

    def test_only_administrators_write_secrets(self):
        found = {}
        for role in READERS:
            self._log_in(role)
            for name in SECRET_FIELDS:
                for method, args in {
                    "write": (self.certificate.ids, {name: "mine"}),
                    "web_save": (self.certificate.ids, {name: "mine"}, {}),
                }.items():
                    found[role, name, method] = self._try(CERTIFICATE, method, *args)
        expected = {key: "" if key[0] == "administrator" else REFUSED for key in found}
        self.assertEqual(found, expected)
        self.assertEqual(self.certificate.ws_password, "mine")

    def _get_forged(self):
        """Return a wrong value for each field that nobody may enter."""
        fields = self.env[CERTIFICATE]._fields
        forged = {
            "char": "forged",
            "date": "2099-01-01",
            "datetime": "2099-01-01 00:00:00",
            "float": 5,
            "integer": 1000,
            "monetary": 5,
            "json": ["protection_model"],
            "one2many": [Command.create({"ts_product_id": "free"})],
            "many2one": 1,
        }
        selections = {
            "state": "production",
            "answered_model": "excellence",
            "answer_source": "soap",
            "hold_reason": "login",
            "shop_match": "match",
            "lang_match": "match",
        }
        return {
            name: selections.get(name) or forged[fields[name].type]
            for name in SERVICE_FIELDS
        }

    def test_nobody_writes_or_creates_with_what_only_trusted_shops_says(self):
        for role in ("designer", "administrator"):
            self._log_in(role)
            for name, value in self._get_forged().items():
                values = {name: value}
                with self.subTest(role=role, field=name):
                    self.assertRefused(
                        CERTIFICATE, "write", self.certificate.ids, values
                    )
                    new = self._prepare_new(**values)
                    self.assertRefused(CERTIFICATE, "create", new)

    # === WHOSE PROTECTION IT IS === #

    def test_nobody_enters_what_the_shop_notes_on_an_order(self):
        order, other = self.protection.order_id, self._make_queued()
        self.env["res.users"].search(
            [("login", "=", "administrator_rpc")]
        ).group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        link = "trustedshops_protection_id"
        given = [{link: value} for value in (other.id, False, self.protection.id)]
        given += [
            {"trustedshops_certificate_id": False},
            {"trustedshops_card_delivered_at": "2026-11-02 10:00:00"},
            {"trustedshops_registration_opened_at": "2026-11-02 10:00:00"},
            {"trustedshops_was_offered": True},
        ]
        for role in ("salesman", "all_leads", "administrator"):
            self._log_in(role)
            for values in given:
                new = {"partner_id": self.buyer.id, **values}
                for method, *args in (
                    ("write", order.ids, values),
                    ("web_save", order.ids, values, {}),
                    ("copy", order.ids, values),
                    ("create", new),
                ):
                    with self.subTest(role=role, values=values, method=method):
                        self.assertRefused("sale.order", method, *args)
        self.assertEqual(order.trustedshops_protection_id, self.protection)
        # Nor does a default of the caller.
        self._log_in("salesman")
        context = {f"default_{link}": self.protection.id}
        new = {"partner_id": self.buyer.id}
        self.assertRefused("sale.order", "create", new, context=context)

    def test_nobody_links_a_transaction_to_a_protection(self):
        transaction = self._pay(self.protection.order_id, "done")
        self._log_in("administrator")
        for value in (self.protection.id, False):
            values = {"trustedshops_protection_id": value}
            self.assertRefused("payment.transaction", "write", transaction.ids, values)

    def test_a_salesman_changes_and_copies_a_quotation_with_a_choice(self):
        order, _protection = self._make_ticked()
        order.user_id = self.env["res.users"].search([("login", "=", "salesman_rpc")])
        self._log_in("salesman")
        line = order.order_line.filtered(lambda each: each.product_id == self.goods)
        copy_id = self._call("sale.order", "copy", order.ids)
        [copy_id] = copy_id if isinstance(copy_id, list) else [copy_id]
        values = {"order_line": [Command.update(line.id, {"product_uom_qty": 3})]}
        self._call("sale.order", "write", order.ids, values)
        copy = order.browse(copy_id)
        self.assertFalse(copy.trustedshops_protection_id)
        self.assertEqual((order + copy).mapped("amount_total"), [300.98, 100.0])
        self._call("sale.order", "action_confirm", order.ids)
        self.assertFalse(order.trustedshops_protection_id)
        self.assertEqual(order.amount_total, 300.0)

    def _prepare_new(self, **values):
        return {
            "ts_id": "X" + "7" * 32,
            "website_id": self.website.id,
            "lang_id": self.langs["pl_PL"].id,
            **values,
        }

    def _create_over_rpc(self, **kwargs):
        """Return a certificate of which nothing is known but what was given."""
        return self.env[CERTIFICATE].browse(
            self._call(CERTIFICATE, "create", self._prepare_new(), **kwargs)
        )

    def test_no_default_of_a_caller_replaces_what_trusted_shops_says(self):
        own = self.env[CERTIFICATE]._trustedshops_guarded_fields
        forged = self._get_forged()
        defaults = {f"default_{name}": forged[name] for name in own & forged.keys()}
        for role in ("designer", "administrator"):
            with self.subTest(role=role):
                self._log_in(role)
                for name, value in defaults.items():
                    context = {name: value}
                    refused = self._try(
                        CERTIFICATE, "create", self._prepare_new(), context=context
                    )
                    self.assertEqual(refused, REFUSED, name)

    def test_no_default_of_a_user_replaces_what_trusted_shops_says(self):
        self._log_in("designer")
        for name in ("state", "hold_reason", "shop_match"):
            value = self._get_forged()[name]
            self._call("ir.default", "set", CERTIFICATE, name, value, True)
        certificate = self._create_over_rpc()
        self.assertValues(
            certificate, state="draft", hold_reason=False, shop_match="unknown"
        )

    def test_no_default_of_a_designer_becomes_the_login(self):
        self._log_in("designer")
        for name in SECRET_FIELDS:
            with self.subTest(field=name):
                context = {f"default_{name}": "mine"}
                values = self._prepare_new()
                self.assertRefused(CERTIFICATE, "create", values, context=context)

    def test_an_id_changed_over_rpc_is_asked_about_in_the_background(self):
        certificate = self._make_certificate(**self._prepare_new())
        self.assertTrue(certificate.last_attempt_at)
        self._log_in("designer")
        self.service.calls.clear()
        values = {"ts_id": "X" + "8" * 32, "badge_shown": False}
        self._call(CERTIFICATE, "write", certificate.ids, values)
        self.assertEqual(self.service.calls, [])
        self.assertValues(
            certificate,
            state="draft",
            last_attempt_at=False,
            protection_model=False,
        )

    def test_a_customer_does_not_read_which_certificate_serves_him(self):
        order = self.protection.order_id
        order.partner_id = (
            self.env["res.users"].search([("login", "=", "portal_rpc")]).partner_id
        )
        self._log_in("portal")
        field = ["trustedshops_certificate_id"]
        self.assertRefused("sale.order", "read", order.ids, field)

    # === EXPORTS AND COPIES === #

    def test_saving_a_password_answers_without_it(self):
        self._log_in("administrator")
        spec, ids = self._get_spec(), self.certificate.ids
        typed = {"new_ws_password": "new-0815"}
        changed = self._call(CERTIFICATE, "onchange", ids, typed, [], spec)
        saved = self._call(CERTIFICATE, "web_save", ids, typed, spec)
        self.assertEqual(self.certificate.ws_password, "new-0815")
        self.assertNotIn("new-0815", json.dumps(saved))
        self.assertNotIn(PASSWORD, json.dumps([changed, saved]))
        # An empty one keeps what is stored.
        for empty in (False, "", None):
            self._call(CERTIFICATE, "write", ids, {"new_ws_password": empty})
        self.assertEqual(self.certificate.ws_password, "new-0815")

    def test_the_dialog_of_exports_offers_no_password(self):
        self._log_in("administrator")
        fields = self._call(CERTIFICATE, "fields_get", [], ["exportable"])
        self.assertTrue(fields["ts_id"]["exportable"])
        for name in ("ws_password", "new_ws_password"):
            self.assertFalse(fields.get(name, {}).get("exportable"))

    def test_a_copy_over_rpc_has_no_login_and_no_answer(self):
        for role in ("designer", "administrator"):
            with self.subTest(role=role):
                self._log_in(role)
                [copy_id] = self._call(
                    CERTIFICATE, "copy", self.certificate.ids, self._prepare_new()
                )
                copy = self.env[CERTIFICATE].browse(copy_id)
                self.assertValues(copy, ws_user=False, ws_password=False, state="draft")
                self.assertFalse(copy.item_ids)
                copy.unlink()

    def test_the_buttons_do_what_the_role_may(self):
        ids = self.certificate.ids
        calls = {
            "action_check_now": {},
            "action_enable": {},
            "action_use_order_words": {},
        }
        found = {}
        for role in RIGHTS:
            self._log_in(role)
            found[role] = {
                name: self._try(CERTIFICATE, name, ids, **kwargs)
                for name, kwargs in calls.items()
            }
        expected = {
            role: dict.fromkeys(calls, "" if "w" in rights[CERTIFICATE] else REFUSED)
            for role, rights in RIGHTS.items()
        }
        self.assertEqual(found, expected)


@tagged("full")
class TestRightsCompanies(RpcCommon):
    """Users of one company see and change nothing of another one's certificates."""

    QUICK = ("test_nobody_changes_a_certificate_of_the_other_company",)

    def setUp(self):
        super().setUp()
        self.other = self.env["res.company"].create({"name": "Other"})
        self.other_website = self.env["website"].create(
            {"name": "Other shop", "company_id": self.other.id}
        )
        for role in ("designer", "administrator"):
            new_test_user(
                self.env,
                f"other_{role}_rpc",
                groups=f"base.group_user,{ROLES[role]}",
                company_id=self.other.id,
                company_ids=[Command.set(self.other.ids)],
            )

    def test_nobody_changes_a_certificate_of_the_other_company(self):
        ids = self.certificate.ids
        for role in ("designer", "administrator"):
            self._log_in(f"other_{role}")
            for method, args in {
                "write": (ids, {"badge_shown": False}),
                "web_save": (ids, {"badge_shown": False}, {"ts_id": {}}),
                "action_archive": (ids,),
                "action_check_now": (ids,),
                "get_website_pages": (ids,),
                "check_website": (ids, []),
                "onchange": (ids, {}, [], {"fee_label": {}, "health": {}}),
            }.items():
                with self.subTest(role=role, method=method):
                    self.assertRefused(CERTIFICATE, method, *args)
        self.assertTrue(self.certificate.badge_shown)

    def test_no_certificate_gets_on_a_website_of_the_other_company(self):
        certificate = self._make_certificate(
            ts_id="X" + "7" * 32, lang_id=self.langs["pl_PL"].id
        )
        values = {"website_id": self.other_website.id, "lang_id": False}
        new = {**values, "ts_id": "X" + "8" * 32}
        for role in ("designer", "administrator"):
            self._log_in(role)
            with self.subTest(role=role):
                self.assertRefused(CERTIFICATE, "create", new)
                self.assertRefused(CERTIFICATE, "write", certificate.ids, values)
        self.assertEqual(certificate.website_id, self.website)

    def test_the_settings_show_only_certificates_of_the_own_company(self):
        self._log_in("other_administrator")
        found = self._call(
            "res.config.settings",
            "onchange",
            [],
            {"website_id": self.website.id},
            ["website_id"],
            {"trustedshops_summary": {}},
        )
        self.assertNotIn(self.certificate.ts_id, json.dumps(found))
