# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An administrator's browser looks at the shop, whole and with broken themes."""

import pytest
import requests
from story import changed_theme, clean, see_accessible

CERTIFICATE = "trustedshops.certificate"
GERMAN = "German / Deutsch: /"
POLISH = "Polish / Język polski: /pl"
ENGLISH = "English (US): /en"
PAGES = {GERMAN, POLISH, ENGLISH}
OTHER_ID = "X" + "9" * 32
# In the head of a page: what our scripts read.
SETTINGS = 'name="trustedshops"'
GOOD_LOADERS = ("ok", "Nothing else on the page loads the badge.")
GOOD_SEAL = ("ok", "The seal is in the footer, with the right ID.")
# What the module of the check says about a text of HTML, as the dialog has it said.
JUDGE = """([text, page, website]) => {
    const check = odoo.loader.modules.get(
        "@website_sale_trustedshops/backend/website_check"
    );
    const doc = new DOMParser().parseFromString(text, "text/html");
    return [check.checkPage(doc, page, website), check.checkSettings(website)];
}"""


@pytest.fixture(scope="module")
def website(logged_in):
    """Return the website of the demonstration shop, whose address is this server's."""
    domain = [["name", "=", "Demo Shop"]]
    (website,) = logged_in.call("website", "search", domain)
    return website


@pytest.fixture(scope="module")
def certificates(logged_in, website):
    """Return the certificates of that website: for all languages, and for Polish."""
    domain = [["website_id", "=", website]]
    found = logged_in.call(CERTIFICATE, "search_read", domain, ["ts_id", "lang_id"])
    return {"pl" if each["lang_id"] else "all": each for each in found}


@pytest.fixture(scope="module")
def check(logged_in, certificates):
    """Return a function that presses Website check, and later Check again."""
    logged_in.open_certificate(certificates["all"]["ts_id"])
    page = logged_in.page
    page.click(".o_notebook a[name='badge']")

    def look():
        dialog = page.locator(".o_trustedshops_check")
        button = page.locator("button[name='action_check_website']")
        if dialog.count():
            button = dialog.locator("button:has-text('Check again')")
        with page.expect_response(lambda each: "get_website_expect" in each.url):
            button.click()
        # What is new shows in the next frame.
        page.evaluate("new Promise((done) => requestAnimationFrame(() => done()))")
        dialog.locator("[data-running='0']").wait_for()
        return read_findings(page)

    return look


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


# === IN THE DIALOG === #


@pytest.fixture
def summary(admin):
    """Return what the dialog says in one sentence."""
    return admin.page.locator(".o_trustedshops_check p.lead")


def test_every_language_is_looked_at_without_cookies(
    check, admin, certificates, summary
):
    sent = []
    admin.page.on("request", lambda each: sent.append(each))
    groups = check()
    assert set(groups) == {"Demo Shop", *PAGES}
    for title in PAGES:
        ts_id = certificates["pl" if title == POLISH else "all"]["ts_id"]
        certificate = groups[title].pop("certificate", None)
        assert certificate == (protects_less(certificates) if title == POLISH else None)
        assert groups[title] == {
            "seal": GOOD_SEAL,
            "badge": ("ok", f"The badge is there once, with the right ID {ts_id}."),
            "other_loader": GOOD_LOADERS,
        }
    settings = groups["Demo Shop"]
    assert settings["address"][0] == "ok"
    assert set(settings) == {"address", "consent", "domains"}
    assert summary.inner_text() == "No problem was found."
    seen = {
        request.url.removeprefix(admin.url): request.all_headers()
        for request in sent
        if request.resource_type == "fetch" and "/web/" not in request.url
    }
    assert {"/", "/pl", "/en"} <= set(seen)
    assert all("cookie" not in seen[path] for path in ("/", "/pl", "/en"))


def protects_less(certificates):
    """Return what is told of the Polish certificate beside the Excellence one."""
    return (
        "hint",
        f"{certificates['pl']['ts_id']} (Classic) serves this language in place of"
        f" {certificates['all']['ts_id']} (Excellence), which protects more.",
    )


def test_with_a_cookies_bar_nothing_is_left_to_say(
    check, change, website, certificates, summary
):
    change("website", [website], cookies_bar=True)
    change(CERTIFICATE, [certificates["pl"]["id"]], active=False)
    groups = check()
    assert summary.inner_text() == "Everything is right."
    assert "cookies_bar_missing" not in groups[GERMAN]


