# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How the oracle tells what differs; its stories are no tests."""

from wsts.oracle_words import compare


def _make(*totals, **other):
    """Return the record of a story whose order comes to these totals."""
    steps = [
        {"step": f"step {number}", "seen": {"order": {"total": total, **other}}}
        for number, total in enumerate(totals)
    ]
    return {"carts: a story": steps}


def test_same_records_differ_in_nothing():
    assert compare(_make(1.0, 2.0), _make(1.0, 2.0)) == []


def test_a_difference_is_told_where_it_begins():
    assert compare(_make(1.0, 2.0, 2.0), _make(1.0, 3.0, 3.0)) == [
        "carts: after “step 1”: order > total: 2.0 -> 3.0",
        "    in carts: a story",
        "1 of 1 stories differ.",
    ]


def test_the_same_difference_of_many_stories_is_told_once():
    before, after = (
        {f"carts: {number}": _make(total)["carts: a story"] for number in range(5)}
        for total in (1.0, 2.0)
    )
    assert compare(before, after) == [
        "carts: after “step 0”: order > total: 1.0 -> 2.0",
        "    in carts: 0; carts: 1; carts: 2 and 2 more",
        "5 of 5 stories differ.",
    ]


def test_lists_are_compared_whatever_their_order():
    before = _make(1.0, mails=[{"to": "a"}, {"to": "b"}])
    after = _make(1.0, mails=[{"to": "b"}, {"to": "c"}, {"to": "a"}])
    assert compare(before, after)[0] == (
        'carts: after “step 0”: order > mails: nothing -> {"to": "c"}'
    )


def test_a_story_that_is_gone_or_new_is_told():
    story = _make(1.0)
    assert compare(story, {})[0] == "carts: the story is gone"
    assert compare({}, story)[0] == "carts: a new story"
