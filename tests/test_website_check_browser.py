# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An administrator's browser looks at the shop, whole and with broken themes."""

import re

import pytest
import requests
from story import DESK, changed_theme, clean, see_accessible

CERTIFICATE = "trustedshops.certificate"
GERMAN = "German / Deutsch: /"
POLISH = "Polish / Język polski: /pl"
ENGLISH = "English (US): /en"
PAGES = {GERMAN, POLISH, ENGLISH}
OTHER_ID = "X" + "9" * 32
# In the head of a page: what our scripts read.
SETTINGS = 'name="trustedshops"'
GOOD_LOADERS = ("ok", "Nothing else on the page loads the badge.")
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


@pytest.fixture(scope="module", autouse=True)
def without_channels(logged_in):
    """Have the start pages alone looked at: more of them come with a channel."""
    channels = "trustedshops.channel"
    ids = logged_in.call(channels, "search", [])
    logged_in.call(channels, "write", ids, {"active": False})
    yield
    logged_in.call(channels, "write", ids, {"active": True})


@pytest.fixture(scope="module")
def certificates(logged_in, website):
    """Return the certificates of that website: for all languages, and for Polish."""
    domain = [["website_id", "=", website]]
    found = logged_in.call(
        CERTIFICATE, "search_read", domain, ["ts_id", "lang_id", "display_name"]
    )
    return {"pl" if each["lang_id"] else "all": each for each in found}


@pytest.fixture(scope="module")
def check(logged_in, certificates):
    """Return a function that presses Website check, and later Check again."""
    logged_in.open_certificate(certificates["all"]["ts_id"])
    page = logged_in.page

    def look():
        dialog = page.locator(".o_trustedshops_check")
        button = page.locator("button.o_trustedshops_check_website")
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
            "seal": ("ok", f"Seal: shown, with the right ID {ts_id}."),
            "badge": ("ok", f"Trustbadge: shown, with the right ID {ts_id}."),
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
    admin.page.click(".modal-header .btn-close")  # one thing less to do
    admin.page.locator(".o_trustedshops_check").wait_for(state="detached")
    open_todo = ".o_trustedshops_health [data-cause='website']"
    admin.page.locator(open_todo).wait_for(state="detached")


def protects_less(certificates):
    """Return what is told of the Polish certificate beside the Excellence one."""
    return (
        "hint",
        f"{certificates['pl']['display_name']} serves this language in place of"
        f" {certificates['all']['display_name']}, which protects more.",
    )


@pytest.mark.full
def test_the_cookies_bar_of_odoo_is_whole(check, change, website):
    change("website", [website], cookies_bar=True)
    groups = check()
    assert groups["Demo Shop"]["consent"][0] == "ok"
    assert "cookies_bar" not in groups[GERMAN]


@pytest.mark.full
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
    assert summary.inner_text() == "Problems found: 6"
    assert page.evaluate("window.wasHacked") is None


@pytest.mark.full
def test_a_page_with_an_error_and_one_that_is_unreachable_are_told(
    check, admin, summary
):
    address = f"{admin.url}/pl"
    admin.page.route(address, lambda route: route.abort())
    wrap = "//div[@id='wrapwrap']"
    with changed_theme(admin, wrap, "inside", '<t t-out="1/0"/>'):
        groups = check()
        assert summary.inner_text() == "Problems found: 3"
    check()
    assert summary.inner_text() == "Problems found: 1"
    admin.page.unroute(address)
    advice = (
        "Open it in a private window to see what visitors see, and look at the domain"
        " of the website."
    )
    for title, reason in ((POLISH, "Failed to fetch"), (GERMAN, "500")):
        assert groups[title] == {
            "page": ("problem", f"The page could not be loaded: {reason} {advice}")
        }


SEAL = '<a href="//www.trustedshops.com/shop/certificate.php?shop_id=X"><img/></a>'
DOUBLE = {
    "cause": "invitations",
    "level": "problem",
    "text": "Two invite.",
    "todo": "Choose one.",
    "url": "/odoo/channel/1",
    "label": "Open the channel",
}


