# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An administrator's browser looks at the shop, whole and with broken themes."""

from contextlib import contextmanager

import pytest
from story import clean

from wsts.administrator import Administrator

CERTIFICATE = "trustedshops.certificate"
GERMAN = "German / Deutsch: /"
POLISH = "Polish / Język polski: /pl"
ENGLISH = "English (US): /en"
PAGES = {GERMAN, POLISH, ENGLISH}
OTHER_ID = "X" + "9" * 32
GOOD_LOADERS = ("ok", "Nothing else on the page loads the badge.")


@pytest.fixture(scope="module")
def administrator(shop, chromium):
    """Return an administrator who is logged in."""
    context = chromium.new_context(
        locale="en-US", viewport={"width": 1280, "height": 1000}
    )
    administrator = Administrator(context.new_page(), shop.url)
    yield administrator.log_in()
    context.close()
    assert administrator.popups == []
    assert administrator.errors == []


@pytest.fixture(scope="module")
def website(administrator):
    """Return the website of the demonstration shop, whose address is this server's."""
    fields = ["cookies_bar", "block_third_party_domains"]
    domain = [["name", "=", "Demo Shop"]]
    (website,) = administrator.call("website", "search_read", domain, fields)
    return website


@pytest.fixture(scope="module")
def certificates(administrator, website):
    """Return the certificates of that website: for all languages, and for Polish."""
    domain = [["website_id", "=", website["id"]]]
    found = administrator.call(CERTIFICATE, "search_read", domain, ["ts_id", "lang_id"])
    return {"pl" if each["lang_id"] else "all": each for each in found}


@pytest.fixture
def check(administrator, certificates):
    """Return a function that presses Website check, and then Check again."""
    administrator.open_certificate(certificates["all"]["ts_id"])
    page = administrator.page
    page.click(".o_notebook a[name='badge']")
    page.click("button[name='action_check_website']")

    def look():
        running = page.locator(".o_trustedshops_check [data-running='0']")
        running.wait_for()
        page.click(".o_trustedshops_check button:has-text('Check again')")
        running.wait_for()
        return read_findings(page)

    yield look
    page.keyboard.press("Escape")


def read_findings(page):
    """Return level and words of the findings by group and cause."""
    groups = {}
    for section in page.locator(".o_trustedshops_check section").all():
        findings = groups[clean(section.locator("h4").inner_text())] = {}
        for line in section.locator("li").all():
            level = line.get_attribute("class").rpartition("o_trustedshops_")[2]
            cause = line.get_attribute("data-cause")
            findings[cause] = (level, clean(line.inner_text()))
    return groups


@pytest.fixture
def break_theme(administrator, website):
    """Return a context manager that changes the layout as a theme would."""
    (layout,) = administrator.call(
        "ir.ui.view",
        "search",
        [["key", "=", "website.layout"], ["website_id", "=", False]],
    )

    @contextmanager
    def apply(where, position, content=""):
        change = f"<xpath expr={where!r} position={position!r}>{content}</xpath>"
        view = administrator.call(
            "ir.ui.view",
            "create",
            {
                "name": "Broken theme",
                "key": "website.broken_theme",
                "type": "qweb",
                "inherit_id": layout,
                "priority": 999,
                "website_id": website["id"],
                "arch": f"<data>{change}</data>",
            },
        )
        try:
            yield
        finally:
            administrator.call("ir.ui.view", "unlink", [view])

    return apply


@contextmanager
def changed(administrator, model, record, **values):
    """Change a record for a while."""
    (before,) = administrator.call(model, "read", [record["id"]], list(values))
    administrator.call(model, "write", [record["id"]], values)
    try:
        yield
    finally:
        old = {name: before[name] for name in values}
        administrator.call(model, "write", [record["id"]], old)


# === A WHOLE SHOP === #


