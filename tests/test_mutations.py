# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The small faults by which the tests are tried."""

import json

import pytest

from wsts import mutations
from wsts.machine import ROOT
from wsts.odoo import ADDONS

PYTHON = """
LIMIT = 3


class Model:
    name = Char(required=True)

    def act(self):
        \"\"\"Return what is left, if anything: 1.\"\"\"
        self.ensure_one()
        if self.a == "ä" and not self.b:
            self.state = "sent"
            self.tell(count=7)
        return self.rest()
"""


def find(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    return [
        (line, after.strip()) for line, _before, after in mutations.find_faults(path)
    ]


def test_faults_of_python_are_in_what_runs(tmp_path):
    assert find(tmp_path, "model.py", PYTHON) == [
        (11, 'if (not (self.a == "ä" and not self.b)):'),
        (11, 'if self.a != "ä" and not self.b:'),
        (11, 'if self.a == "ä" or not self.b:'),
        (12, "pass"),
        (13, "pass"),
        (13, "self.tell(count=8)"),
        (14, "return None"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "faults"),
    [
        ("a.js", "if (a && !b) {\n// a && b\n}", ["if (a || !b) {"]),
        ("a.xml", '<field name="a" groups="b.c" invisible="1"/>', 2),
    ],
)
def test_faults_of_scripts_and_pages(tmp_path, name, text, faults):
    found = [after for _line, after in find(tmp_path, name, text)]
    assert found == faults or len(found) == faults


def test_a_seed_draws_43_faults_from_all_areas():
    drawn = mutations.draw(26, mutations.AREAS)
    assert drawn == mutations.draw(26, mutations.AREAS)
    assert drawn != mutations.draw(27, mutations.AREAS)
    assert len(drawn) == 43
    assert {fault["area"] for fault in drawn} == set(mutations.AREAS)


def test_20_faults_are_drawn_for_the_oracle():
    drawn = mutations.draw(26, mutations.ORACLE_AREAS)
    assert len(drawn) == 20
    assert {fault["area"] for fault in drawn} == set(mutations.ORACLE_AREAS)


def test_a_pattern_that_matches_nothing_is_refused():
    areas = {"money": (1, ("scripts/wsts/mutations.py", "no/such/file.py"))}
    with pytest.raises(mutations.CannotGoOn, match="No file matches no/such/file.py"):
        mutations.draw(26, areas)


def test_each_python_file_of_an_addon_is_in_an_area():
    patterns = [each for _count, some in mutations.AREAS.values() for each in some]
    covered = {path for pattern in patterns for path in ROOT.glob(pattern)}
    files = {path for addon in ADDONS for path in (ROOT / addon).rglob("*.py")}
    assert files - covered == set()


def test_a_fault_whose_line_changed_is_not_made():
    fault = {"path": "tests/test_mutations.py", "line": 1, "before": "x", "after": ""}
    with pytest.raises(mutations.CannotGoOn, match="changed; draw anew"):
        mutations.run(fault, str)


@pytest.mark.parametrize("file", [mutations.LIST, mutations.ORACLE_LIST])
def test_each_fault_of_a_list_can_be_made(file):
    for fault in json.loads(file.read_text()):
        assert {"area", "path", "line", "before", "after"} <= set(fault)
        assert (ROOT / fault["path"]).exists(), f"{fault['path']} is gone; draw again"


def test_a_record_without_an_area_is_refused(tmp_path):
    file = tmp_path / "record"
    areas = ("applications", "carts", "consents", "documents", "invitations", "reviews")
    stories = [{"story": f"{area}: one", "steps": []} for area in areas]
    file.write_text("".join(json.dumps(story) + "\n" for story in stories))
    with pytest.raises(mutations.CannotGoOn, match="has no stories of till;"):
        mutations.check_record(file)
