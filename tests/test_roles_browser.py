# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The first day and seven calls, by clicks, with no other group, in two languages."""

import os
import re
from pathlib import Path

import pytest
from story import (
    DESK,
    DESKTOP,
    add_client,
    address_of,
    clean,
    give_back,
    make_excellence,
    make_user,
    run_queue,
)

from wsts import postgres
from wsts.administrator import Administrator
from wsts.steps import (
    let_shop_invite,
    read_order,
    run_job,
    wait_for,
)
from wsts.visitor import Visitor

pytestmark = pytest.mark.full

WALKED = ("de_DE", "pl_PL")
LAPTOP = {"width": 1280, "height": 800}
ADDON = "website_sale_trustedshops"
ACCOUNT, CERTIFICATE = "trustedshops.account", "trustedshops.certificate"
CHANNEL = "trustedshops.channel"
PROTECTION = "trustedshops.protection"
WEBSITE = "website.menu_website_configuration"
TRUSTED_SHOPS = (WEBSITE, f"{ADDON}.menu_trustedshops")
OVERVIEW = "/odoo/action-website_sale_trustedshops.trustedshops_overview_action"
# What the walks meet on the screen, and must read in the language of the user.
ENGLISH = (
    *("Accounts", "Apply now", "Buyer Protection"),
    *("Certificates", "Check now", "Confirmed", "Connect", "Consent", "Credit Note"),
    *("Enabled", "Environment", "Fee Status", "Fee Refunds"),
    *("Gross Fee", "Guarantee Number", "Handed Over", "Invitations"),
    *("Mode", "Net Fee", "Not Invited", "Owed"),
    *("Payments", "Product Ratings", "Protected", "Publish Reply"),
    *("Refund fee", "Reply", "Resend", "Reviews"),
    *("Statement", "Valid", "Waiting", "Website check"),
    *("What to tell the customer", "Who invites"),
)
# The clicks of a person from now on.
COUNT = "window.clicks = 0, addEventListener('pointerdown', () => clicks++, true)"
# What our screens say; the chatter is in the language of who is responsible.
SCREEN = (
    ".o_main_navbar, .o_control_panel, .o_form_statusbar, .o_form_sheet,"
    " .o_list_renderer, .o_pivot, .o-dropdown--menu, .modal, .o_notification"
)
WORDS = {
    "de_DE": {
        "confirmed": "Ihr Käuferschutz ist bestätigt: bis zu 1.500,00 €, gültig bis ",
        "deletion": "fragen Sie einen Administrator",
        "phone": "Telefon",
        "sandbox": "Sandbox auf diesem Rechner",
        "valid": "Gültig",
        "enabled": "Aktiviert",
        "waits": "Es ist noch zu früh: noch nicht versandt oder geliefert, die"
        " Wartetage sind nicht vorbei, oder ein Widerruf ist offen.",
        "days": "Tage bis zur E-Mail: 0 in Odoo + 7 bei Trusted Shops.",
    },
    "pl_PL": {
        "confirmed": "Ochrona Kupującego jest potwierdzona: do kwoty 1500,00 €, ważna ",
        "deletion": "poproś administratora",
        "phone": "Telefon",
        "sandbox": "Sandbox na tym komputerze",
        "valid": "Ważny",
        "enabled": "Włączony",
        "waits": "Jeszcze za wcześnie: nie wysłano lub nie dostarczono, nie minęły dni"
        " oczekiwania albo trwa odstąpienie od umowy.",
        "days": "Dni do wysłania e-maila: 0 w Odoo + 7 w Trusted Shops.",
    },
}