def test_every_language_is_looked_at_without_cookies(
    check, administrator, certificates
):
    requests = []
    administrator.page.on("request", requests.append)
    groups = check()
    assert set(groups) == {"Demo Shop", *PAGES}
    for title in PAGES:
        ts_id = certificates["pl" if title == POLISH else "all"]["ts_id"]
        assert groups[title] == {
            "seal": ("ok", "The seal is in the footer, with the right ID."),
            "badge": ("ok", f"The badge is there once, with the right ID {ts_id}."),
            "other_loader": GOOD_LOADERS,
        }
    settings = groups["Demo Shop"]
    assert settings["address"][0] == "ok"
    assert settings["consent"] == (
        "hint",
        "The website has no cookies bar, so the badge is loaded at once. Switch on the"
        " cookies bar in the settings of the website if visitors shall be asked.",
    )
    assert settings["domains"] == (
        "ok",
        "The website blocks no domains of third parties.",
    )
    summary = administrator.page.locator(".o_trustedshops_check p.lead")
    assert summary.inner_text() == "No problem was found."
    seen = {
        request.url.removeprefix(administrator.url): request.all_headers()
        for request in requests
        if request.resource_type == "fetch" and "/web/" not in request.url
    }
    assert {"/", "/pl", "/en"} <= set(seen)
    assert all("cookie" not in seen[path] for path in ("/", "/pl", "/en"))


def test_nothing_of_a_page_runs_while_it_is_looked_at(
    check, administrator, break_theme
):
    hostile = (
        "<script>window.top.wasHacked = 1;</script>"
        '<img src="/nowhere.png" onerror="window.top.wasHacked = 2"/>'
    )
    with break_theme("//footer[@id='bottom']", "before", hostile):
        assert check()[GERMAN]["badge"][0] == "ok"
    assert administrator.page.evaluate("window.wasHacked") is None


def test_the_dialog_fits_a_phone(check, administrator):
    check()
    page = administrator.page
    page.set_viewport_size({"width": 390, "height": 844})
    try:
        width = page.evaluate(
            """() => {
                const dialog = document.querySelector(".o_trustedshops_check");
                const body = dialog.querySelector(".modal-body");
                return [body.scrollWidth - body.clientWidth, body.clientWidth];
            }"""
        )
    finally:
        page.set_viewport_size({"width": 1280, "height": 1000})
    assert width[0] <= 0
    assert width[1] <= 390


# === BROKEN THEMES === #

SEAL = "//div[hasclass('o_trustedshops_seal')]"
BADGE = "//div[hasclass('o_trustedshops_badge')]"
WRAP = "//div[@id='wrapwrap']"
OTHER_LOADER = (
    "Ours steps back then, and its options do nothing. Remove that code: it is in the"
    " theme, in the page, or in the settings under Custom Code."
)


