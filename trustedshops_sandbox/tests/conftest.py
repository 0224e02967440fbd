# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The sandbox as a process of its own: one for all tests, one for a test alone."""

import pytest

from rest_client import Rest
from sandbox_process import Sandbox


@pytest.fixture(scope="session")
def shared_sandbox(tmp_path_factory):
    """One process for the tests that do not kill it."""
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox") / "state.db")
    yield sandbox.start()
    sandbox.stop()


@pytest.fixture
def sandbox(shared_sandbox):
    """The shared process with nothing but its seeded certificates."""
    shared_sandbox.put("reset")
    shared_sandbox.put("seed")
    return shared_sandbox


@pytest.fixture
def own_sandbox(tmp_path):
    """A process that the test may kill."""
    sandbox = Sandbox(tmp_path / "state.db").start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def rest(sandbox):
    """A client of the REST side of the shared process, logged in."""
    return Rest(sandbox).log_in()