@pytest.fixture
def more(admin):
    """Have more pages of the first language looked at, and one thing found before."""

    def extend(route):
        answer = route.fetch()
        said = answer.json()
        said["result"]["findings"] = [DOUBLE]
        [page] = [each for each in said["result"]["pages"] if each["path"] == "/"]
        page["more"] = ["/shop", f"/shop/{DESK}"]
        route.fulfill(response=answer, json=said)

    address = "**/get_website_expectations"
    admin.page.route(address, extend)
    yield
    admin.page.unroute(address)


@pytest.mark.full
def test_more_pages_are_looked_at_and_links_lead_to_the_cure(check, admin, more):
    shop, desk = f"{GERMAN}shop", f"{GERMAN}shop/{DESK}"
    groups = check()
    assert groups["Demo Shop"]["invitations"] == (
        "problem",
        "Two invite. Choose one. Open the channel",
    )
    for title in (shop, desk):
        words = "Nothing is wrong with this page."
        assert groups[title] == {"page": ("ok", words)}
    with changed_theme(admin, "//footer[@id='bottom']", "before", SEAL):
        groups = check()
    for title in (GERMAN, shop, desk):
        level, words = groups[title]["seals"]
        assert (level, words[:25]) == ("problem", "This page shows 2 seals. ")
    links = admin.page.locator(".o_trustedshops_check li a")
    addresses = [each.get_attribute("href") for each in links.all()]
    preview = "/odoo/action-website.website_preview?path=%2Fshop&enable_editor=1"
    assert {DOUBLE["url"], preview} <= set(addresses)


@pytest.mark.full
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
    assert summary.inner_text() == "Problems found: 2"
    assert groups["Demo Shop"]["origin"] == (
        "problem",
        f"The website is at {there}, but you are at {shop.url}: browsers do not let a"
        " page look at another address.",
    )
    link = admin.page.locator(".o_trustedshops_check a")
    assert link.get_attribute("href") == (
        f"{there}/odoo/action-website_sale_trustedshops.trustedshops_certificate_action"
        f"/{certificates['all']['id']}"
    )
    assert check()[GERMAN]["badge"][0] == "ok"
    assert not link.count()


@pytest.mark.full
def test_the_findings_are_accessible_on_a_phone_too_and_can_be_closed(check, admin):
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
    dialog = page.locator(".o_trustedshops_check")
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
    return replacing(("</body>", f"{content}</body>"))


def without(text):
    return replacing((text, "gone"))