@pytest.mark.parametrize(
    ("where", "position", "content", "cause", "words"),
    [
        pytest.param(
            SEAL,
            "replace",
            "",
            "seal",
            "The footer has no seal: a theme or a changed template leaves it out. Look"
            " for changes of the view “Trusted Shops Seal” and of the website's layout,"
            " or drag the block Trusted Shops into the footer.",
            id="no seal",
        ),
        pytest.param(
            "//footer[@id='bottom']",
            "replace",
            "",
            "seal",
            "There is no seal, because the theme has no footer of Odoo. Drag the block"
            " Trusted Shops into the page, or ask who made the theme for a footer with"
            " the id “bottom”.",
            id="no footer",
        ),
        pytest.param(
            BADGE,
            "replace",
            "",
            "badge",
            "The page has no badge: a theme or a changed template leaves it out. Look"
            " for changes of the view “Trusted Shops Badge” and of the website's"
            " layout.",
            id="no badge",
        ),
        pytest.param(
            WRAP,
            "inside",
            '<div class="o_trustedshops_badge" data-src="x"/>',
            "badge",
            "The page has the badge 2 times. Look for a copy of “o_trustedshops_badge”"
            " in the theme's templates.",
            id="two badges",
        ),
        pytest.param(
            BADGE,
            "replace",
            '<div class="o_trustedshops_badge"'
            f' data-src="https://widgets.trustedshops.com/js/{OTHER_ID}.js"/>',
            "badge",
            f"The badge has {OTHER_ID}, but this language has %(ts_id)s. Something"
            " between Odoo and visitors keeps an old page, or a theme has a copy of"
            " it.",
            id="badge of another certificate",
        ),
        pytest.param(
            BADGE,
            "replace",
            '<div class="o_trustedshops_badge"/>',
            "badge",
            "The badge has no ID, but this language has %(ts_id)s. Something between"
            " Odoo and visitors keeps an old page, or a theme has a copy of it.",
            id="badge without id",
        ),
        pytest.param(
            BADGE,
            "replace",
            '<div class="o_trustedshops_badge"'
            ' data-src="https://evil.example/js/%(ts_id)s.js"/>',
            "badge",
            "The badge comes from “https://evil.example/js/%(ts_id)s.js”, which is not"
            " its address. Reload the page in a minute; if it stays, look at the"
            " theme's templates.",
            id="badge from elsewhere",
        ),
        pytest.param(
            SEAL,
            "replace",
            '<div class="o_trustedshops_seal">'
            f'<a href="https://www.trustedshops.com/?shop_id={OTHER_ID}">x</a></div>',
            "seal",
            f"The seal has {OTHER_ID}, but this language has %(ts_id)s. Something"
            " between Odoo and visitors keeps an old page, or a theme has a copy of"
            " it.",
            id="seal of another certificate",
        ),
        pytest.param(
            WRAP,
            "inside",
            f'<script src="//widgets.trustedshops.com/js/{OTHER_ID}.js"/>',
            "other_loader",
            "Something else on the page loads a badge, too:"
            f" “//widgets.trustedshops.com/js/{OTHER_ID}.js”. {OTHER_LOADER}",
            id="other loader",
        ),
        pytest.param(
            WRAP,
            "inside",
            "<script>_tsConfig = {'yOffset': '1'}; // &lt;img src=x&gt;\n</script>",
            "other_loader",
            "Something else on the page loads a badge, too: “_tsConfig = {'yOffset':"
            f" '1'}}; // <img src=x>”. {OTHER_LOADER}",
            id="old loader",
        ),
        pytest.param(
            "//html",
            "attributes",
            "<attribute name='data-website-id'>999</attribute>",
            "website",
            "This address shows another website than Demo Shop. Give every website its"
            " own domain under Website &gt; Configuration &gt; Websites, and let that"
            " domain lead to this Odoo.",
            id="another website",
        ),
    ],
)
def test_a_broken_theme_is_told(
    check, break_theme, certificates, where, position, content, cause, words
):
    ts_id = certificates["all"]["ts_id"]
    content, words = (
        text.replace("%(ts_id)s", ts_id)
        .replace("&gt; C", "> C")
        .replace("&gt; W", "> W")
        for text in (content, words)
    )
    with break_theme(where, position, content):
        groups = check()
    assert groups[GERMAN][cause] == ("problem", words)
    assert {groups[title][cause][0] for title in PAGES} == {"problem"}


def test_a_badge_outside_of_the_page_is_told(check, break_theme):
    with break_theme(BADGE, "attributes", '<attribute name="class">gone</attribute>'):
        assert check()[GERMAN]["badge"][0] == "problem"
    copy = (
        '<div class="o_trustedshops_badge" t-att-data-src="'
        "website._trustedshops_get_badge()['src']\"/>"
    )
    with (
        break_theme(BADGE, "replace"),
        break_theme(WRAP, "after", copy),
    ):
        assert check()[GERMAN]["badge"] == (
            "problem",
            "The badge stands outside of “wrapwrap”, so nothing loads it. Look for"
            " changes of the website's layout in the theme.",
        )


def test_a_hidden_footer_is_told(check, break_theme):
    hide = '<attribute name="class" add="d-none" separator=" "/>'
    with break_theme(SEAL, "attributes", hide):
        assert check()[GERMAN]["seal"] == (
            "hint",
            "The seal is there, but this page hides its footer. Show the footer again"
            " in the page's options of the website editor.",
        )