def test_a_broken_theme_is_told_and_nothing_of_it_runs(check, admin, summary):
    hostile = (
        "<script>window.top.wasHacked = 1;</script>"
        '<img src="/nowhere.png" onerror="window.top.wasHacked = 2"/>'
        f'<script src="//widgets.trustedshops.com/js/{OTHER_ID}.js"/>'
    )
    footer = "//footer[@id='bottom']"
    with changed_theme(admin, footer, "replace", hostile):
        groups = check()
    for title in PAGES:
        groups[title].pop("certificate", None)
        assert {cause: level for cause, (level, _words) in groups[title].items()} == {
            "seal": "problem",
            "badge": "ok",
            "other_loader": "problem",
        }
    page = admin.page
    assert summary.inner_text() == "6 problems were found."
    assert page.evaluate("window.wasHacked") is None


def test_a_page_with_an_error_and_one_that_is_unreachable_are_told(
    check, admin, summary
):
    address = f"{admin.url}/pl"
    admin.page.route(address, lambda route: route.abort())
    wrap = "//div[@id='wrapwrap']"
    with changed_theme(admin, wrap, "inside", '<t t-out="1/0"/>'):
        groups = check()
        assert summary.inner_text() == "3 problems were found."
    check()
    assert summary.inner_text() == "One problem was found."
    admin.page.unroute(address)
    assert groups[POLISH] == {
        "page": (
            "problem",
            "The page could not be reached, or it leads to another address. Open it in"
            " a private window, and look at the domain of the website.",
        )
    }
    assert groups[GERMAN] == {
        "page": (
            "problem",
            "The page cannot be seen: the website answered with error 500. Open the"
            " page in a private window to see what visitors see.",
        )
    }


def test_another_address_cannot_be_looked_at_from_here(
    check, admin, shop, website, certificates, summary
):
    there = "https://elsewhere.example"
    admin.call("website", "write", [website], {"domain": there})
    try:
        groups = check()
    finally:
        admin.call("website", "write", [website], {"domain": shop.url})
    assert set(groups) == {"Demo Shop"}
    assert groups["Demo Shop"]["address"][0] == "problem"
    assert summary.inner_text() == "2 problems were found."
    assert groups["Demo Shop"]["origin"] == (
        "problem",
        f"The website is at {there}, but you are at {shop.url}: browsers do not let a"
        " page look at another address. Open this certificate at the website's own"
        " address and check there.",
    )
    link = admin.page.locator(".o_trustedshops_check a")
    assert link.get_attribute("href") == (
        f"{there}/odoo/action-website_sale_trustedshops.trustedshops_certificate_action"
        f"/{certificates['all']['id']}"
    )
    assert check()[GERMAN]["badge"][0] == "ok"
    assert not link.count()


def test_the_findings_are_accessible_on_a_phone_too(check, admin):
    page = admin.page
    with changed_theme(admin, "//footer[@id='bottom']", "replace", ""):
        groups = check()
    assert groups[GERMAN]["seal"][0] == "problem"
    for selector in ("section", "p.lead"):
        see_accessible(page, f".o_trustedshops_check {selector}")
    page.set_viewport_size({"width": 390, "height": 844})
    body = page.locator(".o_trustedshops_check .modal-body")
    overflow = body.evaluate("body => body.scrollWidth - body.clientWidth")
    width = body.evaluate("body => body.clientWidth")
    page.set_viewport_size({"width": 1280, "height": 1000})
    assert overflow <= 0
    assert width <= 390


def test_the_dialog_closes(check, admin):
    check()
    dialog = admin.page.locator(".o_trustedshops_check")
    dialog.locator("footer button:has-text('Close')").click()
    dialog.wait_for(state="detached")


# === EVERY SENTENCE === #


@pytest.fixture(scope="module")
def judge(logged_in, certificates):
    """Return a function that judges the German start page after changes to it."""
    expected = logged_in.call(
        CERTIFICATE, "get_website_expectations", [certificates["all"]["id"]]
    )
    page = next(each for each in expected["pages"] if each["lang"] == "de-DE")
    website = {**expected["website"], "url": logged_in.url}
    # Not with the browser: the answer's cookies would log the administrator out.
    headers = {"Accept-Language": "de-DE"}
    text = requests.get(logged_in.url, headers=headers, timeout=60).text
    assert text.count(SETTINGS) == 1

    def look(change=lambda text: text, of_page=None, of_website=None):
        findings, settings = logged_in.page.evaluate(
            JUDGE,
            [
                change(text),
                {**page, **(of_page or {})},
                {**website, **(of_website or {})},
            ],
        )
        return {
            each["cause"]: (each["level"], f"{each['text']} {each['todo']}".strip())
            for each in findings + settings
        }

    return look