class Walker(Administrator):
    """Somebody with a role, who goes by the menus and reads in one language.

    :param page: a page of Playwright
    :param str url: of the shop
    :param str role: for the names of the pictures
    :param str lang: of the user
    """

    def __init__(self, page, url, role, lang):
        super().__init__(page, url)
        self.role, self.lang, self.words = role, lang, WORDS[lang]

    def go(self, *menus):
        """Go to an app, and on by its menus; each by its XML ID."""
        app, *sections = menus
        self.page.locator(".o_navbar_apps_menu button").click()
        self.page.locator(f".o_app[data-menu-xmlid='{app}']").click()
        for menu in sections:
            self.page.locator(f"[data-menu-xmlid='{menu}']").click()

    def search(self, text):
        """Search a list."""
        self.page.locator(".o_searchview_input").fill(text)
        self.page.locator(".o_searchview_autocomplete").wait_for()
        self.page.keyboard.press("Enter")
        self.page.locator(".o_searchview_facet", has_text=text).wait_for()

    def find(self, text):
        """Search a list for a row that contains the text."""
        self.search(text)
        row = self.page.locator(".o_data_row", has_text=text)
        row.wait_for()
        return row

    def open_tab(self, name):
        """Open a tab of a form."""
        self.page.locator(f".o_notebook_headers a[name='{name}']").click()

    def see(self, what):
        """Read the whole screen: no error, and no word that was not translated."""
        page = self.page
        page.locator(".o_loading_indicator").wait_for(state="hidden")
        if os.environ.get("SHOTS"):
            page.wait_for_timeout(500)
            name = f"{self.role}_{what}_{self.lang[:2]}.png"
            page.screenshot(path=Path(os.environ["SHOTS"]) / name)
        assert (self.popups, self.errors) == ([], [])
        assert page.locator(".o_error_dialog").count() == 0
        text = "\n".join(page.locator(SCREEN).all_inner_texts())
        pattern = rf"(?<!\w)({'|'.join(ENGLISH)})(?!\w)"
        assert re.findall(pattern, text) == []
        return clean(text)


@pytest.fixture(scope="module")
def company(logged_in):
    """Return the id of the German company, in which all of them work."""
    [found] = logged_in.call("res.company", "search", [["name", "=", "DE Company"]])
    return found


@pytest.fixture
def walk(shop, chromium, logged_in, company):
    """Return a maker of people with the groups of a role alone, logged in.

    Each has a context of their own: the bus of a page that is left may still bring the
    cookie of its session, and the next would be logged in as somebody else.
    """
    walkers = []

    def make(role, lang, *groups):
        login = make_user(
            logged_in,
            "base.group_user",
            *groups,
            login=f"{role}-{lang}@shop.example",
            name="Robin",
            lang=lang,
            odoobot_state="disabled",  # its chat would cover buttons
            company_id=company,
            company_ids=[[6, 0, [company]]],
        )
        context = chromium.new_context(locale="de-DE", viewport=LAPTOP)
        walker = Walker(context.new_page(), shop.url, role, lang)
        walkers.append(walker.log_in(login, login))
        return walker

    yield make
    for walker in walkers:
        walker.page.context.close()
        assert (walker.popups, walker.errors) == ([], [])


@pytest.fixture(scope="module")
def channel(shop, logged_in, company):
    """Return the id of a channel for which Odoo invites buyers who agree."""
    shop.sandbox.post("settings", {"invite_settings_seconds": 0})
    values = {"company_id": company, "environment": "sandbox", **add_client(shop)}
    account = logged_in.call(ACCOUNT, "create", values)
    logged_in.call(ACCOUNT, "action_connect", [account])
    domain = [["account_id", "=", account], ["locale", "=", "de_DE"]]
    [channel] = logged_in.call(CHANNEL, "search", domain)
    [website] = logged_in.call("website", "search", [["name", "=", "Demo Shop"]])
    values = {"website_id": website, "consent_mode": "checkbox", "inviter": "odoo"}
    logged_in.call(CHANNEL, "write", [channel], values)
    [found] = logged_in.call(CHANNEL, "read", [channel], ["channel_ref"])
    let_shop_invite(shop.sandbox, found["channel_ref"])
    logged_in.call(ACCOUNT, "action_connect", [account])
    yield channel
    give_back(shop, found["channel_ref"])


@pytest.fixture(scope="module")
def orders(shop, chromium, logged_in, channel):
    """Return the number of an order for each language, as with a live certificate.

    Its Buyer Protection is confirmed, its fee invoiced, and its buyer will be invited.
    """
    names = {}
    for lang in WALKED:
        context = chromium.new_context(locale="de-DE", viewport=DESKTOP)
        buyer = Visitor(context.new_page(), shop.url)
        buyer.reach_payment(DESK, address_of(f"{lang.lower()}@kunde.example"))
        buyer.tick_protection()
        buyer.agree_to_invitation()
        buyer.pay_by("wire_transfer")
        names[lang] = read_order(buyer.page)
        context.close()
    ids = logged_in.call("sale.order", "search", [["name", "in", [*names.values()]]])
    logged_in.call("sale.order", "action_confirm", ids)
    # Else only their salesperson sees them.
    logged_in.call("sale.order", "write", ids, {"user_id": False})
    run_queue(shop, logged_in)
    confirmed = [["order_id", "in", ids], ["state", "=", "confirmed"]]
    wait_for(
        lambda: logged_in.call(PROTECTION, "search_count", confirmed) == 2, "confirmed"
    )
    bill(logged_in, ids)
    run_job(shop, logged_in, "invite")
    postgres.query(
        "UPDATE trustedshops_protection SET is_test = false, billable = 'owed',"
        f" owed_fee = net_fee WHERE order_id IN ({', '.join(map(str, ids))})",
        shop.database,
    )
    return names


