# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The back office is read at a glance: how high forms and rows are."""

import pytest
from story import DESK, DESKTOP, MEASURE_FORM, MEASURE_ROWS, address_of, full, run_queue

from wsts import postgres
from wsts.steps import read_order
from wsts.visitor import Visitor

pytestmark = pytest.mark.full

ACTION = "/odoo/action-website_sale_trustedshops.trustedshops_{}_action"
CERTIFICATE = "trustedshops.certificate"
LISTS = ("certificate", "protection", "refund", "statement")
WINDOW = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}
# In pixels: a form on its first tab, a row of a list.
MAX_FORM = 900
MAX_ROW = 48
# What a decision about a certificate needs.
DECISIVE = {
    "health",
    "mode",
    "website_id",
    "lang_id",
    "user_id",
    "last_check_at",
    "ts_id",
    "protection_model",
    "valid_to",
    "rating_text",
}
# What a protection is asked about, and what matters to who looks for a fault.
DECISIVE_OF_PROTECTION = {
    *("shopper_status", "order_id", "partner_id", "buyer_email", "order_amount"),
    *("gross_fee", "guarantee_number", "protected_until", "fee_state"),
    *("net_fee", "billable"),
}
TECHNICAL = {"attempt_count", "next_attempt_at", "last_code"}


@pytest.fixture(scope="module", autouse=True)
def given_back(shop, logged_in, chromium):
    """Have a protection whose fee was given back, so that each list has a row."""
    context = chromium.new_context(locale="de-DE", viewport=DESKTOP)
    visitor = Visitor(context.new_page(), shop.url)
    visitor.reach_payment(DESK, address_of("screens@kunde.example"))
    visitor.tick_protection()
    visitor.pay_by("wire_transfer")
    domain = [["name", "=", read_order(visitor.page)]]
    context.close()
    ids = logged_in.call("sale.order", "search", domain)
    logged_in.call("sale.order", "action_confirm", ids)
    for _run in ("applied for", "confirmed"):
        run_queue(shop, logged_in)
    domain = [["order_id", "in", ids]]
    ids = logged_in.call("trustedshops.protection", "search", domain)
    logged_in.call("trustedshops.protection", "action_refund_fee", ids)
    return ids[0]


@pytest.fixture
def page(admin):
    """Return the administrator's page, in a window of a small notebook."""
    admin.page.set_viewport_size(WINDOW)
    yield admin.page
    admin.page.set_viewport_size(DESKTOP)


@pytest.fixture(params=["en_US", full("de_DE"), full("pl_PL")])
def lang(admin, request):
    """Let the administrator read in a language: words are longer in some."""
    [user] = admin.call("res.users", "search", [["login", "=", "admin"]])
    admin.call("res.users", "write", [user], {"lang": request.param})
    yield request.param
    admin.call("res.users", "write", [user], {"lang": "en_US"})


@pytest.fixture
def refused_login(shop, admin):
    """Have Trusted Shops refuse the logins of all certificates."""
    change = "UPDATE trustedshops_certificate SET hold_reason = {}"
    postgres.query(change.format("'login'"), shop.database)
    yield
    postgres.query(change.format("NULL"), shop.database)


def open_certificate(admin, certificate):
    admin.open(f"{ACTION.format('certificate')}/{certificate}")
    admin.page.locator(".o_form_sheet .o_trustedshops_health").wait_for()


def see_what_decides(admin, model, *others):
    """See certificates of a model whole on their first tab, and what decides at once.

    :return: what is said there to be wrong, a text for each certificate
    """
    problems = []
    for certificate in admin.call(
        CERTIFICATE, "search", [["protection_model", "=", model]]
    ):
        open_certificate(admin, certificate)
        # The web client shows at first what it remembers of the record.
        for name in others:
            field = f".o_form_sheet .o_field_widget[name='{name}']:visible"
            admin.page.locator(field).first.wait_for()
        height, seen = admin.page.evaluate(MEASURE_FORM)
        assert DECISIVE.union(others) - set(seen) == set()
        assert height <= MAX_FORM
        problem = admin.page.locator(".o_trustedshops_health .alert-danger")
        problems += problem.all_inner_texts()
    return problems


def test_what_decides_about_a_certificate_is_seen_without_scrolling(page, admin, lang):
    assert see_what_decides(admin, "classic") == []
    assert see_what_decides(admin, "excellence") == []


def test_a_refused_login_jumps_out_and_can_be_entered_there(page, admin, refused_login):
    problems = see_what_decides(admin, "excellence", "ws_user", "new_ws_password")
    assert len(problems) == 2
    assert all("not accept the web service login" in each for each in problems)


def test_what_decides_about_a_protection_is_seen_without_scrolling(
    page, admin, given_back
):
    admin.open(f"{ACTION.format('protection')}/{given_back}")
    # The web client shows at first what it remembers of the record.
    told = page.locator(".o_form_sheet [name='shopper_status']:visible")
    told.filter(has_text="The fee of 2.94").first.wait_for()
    height, seen = page.evaluate(MEASURE_FORM)
    assert DECISIVE_OF_PROTECTION - set(seen) == set()
    assert TECHNICAL & set(seen) == set()
    assert height <= MAX_FORM
    # The consent is one line that opens.
    consent = page.locator("[name='consent_text']:visible")
    assert consent.count() == 0
    page.click("details[name='consent'] summary")
    consent.first.wait_for()


def test_every_row_is_one_line(page, admin, refused_login, lang):
    for name in LISTS:
        admin.open(ACTION.format(name))
        facets = page.locator(".o_facet_remove")
        while left := facets.count():
            facets.first.click()
            facets.nth(left - 1).wait_for(state="detached")
        page.locator(".o_loading_indicator").wait_for(state="hidden")
        page.locator(".o_data_row").first.wait_for()
        heights = page.evaluate(MEASURE_ROWS)
        assert max(heights) <= MAX_ROW, name


def test_a_phone_shows_cards(page, admin):
    page.set_viewport_size(PHONE)
    for name in LISTS:
        admin.open(ACTION.format(name))
        page.locator(".o_kanban_renderer").wait_for()
        assert page.evaluate("document.body.scrollWidth <= innerWidth"), name