def replacing(*pairs):
    """Return a change of a text, each of which must find its place."""

    def change(text):
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        return text

    return change


def adding(content):
    """Return a change that adds content to the body."""
    return replacing(("</body>", f"{content}</body>"))


OLD_PAGE = "Something between Odoo and visitors keeps an old page"
COPY = f"{OLD_PAGE}, or a theme has a copy of it."
FIX_LOADER = (
    "Ours steps back then, and its options do nothing. Remove that code: it is in the"
    " theme, in the page, or in the settings under Custom Code."
)


@pytest.mark.parametrize(
    ("change", "cause", "words"),
    [
        pytest.param(
            replacing(("o_trustedshops_seal", "gone")),
            "seal",
            "The footer has no seal: a theme or a changed template leaves it out. Look"
            " for changes of the view “Trusted Shops Seal” and of the website's layout,"
            " or drag the block Trusted Shops Badge into the footer.",
            id="no seal",
        ),
        pytest.param(
            replacing(("o_trustedshops_seal", "gone"), ('id="bottom"', 'id="other"')),
            "seal",
            "There is no seal, because the theme has no footer of Odoo. Drag the block"
            " Trusted Shops Badge into the page, or ask who made the theme for a footer"
            " with the id “bottom”.",
            id="no footer",
        ),
        pytest.param(
            replacing(("?shop_id=X", "?shop_id=Z")),
            "seal",
            f"The seal has no ID, but this language has %s. {COPY}",
            id="seal without id",
        ),
        pytest.param(
            replacing((SETTINGS, "gone")),
            "badge",
            "The page has no badge: a theme or a changed template leaves it out. Look"
            " for changes of the view “Trusted Shops Badge” and of the website's"
            " layout.",
            id="no badge",
        ),
        pytest.param(
            replacing(("/js/X", "/js/Y")),
            "badge",
            f"The badge has no ID, but this language has %s. {COPY}",
            id="badge without id",
        ),
        pytest.param(
            replacing(("src&#34;: &#34;http:", "src&#34;: &#34;https:")),
            "badge",
            "The badge comes from “https://127.0.0.1:%s”, which is not its address."
            " Reload the page in a minute; if it stays, look at the theme's templates.",
            id="badge from elsewhere",
        ),
        pytest.param(
            replacing(('id="wrapwrap"', 'id="other"')),
            "badge",
            "The page has no element “wrapwrap”, so nothing loads the badge. Look for"
            " changes of the website's layout in the theme.",
            id="no wrapwrap",
        ),
        pytest.param(
            adding(
                f'<script src="//widgets.trustedshops.com/js/{OTHER_ID}.js"></script>'
            ),
            "other_loader",
            "Something else on the page loads a badge, too:"
            f" “//widgets.trustedshops.com/js/{OTHER_ID}.js”. {FIX_LOADER}",
            id="other loader",
        ),
        pytest.param(
            adding(
                '<script src="about:blank" data-nocookie-src='
                f'"https://widgets-qa.trustedshops.com/js/{OTHER_ID}.js"></script>'
            ),
            "other_loader",
            "Something else on the page loads a badge, too:"
            f" “https://widgets-qa.trustedshops.com/js/{OTHER_ID}.js”. {FIX_LOADER}",
            id="other loader that waits for consent",
        ),
        pytest.param(
            adding("<script>a(); _tsConfig = {'y': '<img src=x>'}</script>"),
            "other_loader",
            "Something else on the page loads a badge, too:"
            f" “_tsConfig = {{'y': '<img src=x>'}}”. {FIX_LOADER}",
            id="old loader",
        ),
        pytest.param(
            adding(f"<script type='module'>x.src = '//a/js/{OTHER_ID}.js'</script>"),
            "other_loader",
            "Something else on the page loads a badge, too:"
            f" “/js/{OTHER_ID}.js'”. {FIX_LOADER}",
            id="code that builds a loader",
        ),
        pytest.param(
            replacing(('lang="de-DE"', 'lang="en-US"')),
            "language",
            "Asked for German / Deutsch, the website answered in “en-US”. See whether"
            " the language is switched on for this website.",
            id="another language",
        ),
        pytest.param(
            replacing(("data-website-id", "data-other-id")),
            "website",
            "This address shows no website of Odoo. Give every website its own domain"
            " under Website > Configuration > Websites, and let that domain lead to"
            " this Odoo.",
            id="no website",
        ),
        pytest.param(
            replacing(('data-website-id="', 'data-website-id="99')),
            "website",
            "This address shows another website than Demo Shop. Give every website its"
            " own domain under Website > Configuration > Websites, and let that domain"
            " lead to this Odoo.",
            id="another website",
        ),
    ],
)
def test_what_is_wrong_with_a_page_is_told(
    judge, shop, certificates, change, cause, words
):
    ts_id = certificates["all"]["ts_id"]
    path = f"{shop.sandbox.url.rpartition(':')[2]}/js/{ts_id}.js"
    words = words.replace("%s", path if "127.0.0.1" in words else ts_id)
    findings = judge(change)
    assert findings[cause] == ("problem", words)
    settings = {"address", "consent", "domains"}
    others = {
        level
        for other, (level, _words) in findings.items()
        if other not in {cause, *settings}
    }
    assert others <= {"ok"} or cause == "badge"