def bill(admin, orders):
    """Invoice orders."""
    values = {"sale_order_ids": orders, "advance_payment_method": "delivered"}
    [wizard] = admin.call("sale.advance.payment.inv", "create", [values])
    admin.call("sale.advance.payment.inv", "create_invoices", [wizard])
    domain = [["line_ids.sale_line_ids.order_id", "in", orders]]
    moves = admin.call("account.move", "search", domain)
    admin.call("account.move", "action_post", moves)


# === ADMINISTRATOR === #


def test_the_overview_scrolls_to_its_end(walk):
    administrator = walk("overseer", "de_DE", "base.group_system")
    page = administrator.page
    page.set_viewport_size({"width": 390, "height": 500})
    page.goto(administrator.url + OVERVIEW)
    page.locator(".o_trustedshops_overview section").first.wait_for()
    page.mouse.move(190, 300)
    page.mouse.wheel(0, 20000)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.o_trustedshops_overview section')]"
        ".at(-1).getBoundingClientRect().bottom <= innerHeight + 40"
    )


# Before there is a channel for the others, which would be in the way.


@pytest.fixture(scope="module")
def workshop(shop, logged_in, company):
    """Return the address of a website without a certificate."""
    url = f"http://rollen.localhost:{shop.server.port}"
    [german] = logged_in.call("res.lang", "search", [["code", "=", "de_DE"]])
    website = {
        "name": "Rollen",
        "company_id": company,
        "domain": url,
        "language_ids": [[6, 0, [german]]],
        "default_lang_id": german,
    }
    logged_in.call("website", "create", website)
    return url


@pytest.fixture
def added(logged_in):
    """Return nothing; what an administrator adds is out of the way afterwards."""
    domains = {CERTIFICATE: [["active", "in", [True, False]]], ACCOUNT: []}
    before = {name: logged_in.call(name, "search", domains[name]) for name in domains}
    yield
    for name, domain in domains.items():
        others = [*domain, ["id", "not in", before[name]]]
        ids = logged_in.call(name, "search", others)
        # One that protects an order is never deleted.
        if name == CERTIFICATE:
            logged_in.call(name, "write", ids, {"active": False})
        else:
            logged_in.call(name, "unlink", ids)


@pytest.fixture
def count_clicks():
    """Return a function that begins to count the clicks in a page and its next ones."""

    def begin(page):
        clicks = []
        page.expose_function("clicked", lambda: clicks.append(1))
        listen = "addEventListener('pointerdown', () => clicked(), true)"
        page.add_init_script(listen)
        page.evaluate(listen)
        return clicks

    return begin


@pytest.mark.parametrize("lang", WALKED)
def test_an_administrator_reaches_the_first_protected_order_in_18_clicks(
    shop, walk, workshop, added, count_clicks, lang
):
    values = {**make_excellence(shop), "state": "PRODUCTION", "url": workshop}
    ts_id = f"XA11CE{WALKED.index(lang):026}F"
    shop.sandbox.post("certificates", {"ts_id": ts_id, **values})
    administrator = walk("administrator", lang, "base.group_system")
    page, words = administrator.page, administrator.words
    clicks = count_clicks(page)
    administrator.go(*TRUSTED_SHOPS, f"{ADDON}.menu_trustedshops_certificates")
    administrator.search("qqq")  # the shop of the tests has some
    page.click(".o_view_nocontent a.btn-primary")
    so_far = len(clicks)
    with page.expect_response(lambda answer: "/onchange" in answer.url):
        administrator.choose("environment", words["sandbox"])
    del clicks[so_far:]  # no shop does that
    administrator.type("ts_id", ts_id)
    for name in ("ws_user", "new_ws_password"):
        administrator.get_field(name).locator("input").click()
        administrator.type(name, values[name.removeprefix("new_")])
    administrator.see("new")
    administrator.save()
    assert administrator.read("website_id") == "Rollen"
    assert administrator.read("state") == words["valid"]
    administrator.see("certificate")
    enabled = page.locator(".o_field_widget[name='mode'] label")
    enabled.get_by_text(words["enabled"], exact=True).click()
    administrator.save()
    administrator.see("enabled")
    query = f"SELECT mode, state FROM trustedshops_certificate WHERE ts_id = '{ts_id}'"
    assert postgres.query(query, shop.database) == [["enabled", "production"]]
    shopper = Visitor(page, workshop)
    shopper.reach_payment(DESK, address_of("rolle@kunde.example"))
    shopper.tick_protection()
    shopper.pay_by("wire_transfer")
    query = (
        "SELECT placed_at IS NOT NULL FROM trustedshops_protection"
        " JOIN trustedshops_certificate c ON c.id = certificate_id"
        f" WHERE c.ts_id = '{ts_id}'"
    )
    assert postgres.query(query, shop.database) == [["t"]]
    # The shopper opened the product and the address by hand: one click each.
    assert len(clicks) + 2 <= 18