def test_scripts_that_load_no_badge_are_no_loaders(check, break_theme):
    harmless = (
        '<script src="https://integrations.etrusted.com/applications/widget.js/v2"/>'
        f'<script src="https://cdn.example/js/{OTHER_ID}.js"/>'
        '<script type="application/json">{"_tsConfig": "_tsConfig = 1"}</script>'
    )
    with break_theme(WRAP, "inside", harmless):
        assert check()[GERMAN]["other_loader"] == GOOD_LOADERS


def test_a_page_with_an_error_is_told(check, break_theme):
    with break_theme(WRAP, "inside", '<t t-out="1 / 0"/>'):
        assert check()[GERMAN] == {
            "page": (
                "problem",
                "The page cannot be seen: the website answered with error 500. Open the"
                " page in a private window to see what visitors see.",
            )
        }


def test_a_page_that_is_unreachable_is_told(check, administrator):
    address = f"{administrator.url}/pl"
    administrator.page.route(address, lambda route: route.abort())
    try:
        groups = check()
    finally:
        administrator.page.unroute(address)
    assert groups[POLISH] == {
        "page": (
            "problem",
            "The page could not be reached, or it leads to another address. Open it in"
            " a private window, and look at the domain of the website.",
        )
    }
    assert groups[GERMAN]["badge"][0] == "ok"


# === SETTINGS === #


def test_what_is_switched_off_or_missing_is_told(check, administrator, certificates):
    with changed(administrator, CERTIFICATE, certificates["pl"], badge_shown=False):
        page = check()[POLISH]
        assert page["seal"] == (
            "hint",
            "There is no seal, and none is expected now. Seal and badge are switched off"
            " on the certificate.",
        )
        assert page["badge"] == (
            "hint",
            "The badge is switched off; buyers still get the Trustcard. Switch on Show"
            " Seal and Badge on the certificate to show it.",
        )
    lang = certificates["pl"]["lang_id"][0]
    with (
        changed(administrator, CERTIFICATE, certificates["pl"], active=False),
        changed(administrator, CERTIFICATE, certificates["all"], lang_id=lang),
    ):
        page = check()[GERMAN]
        assert page["certificate"] == (
            "hint",
            "There is no certificate for this language: its visitors see nothing. Add"
            " one for it, or let a certificate serve all languages.",
        )
        assert set(page) == {"certificate", "other_loader"}


def test_a_copy_of_the_seal_without_a_certificate_is_told(
    check, administrator, break_theme, certificates
):
    copy = '<div class="o_trustedshops_seal"/><div class="o_trustedshops_badge"/>'
    lang = certificates["pl"]["lang_id"][0]
    with (
        changed(administrator, CERTIFICATE, certificates["pl"], active=False),
        changed(administrator, CERTIFICATE, certificates["all"], lang_id=lang),
        break_theme(WRAP, "inside", copy),
    ):
        page = check()[GERMAN]
    assert page["seal"] == (
        "problem",
        "There is a seal, although none is expected now. Look for a copy of it in the"
        " theme's templates.",
    )
    assert page["badge"] == (
        "problem",
        "There is a badge, although none is expected now. Look for a copy of it in the"
        " theme's templates.",
    )


ACCEPTED = "The badge is loaded after visitors accept optional cookies"
AT_ONCE = "The badge is loaded at once, without asking visitors."


@pytest.mark.parametrize(
    ("consent", "level", "words"),
    [
        ("consent", "ok", f"{ACCEPTED}."),
        ("consent_or_confirmation", "ok", f"{ACCEPTED}, and always after an order."),
        (
            "always",
            "hint",
            f"{AT_ONCE} The website has a cookies bar. If the badge shall wait for it,"
            " choose so on the tab Badge.",
        ),
    ],
)
def test_the_mode_is_told_where_there_is_a_cookies_bar(
    check, administrator, website, certificates, consent, level, words
):
    with (
        changed(administrator, "website", website, cookies_bar=True),
        changed(administrator, CERTIFICATE, certificates["all"], badge_consent=consent),
    ):
        groups = check()
    assert groups["Demo Shop"]["consent"] == (level, words)
    assert "cookies_bar_missing" not in groups[GERMAN]


