# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Asks the services of Trusted Shops which rows of docs/ASSUMPTIONS.md hold.

Only reading calls are made: nothing is applied for, sent, replied to or set. What is
printed are the rows and our own words: no login, no text of an answer, no buyer.
"""

import argparse
import getpass
import importlib
import logging
import os
import re
import sys
import textwrap
import types
from collections import Counter
from contextlib import ExitStack
from functools import cached_property

from .machine import ROOT, CannotGoOn, fail
from .reading import Reader, Wire, WritingRefused

BASE, REVIEWS = "website_sale_trustedshops", "website_sale_trustedshops_reviews"


def load(addon, module):
    """Import a module of an addon that knows neither Odoo nor a database.

    The packages above it are folders: an addon would import its models, and Odoo.
    """
    folders = {"odoo": ROOT / "no-odoo", "odoo.addons": ROOT}
    folders |= {f"odoo.addons.{name}": ROOT / name for name in (BASE, REVIEWS)}
    for name, folder in folders.items():
        package = sys.modules.setdefault(name, types.ModuleType(name))
        package.__path__ = [str(folder)]
    return importlib.import_module(f"odoo.addons.{addon}.{module}")


const = load(BASE, "const")
client = load(BASE, "lib.client")
exceptions = load(BASE, "lib.exceptions")
feed = load(BASE, "lib.feed")
links = load(BASE, "lib.links")
ts_ids = load(BASE, "lib.ts_id")
reviews_const = load(REVIEWS, "const")
etrusted = load(REVIEWS, "lib.etrusted")
grades = load(REVIEWS, "lib.grade_feed")
account_content = load(REVIEWS, "lib.account_content")
reviews = load(REVIEWS, "lib.review_client")

TABLE = ROOT / "docs" / "ASSUMPTIONS.md"
# A row of the table: its number, and what is assumed.
ROW = re.compile(r"\| (?P<id>[A-Z]\d+) +\| (?P<fact>[^|]+) \|.*")
AGREES, DIFFERS, OPEN = "agrees", "DIFFERS", "not settled"

# What is asked for when it is in no environment variable, and whether it is a secret.
LOGIN = {
    "TRUSTEDSHOPS_ID": ("Trusted Shops ID", False),
    "TRUSTEDSHOPS_WS_USER": ("Web service user of that ID", True),
    "TRUSTEDSHOPS_WS_PASSWORD": ("Its password", True),
    "TRUSTEDSHOPS_CLIENT_ID": ("Client ID for reviews", True),
    "TRUSTEDSHOPS_CLIENT_SECRET": ("Its secret", True),
}
HELP = f"""
Credentials are never arguments, which other users of the machine could see. They are
taken from the environment, or asked for without an echo; what is left out is not asked
about:

  {", ".join(LOGIN)}

