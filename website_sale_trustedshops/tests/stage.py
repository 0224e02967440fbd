# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What most test classes begin with, made once in the database that all tests copy.

Its records are the attributes of a class; a system parameter remembers which. Without
it, as when Odoo runs the tests by itself, each class makes its own.
"""

import json
from functools import cache

from odoo.models import BaseModel
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import config

KEY = "trustedshops.stage"
PLAIN = (bool, float, int, str)


@cache
def is_here():
    """Return True if the database has a stage."""
    with Registry(get_db_name()).cursor() as cr:
        cr.execute("SELECT 1 FROM ir_config_parameter WHERE key = %s", [KEY])
        return bool(cr.fetchone())


def build(test_class):
    """Set up a test class, and commit what it made and which attribute is what.

    :param test_class: does not call :func:`restore` yet
    """
    # Of its own, so that it has no attributes but those of the set-up.
    stage = type("Stage", (test_class,), {})
    known = set(vars(stage))
    config["test_enable"] = True  # nothing is mailed or installed
    stage.setUpClass()
    try:
        made = {name: value for name, value in vars(stage).items() if name not in known}
        parameters = stage.env["ir.config_parameter"]
        parameters.set_param(KEY, json.dumps(store(made)))
        stage.env.flush_all()
        stage.commit_patcher.stop()
        stage.cr.commit()
    finally:
        stage.doClassCleanups()


def read(env):
    """Return the attributes of the stage as :func:`store` returned them."""
    return json.loads(env["ir.config_parameter"].get_param(KEY))


def restore(test_class, stored):
    """Give a test class, which has its ``env``, attributes that were stored.

    :param dict stored: as :func:`store` returned them
    """
    for name, value in stored.items():
        setattr(test_class, name, _read(test_class.env, value))


def store(attributes):
    """Return attributes as JSON can hold them, without what it cannot.

    :param dict attributes: values by their names
    :rtype: dict
    """
    return {
        name: _store(value) for name, value in attributes.items() if _can_store(value)
    }


def _can_store(value):
    if isinstance(value, dict):
        return all(map(_can_store, value.values()))
    return isinstance(value, (BaseModel, *PLAIN))


def _store(value):
    """Return one value as JSON can hold it."""
    if isinstance(value, BaseModel):
        return {"model": value._name, "ids": value.ids}
    if isinstance(value, dict):
        return {"dict": {key: _store(each) for key, each in value.items()}}
    return {"plain": value}


def _read(env, stored):
    """Return the value that :func:`_store` made JSON of."""
    if "model" in stored:
        return env[stored["model"]].browse(stored["ids"])
    if "dict" in stored:
        return {key: _read(env, each) for key, each in stored["dict"].items()}
    return stored["plain"]
