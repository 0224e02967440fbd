# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A pytest plugin: with ``--quick``, tests that are marked as full are left out.

Tests of the addons are marked by ``@tagged("full")``, others by ``pytest.mark.full``.
"""


def pytest_addoption(parser):
    """Offer the option."""
    parser.addoption("--quick", action="store_true", help="the quick ring alone")


def pytest_configure(config):
    """Declare the mark."""
    config.addinivalue_line("markers", "full: not in the quick ring")


def _is_full(item):
    """Return True if a test is not in the quick ring."""
    tags = getattr(getattr(item, "cls", None), "test_tags", ())
    return "full" in tags or item.get_closest_marker("full") is not None


def pytest_collection_modifyitems(config, items):
    """Leave out what the quick ring does without."""
    left_out = [item for item in items if config.getoption("quick") and _is_full(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