The exit code is 0 when nothing differs, 1 when something does.
"""

# Neither is any shop's.
UNKNOWN_ID = "X" + "0" * 32
UNKNOWN_NUMBER = 2**31 - 1
UNKNOWN_SKU = "odoo-probe-no-product"
# Channels that are looked at, and reviews of each.
CHANNELS, COUNT = 5, 20
NO_REVIEWS = "there are no reviews yet"

CHECKS = {}


class NotSettled(Exception):
    """A row about which nothing can be said; the text says why."""


def checks(row):
    """Mark what looks into a row: it returns what is so, and whether we assume that."""

    def mark(function):
        CHECKS[row] = function
        return function

    return mark


class Services:
    """What is asked, each thing once."""

    def __init__(self, login, environment, sandbox_url, limits):
        self._login = login
        self._environment = environment
        self._sandbox_url = sandbox_url
        self._limits = limits
        self._stack = ExitStack()

    def close(self):
        """Close all connections."""
        self._stack.close()

    def _open(self, opened):
        return Reader(self._stack.enter_context(opened))

    def _get(self, name, missing):
        """Return what was given."""
        if not self._login[name]:
            raise NotSettled(missing)
        return self._login[name]

    @property
    def ts_id(self):
        """The Trusted Shops ID that was given."""
        return self._get("TRUSTEDSHOPS_ID", "no Trusted Shops ID was given")

    @property
    def ws_login(self):
        """User and password of that ID."""
        names = ("TRUSTEDSHOPS_WS_USER", "TRUSTEDSHOPS_WS_PASSWORD")
        return [self._get(each, "no web service login was given") for each in names]

    @cached_property
    def soap(self):
        """The SOAP services."""
        hosts = client.HOSTS.get(self._environment, (self._sandbox_url,) * 2)
        return self._open(client.TrustedShopsClient(hosts, **self._limits))

    @cached_property
    def feed(self):
        """The public documents about shops."""
        url = feed.FEED_URLS.get(self._environment, self._sandbox_url)
        return self._open(feed.FeedClient(url, **self._limits))

    @cached_property
    def grades(self):
        """The public documents about products."""
        url = links.INTEGRATION_SITES.get(self._environment, self._sandbox_url)
        interval = reviews_const.GRADE_INTERVAL
        opened = grades.GradeClient(url, interval=interval, **self._limits)
        return self._open(opened)

    @cached_property
    def rest(self):
        """The interface for reviews."""
        names = ("TRUSTEDSHOPS_CLIENT_ID", "TRUSTEDSHOPS_CLIENT_SECRET")
        login = [self._get(each, "no client for reviews was given") for each in names]
        hosts = etrusted.HOSTS.get(self._environment, (self._sandbox_url,) * 2)
        return self._open(reviews.ReviewClient(hosts, *login, **self._limits))

    @cached_property
    def status(self):
        """What the SOAP service says of the certificate."""
        return self.soap.ask("check_certificate", self.ts_id)

    @cached_property
    def channels(self):
        """The first channels of the account, one at least."""
        found = self.rest.ask("get_channels")
        if not found:
            raise NotSettled("the account has no channel")
        return found[:CHANNELS]

    @cached_property
    def types(self):
        """The types of events by name."""
        return {each.name: each for each in self.rest.ask("get_event_types")}

    @cached_property
    def settings(self):
        """The settings of invitations, by channel."""
        return {
            each.ref: self.rest.ask("get_invite_settings", each.ref)
            for each in self.channels
        }

    @cached_property
    def reviews(self):
        """The reviews that changed last with their channels, one at least."""
        pages = {
            each.ref: self.rest.ask("get_reviews", each.ref, count=COUNT)
            for each in self.channels
        }
        found = [(ref, each) for ref, page in pages.items() for each in page.reviews]
        if not found:
            raise NotSettled(NO_REVIEWS)
        return found

    @cached_property
    def product_reviews(self):
        """Those of products, one at least."""
        found = [(ref, each) for ref, each in self.reviews if each.is_of_product]
        if not found:
            raise NotSettled("there are no reviews of products yet")
        return found


# === BUYER PROTECTION === #


@checks("S1")
def check_hosts(services):
    """Both hosts answer, whatever they say."""
    assert services.status
    ask_unknown_number(services)
    return "both services answered", True


@checks("S2")
def check_words(services):
    """State and type are known."""
    status = services.status
    known_types = (*const.MODEL_BY_WORD, "NO_AUDIT")
    # An unknown ID has none.
    is_known = status.state in const.STATE_BY_WORD and (
        status.type in known_types or status.state == "INVALID_TS_ID"
    )
    if not is_known:
        return "its state or its type is a word that we do not know", False
    return f"the state is {status.state}, the type {status.type or 'empty'}", True


@checks("S3")
def check_unknown_id(services):
    """An ID that does not exist is answered with a state."""
    state = services.soap.ask("check_certificate", UNKNOWN_ID).state
    if state not in const.STATE_BY_WORD:
        return "the state is a word that we do not know", False
    return f"the state is {state}", state == "INVALID_TS_ID"


@checks("S4")
def check_items(services):
    """An Excellence certificate has a fee table."""
    if services.status.type != "EXCELLENCE":
        raise NotSettled("the certificate is no Excellence one")
    items = services.soap.ask("get_protection_items", services.ts_id)
    currencies = {each.currency for each in items}
    return f"{len(items)} items in {len(currencies)} currencies", bool(items)


@checks("S5")
def check_login(services):
    """The login is good, and that is told."""
    services.soap.ask("check_login", services.ts_id, *services.ws_login)
    return "the login is good", True


@checks("S6")
def check_unknown_number(services):
    """A number that does not exist is answered with a code."""
    answer = ask_unknown_number(services)
    if answer == 0:
        return "it counts as not decided yet", False
    return (f"the code is {answer}", True) if answer < 0 else ("it is known", False)


def ask_unknown_number(services):
    """Return code or number by which the service answers about an unknown number."""
    try:
        return services.soap.ask("get_request_state", services.ts_id, UNKNOWN_NUMBER)
    except exceptions.TrustedShopsError as error:
        if error.code in (None, -11111):  # that is trouble
            raise
        return error.code


# === PUBLIC DOCUMENTS === #


@checks("F1")
def check_trustmark(services):
    """The list knows the certificate, and calls it valid if it is."""
    mark = services.feed.ask("get_trustmark", services.ts_id)
    if not mark:
        return "the list does not know it", False
    is_valid = mark.status == "VALID"
    text = "it is valid there" if is_valid else "it is not valid there"
    return text, is_valid == (services.status.state == "PRODUCTION")


@checks("F2")
def check_unknown_trustmark(services):
    """An ID that does not exist is told from a trouble."""
    mark = services.feed.ask("get_trustmark", UNKNOWN_ID)
    return "there is no such document" if not mark else "there is one", not mark


@checks("F3")
def check_rating(services):
    """The shop has a rating."""
    if not services.feed.ask("get_rating", services.ts_id):
        raise NotSettled("the shop has no rating yet")
    return "mark and number are there", True


@checks("F4")
def check_grade(services):
    """A product with reviews has a grade."""
    rated = [(ref, each.sku) for ref, each in services.product_reviews if each.sku]
    if not rated:
        raise NotSettled("no review names its product")
    reading = services.grades.ask("get_grade", *rated[0], grades.YEAR)
    return ("there is a grade", True) if reading.grade else ("there is none", False)


@checks("F5")
def check_no_grade(services):
    """A product that does not exist has none, and that is no trouble."""
    ref = services.channels[0].ref
    reading = services.grades.ask("get_grade", ref, UNKNOWN_SKU, grades.YEAR)
    return ("there is a grade", False) if reading.grade else ("there is none", True)


# === REVIEWS === #


@checks("R1")
def check_client(services):
    """The client gets a token that is good for a call."""
    services.rest.ask("get_channels")
    return "the client is accepted", True


@checks("R2")
def check_channels(services):
    """Channels say what websites are compared with."""
    whole = [each for each in services.channels if each.url and each.locale]
    total = len(services.channels)
    return f"{len(whole)} of {total} have both", len(whole) == total


@checks("R3")
def check_types(services):
    """The client may see the types of events."""
    own = services.types.get(reviews_const.EVENT_TYPE)
    state = "active" if own and own.is_active else "not active"
    ours = f"ours is there and {state}" if own else "ours is not there yet"
    return f"{len(services.types)} types, {ours}", True


@checks("R4")
def check_settings(services):
    """The client may see who is invited."""
    return f"those of {len(services.settings)} channels", True


@checks("R5")
def check_trustcard(services):
    """Channels say whether the Trustcard invites."""
    own = services.types.get(account_content.CHECKOUT)
    found = [
        account_content.find_setting(settings, own and own.ref)
        for settings in services.settings.values()
    ]
    known = list(filter(None, found))
    enabled = sum(each.is_enabled for each in known)
    text = f"known of {len(known)} of {len(found)} channels, {enabled} invite"
    return text, len(known) == len(found)


@checks("R6")
def check_reviews(services):
    """The reviews that changed last can be read, and their states are known."""
    states = {each.state for _ref, each in services.reviews}
    unknown = states - set(reviews.STATES)
    return f"{len(unknown)} states that we do not know", not unknown


@checks("R7")
def check_references(services):
    """Reviews name their orders."""
    named = sum(bool(each.reference) for _ref, each in services.reviews)
    return f"{named} of {len(services.reviews)} reviews", bool(named)


@checks("R8")
def check_pages(services):
    """The second page begins behind the first."""
    for channel in services.channels:
        first = services.rest.ask("get_reviews", channel.ref, count=1)
        if first.cursor:
            second = services.rest.ask(
                "get_reviews", channel.ref, cursor=first.cursor, count=1
            )
            if second.refs and not first.refs & second.refs:
                return "the second page has others", True
            return "the second page has none, or the same", False
    raise NotSettled("no channel has two reviews yet")


@checks("R9")
def check_skus(services):
    """Reviews of products name them."""
    named = sum(bool(each.sku) for _ref, each in services.product_reviews)
    return f"{named} of {len(services.product_reviews)} reviews", bool(named)


# === ONE AFTER THE OTHER === #


def look_into(check, services):
    """Return what became of a row.

    Texts of the services are left out, also of errors: they may say anything.
    """
    try:
        text, agrees = check(services)
        return (AGREES if agrees else DIFFERS), text
    except NotSettled as reason:
        return OPEN, str(reason)
    except exceptions.TrustedShopsError as error:
        return explain(error)
    except WritingRefused:
        raise
    except Exception as error:
        return OPEN, f"a bug stopped it: {type(error).__name__}"


def explain(error):
    """Return what an error means for a row, and in our own words what it is."""
    status = error.status
    if error.code is not None:
        return OPEN, f"refused with the code {error.code}"
    if isinstance(error, etrusted.LoginRefusedError):
        # A wrong audience is a wrong request.
        outcome = DIFFERS if status == 400 else OPEN
        return outcome, f"the client is refused (HTTP status {status})"
    if status is None:
        return OPEN, "no answer: is there a way to the service from here?"
    is_trouble = status == 429 or status >= 500
    text = f"no answer that can be used (HTTP status {status})"
    return (OPEN if is_trouble else DIFFERS), text


def read_table():
    """Return what is assumed, by the number of the row."""
    rows = map(ROW.fullmatch, TABLE.read_text(encoding="utf-8").splitlines())
    return {row["id"]: row["fact"].strip() for row in rows if row}


def run(services):
    """Look into all rows, and print them."""
    table, counts = read_table(), Counter()
    for row, check in CHECKS.items():
        outcome, text = look_into(check, services)
        counts[outcome] += 1
        print(f"{row:3} {outcome:11}  ", end="")
        print(textwrap.fill(table[row], 70, subsequent_indent=" " * 17))
        print(f"{'':17}-> {text}", flush=True)
    others = ", ".join(row for row in table if row not in CHECKS)
    print(f"\nOnly business shows: {others}. {TABLE.relative_to(ROOT)} says how.")
    print(", ".join(f"{counts[each]} {each}" for each in (AGREES, DIFFERS, OPEN)))
    return counts


def read_login():
    """Return the credentials, from the environment or from a person."""
    login = {}
    for name, (label, is_secret) in LOGIN.items():
        value = os.environ.pop(name, None)
        if value is None and sys.stdin.isatty():
            ask = getpass.getpass if is_secret else input
            value = ask(f"{label} (nothing: leave it out): ")
        login[name] = (value or "").strip()
    if not login["TRUSTEDSHOPS_ID"] and not login["TRUSTEDSHOPS_CLIENT_ID"]:
        raise CannotGoOn("no credentials were given; --help says how.")
    login["TRUSTEDSHOPS_ID"] = login["TRUSTEDSHOPS_ID"].upper()
    if login["TRUSTEDSHOPS_ID"] and not ts_ids.is_valid(login["TRUSTEDSHOPS_ID"]):
        raise CannotGoOn("a Trusted Shops ID is X and 32 letters or digits.")
    return login


def parse_arguments():
    """Return the words of the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/probe",
        description=__doc__,
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--environment", choices=("production", "qa", "sandbox"), required=True)
    add("--sandbox-url", default=const.SANDBOX_URL_DEFAULT, help="of the sandbox")
    add("--timeout", type=float, default=10, help="seconds for each call (10)")
    return parser.parse_args()


def main():
    """Run from the command line."""
    arguments = parse_arguments()
    # Libraries log what they receive.
    logging.disable(logging.CRITICAL)
    Wire.guard()
    limits = {**const.CHECK_TIMEOUTS, "total_timeout": arguments.timeout}
    try:
        login = read_login()
    except CannotGoOn as problem:
        fail(problem)
    services = Services(login, arguments.environment, arguments.sandbox_url, limits)
    try:
        counts = run(services)
    finally:
        services.close()
    raise SystemExit(1 if counts[DIFFERS] else 0)


if __name__ == "__main__":
    main()
