# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What differs between two records of the oracle, in words."""

import json
from collections import Counter, defaultdict

# Stories that are named for each difference.
NAMED = 3
# Letters of a value that is printed.
LONGEST = 160
NOTHING = object()


def read(text):
    """Return the stories of a record.

    :param str text: a line of JSON for each story
    :return: steps by the name of their story
    :rtype: dict[str, list]
    """
    stories = [json.loads(line) for line in text.splitlines()]
    return {story["story"]: story["steps"] for story in stories}


def compare(before, after):
    """Return what differs between two records.

    The same difference of several stories is told once.

    :param before: see :func:`read`
    :param after: see :func:`read`
    :return: lines of text, none when nothing differs
    :rtype: list[str]
    """
    groups = defaultdict(list)
    for name in sorted(before.keys() | after.keys()):
        area, _colon, _rest = name.partition(": ")
        for difference in _compare_story(before.get(name), after.get(name)):
            groups[area, *difference].append(name)
    lines = []
    for (area, *difference), names in groups.items():
        lines.append(f"{area}: {' '.join(filter(None, difference))}")
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        lines.append(f"    in {'; '.join(names[:NAMED])}{more}")
    if lines:
        count = len({name for names in groups.values() for name in names})
        lines.append(f"{count} of {len(before.keys() | after.keys())} stories differ.")
    return lines


def _compare_story(before, after):
    """Return how a story differs."""
    if before is None or after is None:
        return [("", "a new story" if before is None else "the story is gone")]
    found, known = [], set()
    for old, new in zip(before, after, strict=False):
        if old["step"] != new["step"]:
            return [*found, (f"after “{old['step']}”:", f"then “{new['step']}”")]
        differences = list(_compare_values(old, new, ()))
        found += [
            (f"after “{new['step']}”:", text)
            for text in differences
            if text not in known
        ]
        known = set(differences)
    if len(before) != len(after):
        found.append(("", f"has {len(after)} steps instead of {len(before)}"))
    return found


def _compare_values(old, new, path):
    """Yield what differs between two values, each as a text."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            pair = (old.get(key, NOTHING), new.get(key, NOTHING))
            yield from _compare_values(*pair, (*path, key))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _compare_lists(old, new, path)
    else:
        place = " > ".join(path[1:] if path[:1] == ("seen",) else path)
        yield f"{place}: {_print(old)} -> {_print(new)}"


def _compare_lists(old, new, path):
    """Yield what differs between two lists, whatever their order."""
    gone, added = _subtract(old, new), _subtract(new, old)
    if len(gone) == len(added):
        pairs = zip(gone, added, strict=True)
    else:
        pairs = [(each, NOTHING) for each in gone] + [(NOTHING, each) for each in added]
    for pair in pairs:
        yield from _compare_values(*pair, path)


def _subtract(values, others):
    """Return the values that are not among others, each as often as it is more."""
    counts = Counter(json.dumps(other, sort_keys=True) for other in others)
    rest = []
    for value in values:
        key = json.dumps(value, sort_keys=True)
        counts[key] -= 1
        if counts[key] < 0:
            rest.append(value)
    return rest


def _print(value):
    """Return a value as it is shown."""
    if value is NOTHING:
        return "nothing"
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