@pytest.mark.parametrize("lang", WALKED)
def test_an_administrator_starts_inviting_in_8_clicks(
    shop, walk, added, count_clicks, lang
):
    administrator = walk("connector", lang, "base.group_system")
    page, words = administrator.page, administrator.words
    clicks = count_clicks(page)
    shop.sandbox.post("settings", {"invite_settings_seconds": 0})
    login = add_client(shop)
    configuration = f"{ADDON}_reviews.menu_trustedshops_channels"
    administrator.go(*TRUSTED_SHOPS, configuration)
    administrator.search("qqq")  # the shop of the tests has some
    page.click(".o_view_nocontent a.btn-primary")
    so_far = len(clicks)
    # First: the answer to what is typed closes the menu.
    administrator.choose("environment", words["sandbox"])
    del clicks[so_far:]  # no shop does that
    for name in ("client_id", "new_client_secret"):
        administrator.get_field(name).locator("input").click()
        administrator.type(name, login[name.removeprefix("new_")])
    administrator.see("account_new")
    page.click("button[name='action_connect']:visible")
    row = page.locator(".o_field_widget[name='channel_ids'] .o_data_row")
    # One channel or more: a website of another test may be in German only.
    open_it = row.filter(has_text="Demo Shop").first.locator("button")
    open_it.wait_for()
    administrator.see("account")
    open_it.click()
    page.click("button[name='action_start_inviting']")
    administrator.get_field("delay_notice").get_by_text(words["days"]).wait_for()
    administrator.see("channel")
    query = (
        "SELECT own_invites, checkout_invites, their_delay_days, channel_ref"
        " FROM trustedshops_channel WHERE inviter = 'odoo'"
        " AND account_id = (SELECT max(id) FROM trustedshops_account)"
    )
    [[*values, channel_ref]] = postgres.query(query, shop.database)
    give_back(shop, channel_ref)
    assert len(clicks) <= 2 + 8  # two lead to the website
    assert values == ["off", "on", "7"]


# === SALES === #


@pytest.mark.parametrize("lang", WALKED)
def test_a_salesperson_answers_seven_calls(shop, walk, orders, lang):
    seller = walk("seller", lang, "sales_team.group_sale_salesman")
    page, words = seller.page, seller.words
    seller.go(WEBSITE, "website_sale.menu_ecommerce", "website_sale.menu_orders_orders")
    seller.find(orders[lang]).locator("td[name='name']").click()
    page.locator("button[name='action_record_withdrawal']").wait_for()
    page.evaluate(COUNT)
    # Where is my guarantee? Did I buy it twice? Delete what you know about me!
    seller.open_tab("trustedshops_payments")
    told = page.locator(".o_kanban_record .alert-info")
    assert words["confirmed"] in clean(told.inner_text())
    assert words["deletion"] in seller.see("order")
    # I did not get the mail. My address was wrong.
    page.click("button[name='action_resend_mail']")
    email = f"neu-{lang.lower()}@kunde.example"
    seller.type("email", email)
    seller.see("resend")
    page.click(".modal .btn-primary")
    page.locator(".modal").wait_for(state="detached")
    query = f"SELECT 1 FROM trustedshops_protection WHERE buyer_email = '{email}'"
    assert postgres.query(query, shop.database) == [["1"]]
    # I said no to invitations.
    seller.open_tab("trustedshops_reviews")
    row = page.locator("[name='trustedshops_invitation_ids'] td[name='explanation']")
    assert row.inner_text() == words["waits"]
    page.locator("button[name='action_withdraw_consent']").wait_for()
    seller.see("invited")
    # I want to withdraw.
    page.click("button[name='action_record_withdrawal']")
    seller.choose("channel", words["phone"])
    seller.see("withdrawal")
    page.click(".modal .btn-primary")
    page.locator(".o_form_sheet [name='received_at']").wait_for()
    assert page.evaluate("clicks") == 1 + 2 + 1 + 4
