# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import inspect

from odoo.http import Controller
from odoo.tests import TransactionCase

from .common import find_our_addons


def get_addon(cls):
    """Return the name of the addon of a class, None if it is of none.

    :param type cls: any class
    :rtype: str or None
    """
    place = cls.__module__.split(".")
    return place[2] if place[:2] == ["odoo", "addons"] else None


def list_orphans(cls, later):
    """Return our methods of a class that call a method of ``super`` which is gone.

    :param type cls: of one of our addons
    :param later: classes whose methods ``super`` finds
    :type later: list of type
    :rtype: list of str
    """
    return [
        f"{cls.__module__}.{name}"
        for name, value in vars(cls).items()
        if inspect.isfunction(value)
        and "__class__" in inspect.unwrap(value).__code__.co_freevars
        and not any(name in vars(each) for each in later)
    ]


class _Core:
    def stays(self):
        return 1


class _Ours(_Core):
    def stays(self):
        return super().stays()

    def goes(self):
        return super().goes()


class TestOverrides(TransactionCase):
    """Odoo still has each method that we override: else it would never call ours."""

    def _find_orphans(self, classes):
        """Return our methods without a parent, and the addons that were looked at."""
        ours = find_our_addons(self.env)
        found, seen = [], set()
        for whole in classes:
            line = inspect.getmro(whole)
            for place, cls in enumerate(line, start=1):
                if get_addon(cls) in ours and cls not in seen:
                    seen.add(cls)
                    found += list_orphans(cls, line[place:])
        self.assertGreater(len(seen), 5)
        return found, {get_addon(cls) for cls in seen}

    def test_models_override_methods_that_odoo_has(self):
        models = [type(self.env[name]) for name in self.env.registry]
        found, addons = self._find_orphans(models)
        self.assertEqual(found, [])
        self.assertCountEqual(addons, find_our_addons(self.env))

    def test_controllers_override_methods_that_odoo_has(self):
        def list_subclasses(cls):
            for each in cls.__subclasses__():
                yield each
                yield from list_subclasses(each)

        found, _addons = self._find_orphans(list_subclasses(Controller))
        self.assertEqual(found, [])

    def test_override_of_a_method_that_is_gone_is_found(self):
        [orphan] = list_orphans(_Ours, [_Core])
        self.assertRegex(orphan, "test_overrides.goes$")
