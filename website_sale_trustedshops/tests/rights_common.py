# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from inspect import isfunction, signature

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method

from .dialog_common import DialogCommon
from .rpc_common import RpcCase

# How the names of all our addons begin, for methods that a model has from a mixin.
FAMILY = ("website_sale_trustedshops", "website_sale_withdrawal")
REFUSED = "odoo.exceptions.AccessError"
# Methods of the framework that our models extend: what else they need than an id.
FRAMEWORK = {"write": [{}], "web_save": [{}, {}]}
# Those of it that take no id.
WITHOUT_ID = {
    "create",
    "default_get",
    "fields_get",
    "get_empty_list_help",
    "get_import_templates",
}


def list_public_methods(env, addons):
    """Return the methods of our addons that a web client may call.

    Methods of core on models of core are left out, because their rights are core's.

    :param tuple[str] addons: beginnings of their technical names, each with a dot
    :return: pairs of model and name of the method
    :rtype: set
    """
    found = set()
    for model in env.values():
        if model._abstract:
            ancestors = {*env.registry.descendants([model._name], "_inherit")}
            if ancestors - {model._name}:
                continue  # a mixin: its methods are those of its models
        is_ours = f"{model._original_module}.".startswith(addons)
        beginnings = tuple(
            f"odoo.addons.{each}" for each in (FAMILY if is_ours else addons)
        )
        for name in dir(type(model)):
            homes = [each for each in type(model).__mro__ if name in vars(each)]
            own = [each for each in homes if each.__module__.startswith(beginnings)]
            if not is_ours:
                # A mixin's methods stand in the table of the model's own addon.
                own = [each for each in own if not each._abstract]
            is_cores = own != homes and not is_ours
            if own and not is_cores and isfunction(vars(own[0])[name]):
                try:
                    get_public_method(model, name)
                except AccessError:
                    continue
                found.add((model._name, name))
    return found


class RightsTableCommon(DialogCommon, RpcCase):
    """The table of rights: each public method about a record of another company.

    It is made from the models. A new method has its row at once, and fails until it
    refuses the record to every role, or is entered with its arguments or its reason.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_new_portal_user(login="portal_rights", password="portal_rights")
        portal = cls.env["res.users"].search([("login", "=", "portal_rights")])
        cls.strangers += [portal, cls.env.ref("base.public_user")]

    def assertForeignRefused(self, addons, records, harmless=(), arguments=None):
        """Check the table of some addons.

        :param tuple[str] addons: see :func:`list_public_methods`
        :param records: one record of each model with such methods
        :param harmless: pairs of model and method that take no id, or read nothing of
            the record
        :param dict arguments: what methods need beside an id, by pair
        """
        by_model = {record._name: record for record in records}
        for model, name in sorted(list_public_methods(self.env, addons)):
            if name in WITHOUT_ID or (model, name) in harmless:
                continue
            self.assertIn(model, by_model, f"{name}: the test has no record")
            record = by_model[model]
            args = (arguments or {}).get((model, name), FRAMEWORK.get(name, []))
            # Raises a TypeError if a new method needs more.
            signature(getattr(record, name)).bind(*args)
            for user in self.strangers:
                self.caller = user
                with self.subTest(model=model, method=name, role=user.login):
                    self.assertEqual(self._try(model, name, record.ids, *args), REFUSED)
