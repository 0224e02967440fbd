# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An administrator connects an account in a browser, on a desktop and on a phone."""

import pytest
from story import DESKTOP, add_client, make_user

from wsts import postgres
from wsts.administrator import SETTINGS, Administrator

ADDON = "website_sale_trustedshops_reviews"
ACCOUNTS = f"/odoo/action-{ADDON}.trustedshops_account_action"
CHANNELS = f"/odoo/action-{ADDON}.trustedshops_channel_action"
PHONE = {"width": 390, "height": 844}
# Odoo may have decided about orders of other tests while it invited.
REMOVE_INVITATIONS = """
DELETE FROM trustedshops_invitation WHERE channel_id IN (
    SELECT id FROM trustedshops_channel WHERE account_id IN ({})
)"""


@pytest.fixture(scope="module")
def login(logged_in):
    """Return the login of an administrator of the German company."""
    domain = [["name", "=", "DE Company"]]
    [company] = logged_in.call("res.company", "search", domain)
    companies = {"company_id": company, "company_ids": [[6, 0, [company]]]}
    groups = ("base.group_user", "base.group_system")
    return make_user(logged_in, *groups, login="accounts@shop.example", **companies)


@pytest.fixture
def administrator(shop, chromium, login):
    """Return that administrator; nothing of what he makes stays."""
    context = chromium.new_context(locale="en-US", viewport=DESKTOP)
    administrator = Administrator(context.new_page(), shop.url).log_in(login, login)
    accounts = "trustedshops.account"
    others = [["id", "not in", administrator.call(accounts, "search", [])]]
    yield administrator
    made = administrator.call(accounts, "search", others)
    if made:
        ids = ", ".join(map(str, made))
        postgres.query(REMOVE_INVITATIONS.format(ids), shop.database)
    administrator.call(accounts, "unlink", made)
    context.close()
    assert (administrator.popups, administrator.errors) == ([], [])


def connect(administrator, client_id, secret):
    """Type a login of the sandbox, connect, and return what is said then."""
    administrator.type("client_id", f"{client_id}\u200b ")
    administrator.type("new_client_secret", secret)
    page = administrator.page
    notification = page.locator(".o_notification_content").last
    # What is said goes by itself, perhaps before the form is there again.
    with page.expect_response(lambda answer: "/web_read" in answer.url):
        page.click("button[name='action_connect']:visible")
        text = notification.inner_text()
    notification.wait_for(state="hidden")
    return text


def see_on_every_screen(administrator, path):
    """Look at a form on a desktop and on a phone."""
    page = administrator.page
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        administrator.open(path)
        page.locator(".o_form_sheet").wait_for()
        assert page.evaluate("document.body.scrollWidth <= innerWidth")
    page.set_viewport_size(DESKTOP)


def let_odoo_invite(shop, administrator):
    """Choose on a channel that Odoo invites, and see what Trusted Shops does."""
    page = administrator.page
    administrator.open(CHANNELS)
    page.get_by_text("Mein Laden (de_DE)").first.click()
    administrator.get_field("inviter").wait_for()
    administrator.get_field("inviter").get_by_label("Odoo").check()
    waiting = "Days until the mail: 0 in Odoo + 7 at Trusted Shops = 7."
    assert administrator.read("delay_notice") == waiting
    assert administrator.read("own_invites") == "Off"
    link = page.get_by_role("link", name="Change it at Trusted Shops")
    assert link.get_attribute("href") == shop.sandbox.url
    administrator.save()


def test_an_account_is_connected_and_its_channel_decides_who_invites(
    shop, administrator
):
    # The settings of a new event type appear at once.
    shop.sandbox.post("settings", {"invite_settings_seconds": 0})
    page = administrator.page
    administrator.open(SETTINGS)
    block = page.locator("#trustedshops_reviews")
    block.scroll_into_view_if_needed()
    block.get_by_role("button", name="Connect account").click()
    administrator.get_field("client_id").wait_for()
    administrator.choose("environment", "Sandbox on this machine")
    login = add_client(shop)
    said = connect(administrator, login["client_id"], "wrong")
    assert "Trusted Shops does not accept this login" in said
    said = connect(administrator, login["client_id"], login["client_secret"] + "\n")
    assert said.startswith("These channels need attention:")
    let_odoo_invite(shop, administrator)
    newest = ([], 0, 1, "id desc")
    [account] = administrator.call("trustedshops.account", "search", *newest)
    own = [["account_id", "=", account]]
    [channel, _other] = administrator.call("trustedshops.channel", "search", own)
    for path in (f"{CHANNELS}/{channel}", f"{ACCOUNTS}/{account}"):
        see_on_every_screen(administrator, path)
    administrator.open(SETTINGS)
    block.scroll_into_view_if_needed()
    said = block.inner_text()
    assert said.startswith("Reviews") and "Mein Laden (de_DE)" in said