def test_the_ids_of_another_certificate_are_told(judge, certificates):
    ts_id = certificates["all"]["ts_id"]
    findings = judge(replacing((ts_id, OTHER_ID)))
    for cause in ("seal", "badge"):
        assert findings[cause] == (
            "problem",
            f"The {cause} has {OTHER_ID}, but this language has {ts_id}. {COPY}",
        )


def test_scripts_that_load_no_badge_are_no_loaders(judge):
    harmless = (
        '<script src="https://integrations.etrusted.com/applications/widget.js/v2">'
        f'</script><script src="https://cdn.example/js/{OTHER_ID}.js"></script>'
        '<script src="http://[broken"></script>'
        '<script type="application/json">{"a": "_tsConfig = 1"}</script>'
        f"<noscript><script src='//widgets.trustedshops.com/js/{OTHER_ID}.js'></script>"
        "</noscript>"
    )
    assert judge(adding(harmless))["other_loader"] == GOOD_LOADERS


def test_a_hidden_footer_is_told(judge):
    change = replacing(("o_trustedshops_seal", "o_trustedshops_seal d-none"))
    assert judge(change)["seal"] == (
        "hint",
        "The seal is there, but this page hides its footer. Show the footer again in"
        " the page's options of the website editor.",
    )


NOTHING = replacing(("o_trustedshops_seal", "gone"), (SETTINGS, "gone"))
NOT_SHOWN = {"seal": False, "loader": ""}


def test_a_language_without_certificate_is_told(judge):
    told = {"level": "hint", "text": "There is no certificate for this language."}
    expected = {**NOT_SHOWN, "ts_id": "", "certificate": told}
    findings = judge(NOTHING, of_page=expected)
    assert findings["certificate"] == (told["level"], told["text"])
    assert not {"seal", "badge"} & set(findings)
    findings = judge(of_page=expected)
    for cause in ("seal", "badge"):
        assert findings[cause] == (
            "problem",
            f"There is a {cause}, although none is expected now. Look for a copy of it"
            " in the theme's templates.",
        )


def test_a_certificate_that_shows_nothing_is_told(judge):
    expected = {**NOT_SHOWN, "ts_id": OTHER_ID}
    findings = judge(NOTHING, of_page=expected)
    for cause in ("seal", "badge"):
        assert findings[cause] == (
            "hint",
            f"There is no {cause}, and none is expected now. The form of the"
            f" certificate {OTHER_ID} says why.",
        )
    findings = judge(of_page=expected)
    for cause in ("seal", "badge"):
        assert findings[cause] == (
            "problem",
            f"There is a {cause}, although none is expected now. {COPY}",
        )


def test_what_is_switched_off_is_told(judge):
    change = replacing(("o_trustedshops_seal", "gone"))
    findings = judge(change, of_page={"badge_shown": False, "seal": False})
    assert findings["seal"] == (
        "hint",
        "There is no seal, and none is expected now. Seal and badge are switched off on"
        " the certificate.",
    )
    assert findings["badge"] == (
        "hint",
        "The badge is switched off; buyers still get the Trustcard. Switch on Show Seal"
        " and Badge on the certificate to show it.",
    )


ACCEPTED = "The badge is loaded after visitors accept optional cookies"
AT_ONCE = "The badge is loaded at once, without asking visitors."
NO_BAR = (
    "The website has no cookies bar, so the badge is loaded at once. Switch on the"
    " cookies bar in the settings of the website if visitors shall be asked."
)