def test_the_mode_is_told_where_there_is_none(check, administrator, certificates):
    with changed(
        administrator, CERTIFICATE, certificates["all"], badge_consent="always"
    ):
        assert check()["Demo Shop"]["consent"] == ("ok", AT_ONCE)


def test_a_cookies_bar_that_the_theme_lost_is_told(
    check, administrator, break_theme, website
):
    with (
        changed(administrator, "website", website, cookies_bar=True),
        break_theme("//div[@id='website_cookies_bar']", "replace"),
    ):
        assert check()[GERMAN]["cookies_bar_missing"] == (
            "problem",
            "The website has a cookies bar, but this page lacks it. Without it nobody"
            " can accept cookies. Look for changes of the website's layout in the"
            " theme.",
        )


def test_the_list_of_blocked_domains_is_told(
    check, administrator, website, certificates
):
    with changed(
        administrator, "website", website, cookies_bar=True, block_third_party_domains=1
    ):
        assert check()["Demo Shop"]["domains"] == (
            "ok",
            "The list of blocked domains does not name Trusted Shops. It need not: the"
            " badge waits for consent by itself.",
        )
        with changed(
            administrator,
            "website",
            website,
            custom_blocked_third_party_domains="127.0.0.1",
        ):
            named = "The list of blocked domains names Trusted Shops."
            assert check()["Demo Shop"]["domains"] == ("ok", named)
            with changed(
                administrator, CERTIFICATE, certificates["all"], badge_consent="always"
            ):
                assert check()["Demo Shop"]["domains"] == (
                    "hint",
                    f"{named} The badge is loaded nevertheless, as the certificate"
                    " says. Choose on the tab Badge that it waits, or take the domain"
                    " off the list.",
                )


def test_another_address_cannot_be_looked_at_from_here(administrator, shop):
    domain = [["website_id.name", "=", "Demo Sklep"]]
    (certificate,) = administrator.call(CERTIFICATE, "search_read", domain, ["ts_id"])
    administrator.open_certificate(certificate["ts_id"])
    page = administrator.page
    page.click(".o_notebook a[name='badge']")
    page.click("button[name='action_check_website']")
    page.locator(".o_trustedshops_check [data-running='0']").wait_for()
    groups = read_findings(page)
    assert set(groups) == {"Demo Sklep"}
    assert groups["Demo Sklep"]["origin"] == (
        "problem",
        f"The website is at {shop.polish_url}, but you are at {shop.url}: browsers do"
        " not let a page look at another address. Open this certificate at the"
        " website's own address and check there.",
    )
    link = page.locator(".o_trustedshops_check a")
    assert link.get_attribute("href").startswith(f"{shop.polish_url}/odoo/action-")
    page.click(".o_trustedshops_check button:has-text('Close')")
    page.locator(".o_trustedshops_check").wait_for(state="detached")


# === THE SNIPPET === #


def test_a_snippet_is_pasted_read_and_taken(administrator, certificates):
    ts_id = certificates["all"]["ts_id"]
    administrator.open_certificate(ts_id)
    page = administrator.page
    page.click(".o_notebook a[name='badge']")
    sketch = page.locator(".o_trustedshops_preview .o_trustedshops_desktop")
    assert sketch.get_attribute("aria-label").startswith("Desktop: on the right, 0 ")
    page.click("button[name='action_paste_snippet']")
    page.locator(".modal [name='snippet'] textarea").fill(
        f'<script async data-desktop-position="left" onload="alert(1)"'
        f' src="//widgets.trustedshops.com/js/{ts_id}.js"></script>'
    )
    page.click(".modal button[name='action_read']")
    found = page.locator(".modal .o_trustedshops_found")
    assert clean(found.inner_text()) == "Side on Desktops: Left"
    assert clean(page.locator(".modal .o_trustedshops_dropped").inner_text()) == (
        "onload is no option of the badge and was left out."
    )
    administrator.press("action_apply")
    page.locator(".o_trustedshops_preview [aria-label*='on the left']").wait_for()
    restored = {"badge_position_desktop": "right"}
    administrator.call(CERTIFICATE, "write", [certificates["all"]["id"]], restored)
