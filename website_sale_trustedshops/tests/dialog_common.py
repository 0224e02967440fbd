# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress
from itertools import product

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

GROUPS = (
    "base.group_system,website.group_website_designer,sales_team.group_sale_manager"
    ",account.group_account_manager"
)
# Of users in another company: each alone, and all together.
ROLES = (
    *GROUPS.split(","),
    "base.group_user",
    "sales_team.group_sale_salesman",
    "sales_team.group_sale_salesman_all_leads",
    "account.group_account_invoice",
    "website.group_website_restricted_editor",
    GROUPS,
)


class DialogCommon:
    """Users who may do everything and have nothing to do with an open dialog."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls._create_company(name="Dialogs elsewhere")
        cls.owner, cls.colleague, cls.stranger = (
            new_test_user(
                cls.env,
                f"dialog_{name}",
                groups=GROUPS,
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for name, company in (
                ("owner", cls.env.company),
                ("colleague", cls.env.company),
                ("stranger", other),
            )
        )

        cls.strangers = [
            new_test_user(
                cls.env,
                f"stranger_{number}",
                groups=f"base.group_user,{role}",
                company_id=other.id,
                company_ids=[Command.set(other.ids)],
            )
            for number, role in enumerate(ROLES)
        ]

    def _open_dialog(self, model, **values):
        """Return a dialog that its owner has on the screen."""
        dialog = self.env[model].with_user(self.owner).create(values)
        self.env.flush_all()
        return dialog

    def assertPrivate(self, dialog, action, **values):
        """Check that only the owner reads, changes and presses in a dialog.

        :param record dialog: with the rights of its owner
        :param str action: method of its button
        :param values: what somebody else tries to write
        """
        names = list(values)
        dialog.read(names)
        for user in (self.colleague, self.stranger):
            other = dialog.with_user(user)
            self.env.invalidate_all()
            self.assertFalse(other.search([("id", "in", other.ids)]))
            for name, call in (
                ("read", lambda: other.read(names)),  # noqa: B023
                ("write", lambda: other.write(values)),  # noqa: B023
                ("unlink", other.unlink),
                ("copy", other.copy),
                (action, getattr(other, action)),
            ):
                with self.subTest(dialog._name, user=user.login, call=name):
                    self.env.invalidate_all()
                    with self.assertRaises(AccessError):
                        call()

    def assertPointsToOwnRecords(self, model, **values):
        """Check that nobody of another company makes a dialog for these records."""
        for user, method in product(self.strangers, ("create", "web_save")):
            dialogs = self.env[model].with_user(user)
            options = () if method == "create" else ({},)
            with (
                self.subTest(model=model, role=user.login, method=method),
                self.assertRaises(AccessError),
            ):
                getattr(dialogs, method)(values, *options)

    def assertCompanyPrivate(self, expected, typed):
        """Check that no user of another company sees a row, nor anybody words in names.

        :param expected: names of models that must have rows, to be sure of the test
        :param typed: what people typed, and names must not contain
        """
        rows = {
            model: model.sudo().with_context(active_test=False).search([])
            for name, model in self.env.items()
            if name.startswith("trustedshops.")
            and "company_id" in model._fields
            and not (model._abstract or model._transient)
        }
        found = {model._name for model, records in rows.items() if records}
        self.assertLessEqual(set(expected), found)
        for records in rows.values():
            names = " ".join(each.display_name or "" for each in records)
            for words in typed:
                self.assertNotIn(words, names, records._name)
            for user, record in product(self.strangers, records):
                with self.subTest(record=record, role=user.login):
                    self.env.invalidate_all()
                    self.assertUnseen(record.with_user(user))

    def assertUnseen(self, record):
        """Check that a user neither finds nor reads a record."""
        with suppress(AccessError):  # of the whole model
            self.assertFalse(record.search([("id", "=", record.id)]))
        with self.assertRaises(AccessError):
            record.read(["display_name"])
        with self.assertRaises(AccessError):
            record.web_read({"display_name": {}})

    def assertAllPrivate(self, addon, tested):
        """Check that no dialog of an addon was forgotten."""
        own = {
            model._name
            for model in self.env.values()
            if model._transient and model._original_module == addon
        }
        self.assertEqual(set(tested), own)