@pytest.mark.parametrize(
    ("consent", "cookies_bar", "level", "words"),
    [
        ("consent", True, "ok", f"{ACCEPTED}."),
        (
            "consent_or_confirmation",
            True,
            "ok",
            f"{ACCEPTED}, and always after an order.",
        ),
        (
            "always",
            True,
            "hint",
            f"{AT_ONCE} The website has a cookies bar. If the badge shall wait for it,"
            " choose so on the tab Badge.",
        ),
        ("always", False, "ok", AT_ONCE),
        ("consent", False, "hint", NO_BAR),
        ("consent_or_confirmation", False, "hint", NO_BAR),
    ],
)
def test_the_mode_is_told(judge, consent, cookies_bar, level, words):
    settings = {"consent": consent, "cookies_bar": cookies_bar}
    assert judge(of_website=settings)["consent"] == (level, words)


def test_a_cookies_bar_that_the_theme_lost_is_told(judge):
    settings = {"cookies_bar": True}
    assert judge(of_website=settings)["cookies_bar_missing"] == (
        "problem",
        "The website has a cookies bar, but this page lacks it. Without it nobody can"
        " accept cookies. Look for changes of the website's layout in the theme.",
    )
    accept = '<a id="cookies-consent-all"></a>'
    refuse = '<a id="cookies-consent-essential"></a>'
    found = {
        buttons: judge(
            adding(f'<div id="website_cookies_bar">{buttons}</div>'),
            of_website=settings,
        ).get("cookies_bar_missing")
        for buttons in (accept + refuse, refuse, accept)
    }
    assert found == {
        accept + refuse: None,
        refuse: (
            "problem",
            "The cookies bar lacks the button to accept all cookies. Without it nobody"
            " can accept cookies. Look for changes of the website's layout in the"
            " theme.",
        ),
        accept: (
            "problem",
            "The cookies bar lacks the button to accept only essential cookies. Odoo"
            " takes such a page for one that need not ask, and sets optional cookies;"
            " the badge waits for consent nevertheless. Look for changes of the"
            " website's layout in the theme.",
        ),
    }


NAMED = "The list of blocked domains names Trusted Shops."


@pytest.mark.parametrize(
    ("settings", "level", "words"),
    [
        (
            {"cookies_bar": False, "is_blocked": True},
            "ok",
            "The website blocks no domains of third parties.",
        ),
        (
            {"blocks_domains": False, "is_blocked": True},
            "ok",
            "The website blocks no domains of third parties.",
        ),
        (
            {"is_blocked": False},
            "ok",
            "The list of blocked domains does not name Trusted Shops. It need not: the"
            " badge waits for consent by itself.",
        ),
        ({"is_blocked": True, "consent": "consent"}, "ok", NAMED),
        (
            {"is_blocked": True, "consent": "always"},
            "hint",
            f"{NAMED} That name is left out in all pages, as the certificate says that"
            " the badge is always loaded. Choose on the tab Badge that it waits, or"
            " take the domain off the list.",
        ),
        (
            {"is_blocked": True, "consent": "consent_or_confirmation"},
            "ok",
            "The list of blocked domains names Trusted Shops; after an order that name"
            " is left out, as the certificate says.",
        ),
        (
            {"is_blocked": True, "is_always_blocked": True, "consent": "always"},
            "problem",
            "The list of blocked domains stops the badge where it shall always load."
            " Take the ending that is common to many domains off the list.",
        ),
    ],
)
def test_the_list_of_blocked_domains_is_told(judge, settings, level, words):
    settings = {"cookies_bar": True, "blocks_domains": True, **settings}
    assert judge(of_website=settings)["domains"] == (level, words)


# === THE SNIPPET === #


def test_a_snippet_is_pasted_read_and_taken(admin, change, certificates):
    change(CERTIFICATE, [certificates["all"]["id"]], badge_position_desktop="right")
    ts_id = certificates["all"]["ts_id"]
    admin.open_certificate(ts_id)
    page = admin.page
    page.click(".o_notebook a[name='badge']")
    sketch = page.locator(".o_trustedshops_preview .o_trustedshops_desktop")
    sketch.wait_for()
    see_accessible(page, ".o_trustedshops_preview")
    assert sketch.get_attribute("aria-label").startswith("Desktop: on the right, 0 ")
    page.click("button[name='action_paste_snippet']")
    snippet = page.locator(".modal [name='snippet'] textarea")
    snippet.fill(
        f'<script async data-desktop-position="left" onload="alert(1)"'
        f' src="//widgets.trustedshops.com/js/{ts_id}.js"></script>'
    )
    snippet.blur()
    found = page.locator(".modal .o_trustedshops_found")
    assert clean(found.inner_text()) == "Side on Desktops: Left"
    assert clean(page.locator(".modal .o_trustedshops_dropped").inner_text()) == (
        "onload is not an option of the Trustbadge and was left out."
    )
    admin.press("action_apply")
    page.locator(".o_trustedshops_preview [aria-label*='on the left']").wait_for()