COPY = (
    "A cache between Odoo and visitors holds an old page, or a theme has a copy of it."
)
FIX_THEME = (
    "Look for changes to the website's layout in the theme, or drag the block Trusted"
    " Shops Badge into the page."
)
PARTS = {"seal": "Seal", "badge": "Trustbadge"}
WIDGETS = "widgets.trustedshops.com/js/" + OTHER_ID + ".js"
NO_SEAL = f"Seal: missing. {FIX_THEME}"
NO_BADGE = f"Trustbadge: missing. {FIX_THEME}"
ELSEWHERE = (
    "The badge is loaded from a wrong address: “https://127.0.0.1:{port}/js/{ts_id}.js"
)
NO_WEBSITE = (
    "This address does not show the website Demo Shop. Give the website its own"
)
# What is changed in the page, what finds it, and how its words begin.
WRONG = [
    (without("o_trustedshops_seal"), "seal", NO_SEAL),
    (
        replacing(("?shop_id=X", "?shop_id=Z")),
        "seal",
        "Seal: shown with the ID – instead of {ts_id}. A cache between Odoo and",
    ),
    (without(SETTINGS), "badge", NO_BADGE),
    (
        replacing(("/js/X", "/js/Y")),
        "badge",
        "Trustbadge: shown with the ID – instead of {ts_id}.",
    ),
    (replacing(("src&#34;: &#34;http:", "src&#34;: &#34;https:")), "badge", ELSEWHERE),
    (without('id="wrapwrap"'), "badge", "The page lacks the element #wrapwrap."),
    (
        replacing(('lang="de-DE"', 'lang="en-US"')),
        "language",
        "Asked for German / Deutsch, the website answered in “en-US”.",
    ),
    (without("data-website-id"), "website", NO_WEBSITE),
    (replacing(('data-website-id="', 'data-website-id="99')), "website", NO_WEBSITE),
]
# A script in the page, and what is told of it.
LOADERS = [
    (f'src="//{WIDGETS}">', f"//{WIDGETS}”."),
    # One that waits for consent.
    (
        f'src="about:blank" data-nocookie-src="https://{WIDGETS}">',
        f"https://{WIDGETS}”.",
    ),
    # The one of old, and code that builds one.
    (">a(); _tsConfig = {'y': '<img src=x>'}", "_tsConfig = {{'y': '<img"),
    (f" type='module'>x.src = '//a/js/{OTHER_ID}.js'", f"/js/{OTHER_ID}.js'”."),
]
WRONG += [
    (
        adding(f"<script {script}</script>"),
        "other_loader",
        f"Something else on the page loads a badge, too: “{words}",
    )
    for script, words in LOADERS
]
WIDGET = "wdg-01234567-89ab-cdef-0123-456789abcdef"
BADGE_BLOCK = '<p class="{}"><span class="s_trustedshops_badge"></span></p>'
REVIEWS_BLOCK = '<div class="s_trustedshops_reviews" data-widget-id="{}"></div>'
PASTED = f'<etrusted-widget data-etrusted-widget-id="{WIDGET}"></etrusted-widget>'
STARS = '<div class="o_trustedshops_stars">4.5</div>'
MARKUP = '<script type="application/ld+json">{}</script>'
LAMP = MARKUP.format('{"@type": "Product", "name": "Lamp"}')
GROUP = MARKUP.format('{"@graph": [{"@type": ["ProductGroup"], "name": "Lamps"}]}')
VARIANTS = '{"@type": "ProductGroup", "hasVariant": [{"@type": "Product"}]}'
BROKEN = MARKUP.format("{broken")
MICRODATA = '<div itemscope itemtype="https://schema.org/Product">Lamp {}</div>'
PRODUCT_PAGE = '<section id="product_detail"></section>'
WRONG += [
    (adding(BADGE_BLOCK.format("") * 2), "seals", "This page shows 2 seals. Keep one"),
    (adding(SEAL), "seals", "This page shows 2 seals. Keep one"),
    (
        adding(REVIEWS_BLOCK.format(WIDGET) * 2),
        "widgets",
        f"This page shows the widget “{WIDGET}” more than once. Keep one of them.",
    ),
    (
        adding(STARS + '<p class="o_trustedshops_notice d-none">We check.</p>'),
        "notice",
        "Stars are shown without the sentence on how reviews are checked. By law it"
        " must be readable beside them, without a click. Look for a theme that hides",
    ),
    (
        # The block tells of its own reviews, with the stars of none beside it.
        adding(STARS + REVIEWS_BLOCK.format(WIDGET)),
        "notice",
        "Stars are shown without the sentence on how reviews are checked. By law it"
        " must be readable beside them, without a click. Look for a theme that hides",
    ),
    (
        adding(PASTED),
        "notice",
        "Stars are shown without the sentence on how reviews are checked. By law it"
        " must be readable beside them, without a click. Replace the pasted widget",
    ),
    (
        adding(PRODUCT_PAGE + LAMP + BROKEN + GROUP),
        "markup",
        "The structured data of this page describe 2 products: search engines",
    ),
    (
        adding(PRODUCT_PAGE + LAMP + MICRODATA.format("")),
        "markup",
        "The structured data of this page describe 2 products: search engines",
    ),
]


@pytest.mark.parametrize(("change", "cause", "words"), WRONG)
def test_what_is_wrong_with_a_page_is_told(
    judge, shop, certificates, change, cause, words
):
    port = shop.sandbox.url.rpartition(":")[2]
    words = words.format(ts_id=certificates["all"]["ts_id"], port=port)
    findings = judge(change)
    level, text = findings.pop(cause)
    assert (level, text[: len(words)]) == ("problem", words)
    others = {
        level
        for other, (level, _words) in findings.items()
        if other not in {"address", "consent", "domains"}
    }
    assert others <= {"ok"} or cause == "badge"


