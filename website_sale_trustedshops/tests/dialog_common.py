# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

GROUPS = (
    "base.group_system,website.group_website_designer,sales_team.group_sale_manager"
    ",account.group_account_manager"
)


class DialogCommon:
    """Two users who may do everything and have nothing to do with an open dialog."""

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

    def assertAllPrivate(self, addon, tested):
        """Check that no dialog of an addon was forgotten."""
        own = {
            model._name
            for model in self.env.values()
            if model._transient and model._original_module == addon
        }
        self.assertEqual(set(tested), own)
