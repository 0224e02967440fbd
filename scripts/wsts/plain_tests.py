# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A pytest plugin: runs the tests of ``lib/`` without Odoo."""

import sys
import types
import unittest

import pytest

from .machine import ROOT
from .plain import load

# All that these tests need of Odoo: the class by which its own runner finds them.
sys.modules["odoo.tests"] = types.ModuleType("odoo.tests")
sys.modules["odoo.tests"].BaseCase = unittest.TestCase


class _Module(pytest.Module):
    """A test module with the name that it has inside Odoo."""

    def _getobj(self):
        addon, *parts = self.path.relative_to(ROOT).with_suffix("").parts
        return load(addon, ".".join(parts))


def pytest_pycollect_makemodule(module_path, parent):
    """Load test modules as parts of packages that run no code of their own."""
    return _Module.from_parent(parent, path=module_path)


def pytest_collect_directory(path, parent):
    """Take each folder as one, not as a package whose code runs."""
    return pytest.Dir.from_parent(parent, path=path)