def test_the_ids_of_another_certificate_are_told(judge, certificates):
    ts_id = certificates["all"]["ts_id"]
    findings = judge(replacing((ts_id, OTHER_ID)))
    for cause in ("seal", "badge"):
        assert findings[cause] == (
            "problem",
            f"{PARTS[cause]}: shown with the ID {OTHER_ID} instead of {ts_id}. {COPY}",
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


@pytest.mark.parametrize(
    "content",
    [
        # One for each kind of window.
        BADGE_BLOCK.format("d-none d-lg-block") + BADGE_BLOCK.format("d-lg-none"),
        BADGE_BLOCK.format("o_snippet_mobile_invisible d-lg-block d-none")
        + BADGE_BLOCK.format("o_snippet_desktop_invisible d-lg-none"),
        STARS + '<p class="o_trustedshops_notice">We check.</p>',
        PASTED + '<div class="s_trustedshops_badge" data-variant="stars"></div>',
        # A list of products, and a product with others in it.
        LAMP + GROUP,
        PRODUCT_PAGE + MICRODATA.format(MICRODATA.format("")),
        PRODUCT_PAGE
        + MARKUP.format(
            '{"@type": "ProductGroup", "hasVariant": [{"@type": "Product"}]}'
        )
        + MARKUP.format('[{"@type": "BreadcrumbList"}, null, 7]'),
    ],
)
def test_what_is_there_once_is_not_told(judge, content):
    findings = judge(adding(content))
    assert {"seals", "widgets", "notice", "markup"} & set(findings) == set()


def test_two_widgets_with_other_reviews_may_be_meant(judge):
    other = WIDGET.replace("0", "9")
    content = REVIEWS_BLOCK.format(WIDGET) + REVIEWS_BLOCK.format(other)
    assert judge(adding(content))["widgets"] == (
        "hint",
        "This page shows 2 widgets with reviews. Keep one if they show the same"
        " reviews.",
    )


def test_what_is_hidden_or_switched_off_is_told(judge):
    hidden = replacing(("o_trustedshops_seal", "o_trustedshops_seal d-none"))
    assert judge(hidden)["seal"] == (
        "hint",
        "The seal is there, but this page hides its footer. Show the footer again in"
        " the page's options of the website editor.",
    )
    off = {"badge_shown": False, "seal_shown": False, "seal": False}
    findings = judge(without("o_trustedshops_seal"), of_page=off)
    for cause, part in PARTS.items():
        words = f"{part}: switched off on the certificate."
        assert findings[cause] == ("hint", words)


NO_CERTIFICATE = {"level": "hint", "text": "There is no certificate for this language."}


def test_a_block_in_place_of_seal_and_badge_is_told(judge):
    block = '<div class="s_trustedshops_badge" data-variant="{}"></div>'
    findings = judge(adding(block.format("seal")))
    for cause in ("seal", "badge"):
        words = f"{PARTS[cause]}: a block of this page takes its place where it shows."
        assert findings[cause] == ("ok", words)
    assert "takes its place" not in judge(adding(block.format("text")))["badge"][1]


@pytest.mark.parametrize("certificate", [NO_CERTIFICATE, None])
def test_a_certificate_that_shows_nothing_or_none_is_told(judge, certificate):
    expected = {"seal": False, "loader": "", "certificate": certificate}
    expected["ts_id"] = "" if certificate else OTHER_ID
    findings = judge(replacing(("o_trustedshops_seal", ""), (SETTINGS, "")), expected)
    assert findings.get("certificate") == (certificate and tuple(certificate.values()))
    stale = judge(of_page=expected)
    for cause in ("seal", "badge"):
        name = PARTS[cause]
        assert findings.get(cause) == (
            None if certificate else ("hint", f"{name}: not shown, as it should be.")
        )
        assert stale[cause] == (
            "problem",
            f"{name}: shown, although it should not be. {COPY}",
        )


NO_WAITING = "The badge comes whatever a visitor answers in the cookies bar."
NO_BAR = "The website has no cookies bar, so the badge does not wait."


@pytest.mark.parametrize(
    ("is_always_loaded", "cookies_bar", "level", "words"),
    [
        (False, True, "ok", "The mode."),
        (True, True, "hint", f"The mode. {NO_WAITING}"),
        (True, False, "ok", "The mode."),
        (False, False, "hint", f"The mode. {NO_BAR}"),
    ],
)
def test_the_mode_is_told(judge, is_always_loaded, cookies_bar, level, words):
    settings = {
        "consent_text": "The mode.",
        "is_always_loaded": is_always_loaded,
        "cookies_bar": cookies_bar,
    }
    assert judge(of_website=settings)["consent"] == (level, words)


def test_a_cookies_bar_that_the_theme_lost_is_told(judge):
    settings = {"cookies_bar": True}
    accept = '<a id="cookies-consent-all"></a>'
    refuse = '<a id="cookies-consent-essential"></a>'
    bar = "#website_cookies_bar"
    for buttons, lost in (
        (None, bar),
        (refuse, f"{bar} #cookies-consent-all"),
        (accept, f"{bar} #cookies-consent-essential"),
        (accept + refuse, None),
    ):
        content = "" if buttons is None else f"<div id={bar[1:]}>{buttons}</div>"
        findings = judge(adding(content), of_website=settings)
        if not lost:
            assert "cookies_bar" not in findings
            continue
        words = f"The page lacks the element {lost}. {FIX_THEME}"
        assert findings["cookies_bar"] == ("problem", words)


def test_the_list_of_blocked_domains_is_told(judge):
    assert judge(of_website={"stops_badge": False})["domains"] == (
        "ok",
        "The website's list of blocked domains does not stop the badge.",
    )
    assert judge(of_website={"stops_badge": True})["domains"] == (
        "problem",
        "The website's list of blocked domains stops the badge where it should load."
        " Take the ending that many domains share, such as “com”, off the list.",
    )


def test_a_snippet_is_pasted_read_and_taken(admin, change, certificates):
    change(CERTIFICATE, [certificates["all"]["id"]], badge_position_desktop="right")
    ts_id = certificates["all"]["ts_id"]
    admin.open_certificate(ts_id)
    page = admin.page
    page.click(".o_trustedshops_more summary")
    page.click("button.o_trustedshops_paste_snippet")
    snippet = page.locator(".modal [name='snippet'] textarea")
    snippet.fill(
        f'<script async data-desktop-position="left" onload="alert(1)"'
        f' src="//widgets.trustedshops.com/js/{ts_id}.js"></script>'
    )
    snippet.blur()
    found = page.locator(".modal .o_trustedshops_found")
    assert clean(found.inner_text()) == "Side on Desktops: Left"
    assert clean(page.locator(".modal .o_trustedshops_dropped").inner_text()) == (
        "onload = “alert(1)”: there is no such option here."
    )
    admin.press("action_apply")
    sketch = ".o_trustedshops_desktop .o_trustedshops_sketch"
    page.wait_for_selector(f"{sketch}[style*='left: 4px']")


def read_sketch(page, device):
    """Return where and how the badge is drawn on a device."""
    sketch = page.locator(f".o_trustedshops_{device} .o_trustedshops_sketch")
    (scheme,) = re.findall(
        r"o_trustedshops_(light|dark|os-default)", sketch.get_attribute("class")
    )
    return sketch.get_attribute("style"), sketch.inner_text(), scheme


@pytest.mark.full
def test_the_badge_is_sketched_while_it_is_being_placed(admin, certificates):
    admin.open_certificate(certificates["all"]["ts_id"])
    page = admin.page
    page.click(".o_trustedshops_more summary")
    see_accessible(page, ".o_trustedshops_preview")
    for device in ("desktop", "mobile"):
        assert read_sketch(page, device) == (
            "right: 4px; bottom: 0px;",
            "★",
            "os-default",
        )
    page.locator("[name='badge_position_mobile'] label:has-text('Centre')").click()
    page.locator("[name='badge_offset_desktop'] input").fill("300")
    page.locator("[name='badge_offset_mobile'] input").fill("999")
    page.locator("[name='badge_reviews_desktop'] input").uncheck()
    admin.choose("badge_color_scheme", "Dark")
    page.locator(".o_trustedshops_desktop .o_trustedshops_dark").wait_for()
    assert read_sketch(page, "desktop") == ("right: 4px; bottom: 50px;", "✓", "dark")
    # Never outside of the sketch.
    assert read_sketch(page, "mobile") == ("left: 34px; bottom: 128px;", "★", "dark")
    page.locator("[name='badge_on_phones'] input").uncheck()
    sketch = page.locator(".o_trustedshops_mobile .o_trustedshops_sketch")
    sketch.wait_for(state="detached")
    assert read_sketch(page, "desktop")
    page.locator(".o_form_button_cancel").click()
