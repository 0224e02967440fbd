# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import csv
from datetime import date, datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user
from odoo.tools import file_open, mute_logger

from ..hooks import uninstall_hook
from .reviews_common import EMAIL, ReviewsCommon


class TestConsentStaff(ReviewsCommon):
    """What staff enter, take back, erase, and how long it is kept."""

    is_frozen = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(cls.env, "clerk", "sales_team.group_sale_salesman")
        cls.boss = new_test_user(cls.env, "boss", "sales_team.group_sale_manager")

    # === ENTERED BY HAND === #
    def _enter(self, order, user=None, **values):
        """Return the consent that staff enter in the form of an order."""
        entries = self.env["trustedshops.consent.entry"].with_user(user or self.clerk)
        entry = entries.create(
            {"order_id": order.id, "source": "Telephone, Ms Weber", **values}
        )
        entry.action_enter()
        return order._trustedshops_get_consent()

    def test_a_consent_on_the_telephone(self):
        order = self._make_cart(user_id=self.clerk.id)
        order.action_confirm()
        moment = datetime(2026, 11, 1, 15, 30)
        self.assertValues(
            self._enter(order, moment=moment),
            kind="given",
            mode="manual",
            email=EMAIL,
            moment=moment,
            text=self._get_read_text("de_DE", "3 Jahre"),
            source="Telephone, Ms Weber",
            lang_id=self.langs["de_DE"].id,
            channel_id=self.channel.id,
            company_id=self.env.company.id,
        )

    def test_invalid_consents_cannot_be_entered(self):
        elsewhere = self._make_cart(user_id=self.clerk.id, website_id=False)
        order = self._make_cart(user_id=self.clerk.id)
        for values, error in (
            ({"email": "a@x.example, b@x.example"}, ValidationError),
            ({"moment": datetime(2026, 11, 2, 10, 0, 1)}, ValidationError),
            ({"text": " \n"}, ValidationError),
            ({"order": elsewhere, "text": "Yes"}, ValidationError),
            ({"user": self.boss}, None),
            ({"order": self._make_cart(user_id=self.boss.id)}, AccessError),
        ):
            with self.subTest(**values), self.env.cr.savepoint() as savepoint:
                values = {"order": order, **values}
                if error:
                    with self.assertRaises(error):
                        self._enter(**values)
                else:
                    self.assertTrue(self._enter(**values))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_entering_a_consent_needs_the_right_to_write_the_order(self):
        order = self._make_cart(user_id=self.clerk.id)
        self.env["ir.rule"].create(
            {
                "name": "Orders are only read",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "domain_force": "[(0, '=', 1)]",
                "perm_read": False,
            }
        )
        with self.assertRaises(AccessError):
            self._enter(order)
        self.assertEqual(self._get_rows(), [])

    def test_staff_cannot_enter_a_suppressed_address(self):
        order = self._make_cart(user_id=self.clerk.id)
        entries = self.env["trustedshops.consent.entry"].with_user(self.clerk)
        opened = entries.create({"order_id": order.id, "source": "Telephone"})
        suppression = self._suppress()
        for enter in (opened.action_enter, lambda: self._enter(order)):
            with self.assertRaisesRegex(UserError, "not invited any more"):
                enter()
        self.assertEqual(self._get_rows(), [])
        suppression.with_user(self.boss).action_end()
        self.assertTrue(self._enter(order))

    def test_erased_address_cannot_be_entered_and_is_stored_nowhere(self):
        self._suppress("erasure")
        order = self._make_cart(user_id=self.clerk.id)
        with self.assertRaises(UserError) as caught:
            self._enter(order)
        self.assertIn("tick the box", str(caught.exception))
        self.assertFalse(self.env["trustedshops.consent.entry"].search([]))
        self.assertEqual(self._get_rows(), [])

    # === IMPORTED === #
    def _import(self, *rows):
        """Return what Odoo's import answers to the rows of a file.

        Who imports has to see the orders, too.
        """
        self.manager.group_ids |= self.env.ref("sales_team.group_sale_manager")
        consents = self.env["trustedshops.consent"].with_user(self.manager)
        names = ["email", "moment", "text", "source", "order_id", "kind"]
        with mute_logger("odoo.models"):
            return consents.load(names[: len(rows[0])], [list(row) for row in rows])

    def test_consents_of_another_shop_system_are_imported(self):
        order = self._make_cart(name="OLD/1")
        row = (" Erika@Muster.example", "2026-10-01 08:00:00", "Ja", "Shop 6", "OLD/1")
        result = self._import(row)
        self.assertEqual(len(result["ids"] or ()), 1, result["messages"])
        self.assertValues(
            order._trustedshops_get_consent(),
            kind="given",
            mode="import",
            email=EMAIL,
            moment=datetime(2026, 10, 1, 8),
            text="Ja",
            source="Shop 6",
            channel_id=self.channel.id,
            lang_id=self.langs["de_DE"].id,
            company_id=self.env.company.id,
        )

    def test_invalid_rows_are_not_imported(self):
        self._make_cart(name="OLD/1")
        self._make_cart(name="OLD/2", website_id=False)
        good = (EMAIL, "2026-10-01 08:00:00", "Ja", "Shop 6", "OLD/1", "given")
        taken_back = (EMAIL, "", "", "Shop 6", "", "withdrawn")
        for place, value, words, *of in (
            (0, "", "not exactly one"),
            (0, "a@x.example, b@x.example", "not exactly one"),
            (1, "2026-11-02 10:00:01", "future"),
            (1, "", "when it was given"),
            (2, " ", "words"),
            (3, "", "where it is from"),
            (4, "OLD/3", "No matching record"),
            (4, "OLD/2", "no channel"),
            (5, "requested", "given or withdrawn"),
            (5, "ticked", "given or withdrawn"),
            (0, "", "not exactly one", taken_back),
            (1, "2026-11-02 10:00:01", "future", taken_back),
            (3, " ", "where it is from", taken_back),
        ):
            with self.subTest(place=place, value=value):
                [row] = of or [good]
                row = [*row[:place], value, *row[place + 1 :]]
                # The database would log the whole row, with the address.
                with self.assertNoLogs("odoo.sql_db", "ERROR"):
                    result = self._import(row)
                self.assertFalse(result["ids"])
                self.assertIn(words, result["messages"][0]["message"])
        self.assertEqual(self._get_rows(), [])
        self.assertFalse(self._is_suppressed())

    def test_import_refuses_the_order_of_another_buyer(self):
        order = self._make_cart(name="OLD/1")
        self.buyer.email = "Erika@BÜCHER.example"
        row = ["2026-10-01 08:00:00", "Ja", "Shop 6", "OLD/1"]
        result = self._import((EMAIL, *row))
        self.assertFalse(result["ids"])
        self.assertEqual(
            result["messages"][0]["message"],
            "The order OLD/1 belongs to another address. Leave the order out to keep"
            " the consent as proof.",
        )
        self.assertEqual(self._get_rows(), [])
        self.assertTrue(self._import((EMAIL, *row[:3], ""))["ids"])
        self.assertEqual(self._get_rows(order), [])
        # In another spelling it is the same.
        self.assertTrue(self._import(("erika@xn--bcher-kva.example", *row))["ids"])
        self.assertEqual(self._get_rows(order), [("given", "import")])
        # Staff who talk to the buyer know better.
        self.assertEqual(self._enter(order, self.boss, email=EMAIL).email, EMAIL)

    def test_consent_older_than_the_retention_is_not_imported(self):
        self.env.company.trustedshops_consent_years = 2
        self._make_cart(name="OLD/1")
        kept, old = "2024-01-01 00:00:00", "2023-12-31 23:59:59"
        for order in ("", "OLD/1"):
            with self.subTest(order):
                row = ["Ja", "Shop 6", order]
                result = self._import((EMAIL, kept, *row), (EMAIL, old, *row))
                self.assertFalse(result["ids"])
                [message] = result["messages"]
                self.assertEqual(message["record"], 1)
                self.assertIn("years: 2. Leave it out", message["message"])
        self.assertTrue(self._import((EMAIL, kept, *row))["ids"])
        # Who took it back a long time ago is not invited either.
        self._import((EMAIL, old, "", "Shop 6", "", "withdrawn"))
        self.assertTrue(self._is_suppressed())

    def test_imported_consent_without_order_is_only_a_proof(self):
        self._suppress()
        order = self._order(ticked=False)
        self._import((EMAIL, "2026-11-02 10:00:00", "Ja", "Shop 6", "", "given"))
        row = self.env["trustedshops.consent"].search([])
        self.assertValues(
            row,
            kind="given",
            mode="import",
            email=EMAIL,
            moment=datetime(2026, 11, 2, 10),
            text="Ja",
            source="Shop 6",
            order_id=False,
            channel_id=False,
            company_id=self.env.company.id,
        )
        self.assertFalse(order._trustedshops_get_consent())
        self._wait(hours=1)
        self.assertTrue(self._is_suppressed())

    def test_an_imported_withdrawal_stops_the_address(self):
        order = self._order()
        old, new = "2026-11-02 09:59:59", "2026-11-02 10:00:00"
        for moment, is_given in ((old, True), (new, False), ("", False)):
            with self.subTest(moment), self.env.cr.savepoint() as savepoint:
                result = self._import((EMAIL, moment, "", "Shop 6", "", "withdrawn"))
                self.assertEqual(len(result["ids"] or ()), 1, result["messages"])
                self.assertEqual(bool(order._trustedshops_get_consent()), is_given)
                self.assertEqual(self._is_suppressed(), not is_given)
                row = self.env["trustedshops.consent"].browse(result["ids"])
                self.assertEqual(str(row.moment), moment or new)
                savepoint.rollback()
                self.env.invalidate_all()
        self._import((EMAIL, "", "", "Shop 6", "", "withdrawn"))
        # Who agrees again is asked again.
        self._wait(hours=1)
        self.assertTrue(self._order()._trustedshops_get_consent())
        # An older withdrawal takes nothing from a newer one.
        stop = self.env["trustedshops.suppression"].search([])
        self._import((EMAIL, "2020-01-01 00:00:00", "", "Shop 6", "", "withdrawn"))
        self.assertValues(stop, reason="import", moment=datetime(2026, 11, 2, 10))

    def test_an_imported_withdrawal_may_name_its_order(self):
        order = self._make_cart(name="OLD/1")
        self._import((EMAIL, "", "", "Shop 6", "OLD/1", "Withdrawn"))
        row = self.env["trustedshops.consent"].search([])
        self.assertValues(row, kind="withdrawn", order_id=order.id, text=False)
        self._delete_person()
        self.assertValues(row, email=False, order_id=False)

    def test_the_file_to_fill_in_can_be_imported_as_it_is(self):
        self._make_cart(name="S00154")
        self.manager.group_ids |= self.env.ref("sales_team.group_sale_manager")
        consents = self.env["trustedshops.consent"].with_user(self.manager)
        [template] = consents.get_import_templates()
        self.assertEqual(template["label"], "Import Template for Consents")
        with file_open(template["template"].lstrip("/")) as file:
            header, *rows = csv.reader(file)
        names = ["email", "kind", "moment", "text", "source", "order_id"]
        labels = consents.fields_get(names, ["string"])
        self.assertEqual(header, [labels[name]["string"] for name in names])
        result = consents.load(names, rows)
        self.assertEqual(result["messages"], [])
        rows = self.env["trustedshops.consent"].browse(result["ids"])
        self.assertEqual(
            [(row.email, row.kind, row.order_id.name) for row in rows],
            [
                (EMAIL, "given", "S00154"),
                ("max@muster.example", "given", False),
                ("anna@muster.example", "withdrawn", False),
            ],
        )

    def test_erased_address_is_not_imported(self):
        self._make_cart(name="OLD/1")
        self._suppress("erasure")
        row = (" Erika@Muster.example", "2026-10-01 08:00:00", "Ja", "Shop 6", "OLD/1")
        result = self._import(row)
        self.assertFalse(result["ids"])
        self.assertIn("tick the box", result["messages"][0]["message"])
        self.assertNotIn("muster.example", result["messages"][0]["message"].lower())
        order = self.env["sale.order"].search([("name", "=", "OLD/1")])
        # Nor by a program that has all rights.
        for mode in ("manual", "import"):
            with self.assertRaises(UserError):
                self._add_consent(order, mode=mode)
        self.assertEqual(self._get_rows(), [])

    def test_an_administrator_adds_imports_only(self):
        self.manager.group_ids |= self.env.ref("sales_team.group_sale_manager")
        consents = self.env["trustedshops.consent"].with_user(self.manager)
        values = {
            "email": EMAIL,
            "moment": "2026-10-01 08:00:00",
            "text": "Yes",
            "source": "Shop 6",
            "order_id": self._make_cart().id,
        }
        for name, value in (
            ("kind", "requested"),
            ("kind", "ticked"),
            ("mode", "checkbox"),
            ("channel_id", self.channel.id),
            ("company_id", self.env.company.id),
            ("digest", "00"),
            ("mail_due", True),
            ("mailed_at", "2026-10-01 08:00:00"),
        ):
            with self.subTest(name=name):
                with self.assertRaises(AccessError):
                    consents.create({**values, name: value})
                proposing = consents.with_context(**{f"default_{name}": value})
                new = proposing.create(values).sudo()
                self.assertValues(new, kind="given", mode="import")
                self.assertNotEqual(new.digest, "00")

    def test_users_read_neither_ticks_nor_the_key(self):
        tick = self._tick(self._make_cart())
        for user in (self.boss, self.manager):
            with self.assertRaises(AccessError):
                tick.with_user(user).read(["text"])
        keys = self.env["ir.config_parameter"].search([("key", "like", "address_key")])
        with self.assertRaises(AccessError):
            keys.with_user(self.boss).read(["value"])

    # === TAKEN BACK === #
    def test_staff_take_a_consent_back(self):
        mine = self._order(user_id=self.clerk.id)
        other = self._order(user_id=self.boss.id)
        with self.assertRaises(AccessError):
            other.with_user(self.clerk).action_withdraw_consent()
        self.assertEqual(mine.trustedshops_consent_state, "given")
        mine.with_user(self.clerk).action_withdraw_consent()
        self.env.invalidate_all()
        self.assertEqual(
            (mine + other).mapped("trustedshops_consent_state"), ["withdrawn"] * 2
        )
        self.assertEqual(
            self.env["trustedshops.suppression"].search([]).mapped("reason"), ["staff"]
        )
        with self.assertRaises(UserError):
            mine.with_user(self.clerk).action_withdraw_consent()
        with self.assertRaises(UserError):
            self._make_cart().action_withdraw_consent()

    def test_rights_to_withdraw_in_the_list(self):
        consent = self._order()._trustedshops_get_consent()
        with self.assertRaises(AccessError):
            consent.with_user(self.clerk).action_withdraw()
        consent.with_user(self.boss).action_withdraw()
        self.assertTrue(self._is_suppressed())

    def test_a_manager_of_another_company_takes_no_consent_back(self):
        consent = self._order()._trustedshops_get_consent()
        elsewhere = self._create_company(name="Elsewhere")
        self.boss.write(
            {"company_id": elsewhere.id, "company_ids": [Command.set(elsewhere.ids)]}
        )
        with self.assertRaises(AccessError):
            consent.with_user(self.boss).action_withdraw()
        self.assertFalse(self._is_suppressed())

    # === ERASED === #
    def test_erasing_leaves_hashes_and_counts(self):
        order = self._order()
        consent = order._trustedshops_get_consent()
        other = self._order(partner_id=self.buyer.copy({"email": "max@x.example"}).id)
        self.assertTrue(order.transaction_ids.trustedshops_tick_id)
        self._delete_person("Erika@MUSTER.example")
        self.assertFalse(order.transaction_ids.trustedshops_tick_id)
        self.assertFalse(order._trustedshops_get_consent())
        self.assertTrue(other._trustedshops_get_consent())
        self.assertTrue(consent.privacy_url)
        suppression = self.env["trustedshops.suppression"].search([])
        self.assertEqual(suppression.reason, "erasure")
        self.assertEqual(consent.digest, suppression.digest)
        # The person may order again; he is not asked for a review by that.
        self._wait(hours=1)
        self._order()
        self.assertTrue(self._is_suppressed())

    def test_source_of_a_withdrawal_stays_after_the_erasure(self):
        typed = self._add_consent(mode="manual", source="Telephone, Ms Muster")
        typed._withdraw("link")
        row = self.env["trustedshops.consent"].search([("kind", "=", "withdrawn")])
        self._delete_person()
        self.assertValues(row, email=False, source="Link of the buyer")
        self.assertFalse(typed.source)

    def test_words_that_staff_entered_stay_without_the_person(self):
        self.buyer.name = "Erika Muster"
        order = self._make_cart(name="S00154")
        said = "I, Erika Muster (Erika@Muster.example), want to review S001540, S00154."
        rows = [
            self._add_consent(order, mode=mode, text=said)
            for mode in ("manual", "import", "checkbox")
        ]
        self._delete_person()
        self.assertEqual(
            [row.text for row in rows],
            ["I, … (…), want to review S001540, …."] * 2 + [said],
        )

    def test_words_that_staff_entered_name_the_person_in_no_spelling(self):
        self.buyer.name = "Dr. Li Weiß-Öztürk"
        said = (
            "Öztürk, WEISS: li@BÜCHER.example, Li@xn--bcher-kva.example. Frau weiß Li."
        )
        row = self._add_consent(
            self._make_cart(),
            mode="manual",
            text=said,
            email="li@xn--bcher-kva.example",
        )
        self._delete_person("li@bücher.example")
        self.assertEqual(row.text, "…, WEISS: …, …. Frau … Li.")

    def test_words_of_an_import_name_no_contact_of_the_address(self):
        self.buyer.write({"name": "Jo Wu-Öztürk", "active": False})
        for name in ("Jo", "Jo Wu", False):
            values = {"name": name, "type": "other", "email": " Erika@Muster.example"}
            self.buyer.copy(values)
        said = "Jo, Jo Wu, Frau Öztürk said yes."
        self._import((EMAIL, "2026-10-01 08:00:00", said, "Shop 6"))
        row = self.env["trustedshops.consent"].search([])
        self._delete_person()
        self.assertEqual(row.text, "…, …, Frau … said yes.")

    def test_no_form_keeps_an_address(self):
        order = self._make_cart(user_id=self.clerk.id)
        entries = self.env["trustedshops.consent.entry"]
        self._enter(order)
        self.assertFalse(entries.search([]))
        values = {"order_id": order.id, "source": "Telephone"}
        own, other = (
            entries.with_user(self.clerk).create({**values, "email": email})
            for email in (" Erika@MUSTER.example", "max@x.example")
        )
        self._delete_person()
        self.assertFalse(own.exists())
        self.assertTrue(other.exists())

    def test_link_of_a_consent_that_is_gone_takes_back_the_newer_ones(self):
        consents = self.env["trustedshops.consent"]
        for end in ("unlink", "erase"):
            with self.subTest(end):
                consent = self._order()._trustedshops_get_consent()
                token = consent._sign("stop")
                self._delete_person() if end == "erase" else consent.unlink()
                self._wait(hours=1)
                order, said = self._make_cart(), {"moment": datetime.now()}
                self._add_consent(order, mode="double_opt_in", **said)
                request = self._add_consent(self._make_cart(), "requested", **said)
                self.assertTrue(order._trustedshops_get_consent())
                self.assertTrue(request._is_waiting())
                self._stop_by_link(token)
                row = consents.search([("kind", "=", "withdrawn")], limit=1)
                self.assertValues(
                    row, email=EMAIL, source="Link of the buyer", moment=datetime.now()
                )
                self.assertFalse(order._trustedshops_get_consent())
                self.assertFalse(request._is_waiting())
                self._wait(hours=1)

    def test_rows_of_a_buyer_are_not_written_by_the_buyers_user(self):
        portal = self._create_new_portal_user(login="portal_buyer")
        order = self._make_cart()
        words = self._as_visitor(order)._trustedshops_get_review_words()
        of_portal = order.with_user(portal).sudo()
        of_portal._trustedshops_tick_review(True, words.version)
        self._finish(self._begin(of_portal))
        consent = of_portal._trustedshops_get_consent()
        consent._withdraw("link")
        request = self._add_consent(order, "requested").with_user(portal).sudo()
        request._confirm()
        rows = self.env["trustedshops.consent"].search([]) - request
        self.assertEqual(len(rows), 3)
        for row in (*rows, *self.env["trustedshops.suppression"].search([])):
            self.assertNotIn(portal, row.create_uid + row.write_uid)

    # === KEPT === #
    def test_how_long_each_row_is_kept(self):
        self.env.company.trustedshops_consent_years = 2
        moments = {
            "given": (datetime(2024, 1, 1), datetime(2023, 12, 31, 23, 59)),
            "withdrawn": (datetime(2024, 1, 1), datetime(2023, 12, 31, 23, 59)),
            "requested": (datetime(2026, 10, 26, 10), datetime(2026, 10, 26, 9, 59)),
            "ticked": (datetime(2026, 10, 3, 10), datetime(2026, 10, 3, 9, 59)),
        }
        kept = self.env["trustedshops.consent"]
        for kind, (young, old) in moments.items():
            kept += self._add_consent(kind=kind, moment=young)
            self._add_consent(kind=kind, moment=old)
        request = self._add_consent(kind="requested", moment=datetime(2026, 9, 1))
        confirmed = self._add_consent(request_id=request.id)
        self._run_cron("ir_cron_clean_consents")
        left = self.env["trustedshops.consent"].search([])
        self.assertEqual(left, kept + request + confirmed)

    def test_a_consent_is_kept_as_long_as_its_own_words_say(self):
        consent = self._order()._trustedshops_get_consent()
        for years in (10, 1):
            self.env.company.trustedshops_consent_years = years
            self.assertEqual(consent.kept_until, date(2029, 12, 31))
        self._freeze("2029-12-31 23:00:00")
        self._run_cron("ir_cron_clean_consents")
        self.assertTrue(consent.exists())
        self._freeze("2030-01-01 00:00:00")
        self._run_cron("ir_cron_clean_consents")
        self.assertFalse(consent.exists())

    def test_proofs_are_kept_for_three_years_unless_the_merchant_chooses(self):
        self.assertEqual(self.env.company.trustedshops_consent_years, 3)
        settings = self.env["res.config.settings"].create(
            {"website_id": self.website.id}
        )
        settings.trustedshops_consent_years = 5
        settings.execute()
        self.assertEqual(self.env.company.trustedshops_consent_years, 5)

    def test_the_key_goes_with_what_was_made_by_it(self):
        self._suppress()
        name = "website_sale_trustedshops_reviews.address_key"
        key = self.env["ir.config_parameter"].search([("key", "=", name)])
        self.assertTrue(key)
        uninstall_hook(self.env)
        self.assertFalse(key.exists())
