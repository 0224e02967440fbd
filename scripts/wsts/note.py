# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The note that comes with a release."""

import re

NOTE = """\
# Connect for Trusted Shops {version} ({status})

{draft}Not affiliated with Trusted Shops: made independently of that company.

For the online shop of Odoo 19.0, Community or Enterprise, on Odoo.sh or a server of
your own; Odoo Online takes no addons with Python code.

{warning}## What is new

{changes}

## How to install it

Compare what you downloaded, and install it with the Python that runs Odoo:

    sha256sum --check {checksums}
    pip install --no-deps wheels/*.whl

Or unpack the archive, and give Odoo its folder as one of `--addons-path`. README.rst in
it says what comes next; `scripts/try` of the repository shows it without a contract.

{help}"""
DRAFT = """\
**Not for publication.** The owner fills in first:

{fields}

"""
UNTRIED = """\
**Not tried against the real services of Trusted Shops yet**, only against a sandbox
made of what they document. `docs/ASSUMPTIONS.md` lists what only a real contract can
settle. If your shop could be the first, write to us.

"""


def make(addons, checksums, open_fields):
    """Return the note of a release.

    :param list[tuple] addons: manifest and text of HISTORY.md of each, the one on which
        the others depend first
    :param str checksums: name of the file that has them
    :param list[str] open_fields: what only the owner can fill in, one sentence each
    :return: Markdown
    :rtype: str
    """
    first = addons[0][0]
    changes = [f"### {each['name']}\n\n{_read_newest(text)}" for each, text in addons]
    status = first["development_status"]
    fields = "\n".join(f"- {field}" for field in open_fields)
    addresses = [first[each] for each in ("support", "website") if first.get(each)]
    return NOTE.format(
        version=first["version"],
        status=status,
        warning=UNTRIED if status == "Beta" else "",
        changes="\n\n".join(changes),
        checksums=checksums,
        draft=DRAFT.format(fields=fields) if open_fields else "",
        help=f"Questions and faults: {', '.join(addresses)}\n" if addresses else "",
    )


def _read_newest(history):
    """Return what is below the first heading of a HISTORY.md."""
    return re.split(r"^## .*$", history, flags=re.MULTILINE)[1].strip()
