# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the website check says of a page: seal, badge, and what stands there twice."""

from pathlib import Path
from unittest import TestCase

from lxml import etree

from ..lib.criteria import read_criteria
from ..lib.inspection import Inspection
from ..lib.shop_page import read_page

LIST = Path(__file__).parents[1] / "views" / "trustedshops_criteria.xml"
CRITERIA = read_criteria(etree.parse(LIST).getroot())
TS_ID = "X" + "5" * 32
OTHER_ID = "X" + "9" * 32
LOADER = f"https://widgets.trustedshops.com/js/{TS_ID}.js"
SETTINGS = f"""<meta name="trustedshops" content='{{"src": "{LOADER}"}}'/>"""
PAGE = f"""<html lang="de-DE" data-website-id="7"><head>{SETTINGS}</head>
<body><div id="wrapwrap"><footer id="bottom"><div class="o_trustedshops_seal">
<a href="https://www.trustedshops.de/shop/certificate.php?shop_id={TS_ID}"><img/></a>
</div></footer></div></body></html>"""
FACTS = {
    "id": 7,
    "url": "https://lampen.example",
    "is_always_loaded": False,
    "consent_text": "Load: later",
    "cookies_bar": False,
    "stops_badge": False,
    "loader_hosts": ["widgets.trustedshops.com", "127.0.0.1:9"],
    "lang": "de-DE",
    "lang_name": "German",
    "certificate": None,
    "ts_id": TS_ID,
    "badge_shown": True,
    "seal_shown": True,
    "seal": True,
    "loader": LOADER,
}
SHOWN = {"seal": "ok", "badge": "ok", "other_loader": "ok"}
BLOCK = '<div class="s_trustedshops_badge {}" data-variant="{}"></div>'
WIDGET = "wdg-01234567"
REVIEWS = '<div class="s_trustedshops_reviews" data-widget-id="{}"></div>'
PASTED_SEAL = '<a href="//x.example/shop/certificate.php?shop_id=X"><img/></a>'


def look(source=PAGE, scope="start", **facts):
    """Return cause and values of what is seen, by criterion."""
    url = "https://lampen.example/"
    page = read_page("start", url, url, 200, source)
    criteria = [each for each in CRITERIA if scope in each.scopes]
    found = Inspection([page], {**FACTS, **facts}).look(criteria)
    return {each["point"]: (each["cause"], each["values"]) for each in found}


def add(content):
    """Return the page with more in its body."""
    return PAGE.replace("</body>", f"{content}</body>")


class TestLibPageRules(TestCase):
    def assertOthersFine(self, seen, *names):
        causes = {name: cause for name, (cause, _values) in seen.items()}
        for name in names:
            causes.pop(name)
        self.assertEqual(
            causes, {key: value for key, value in SHOWN.items() if key not in names}
        )

    def test_a_whole_page_is_fine(self):
        seen = look()
        self.assertOthersFine(seen)
        for name in ("seal", "badge"):
            self.assertEqual(seen[name][1], {"found": TS_ID})
        self.assertEqual(look(scope="page"), {})

    def test_what_is_wrong_with_a_page(self):
        for old, new, name, cause, values in (
            ("o_trustedshops_seal", "gone", "seal", "missing", {}),
            ('name="trustedshops"', "", "badge", "missing", {}),
            ("=X5", "=Z5", "seal", "other_id", {"found": "–", "expected": TS_ID}),
            ("/js/X", "/js/Y", "badge", "other_id", {"found": "–", "expected": TS_ID}),
            (
                f"shop_id={TS_ID}",
                f"shop_id={OTHER_ID}",
                "seal",
                "other_id",
                {"found": OTHER_ID, "expected": TS_ID},
            ),
            (
                "https://widgets.",
                "http://widgets.",
                "badge",
                "address",
                {"found": LOADER.replace("https", "http")},
            ),
            ('id="wrapwrap"', "", "elements", "problem", {"selector": "#wrapwrap"}),
            (
                "de-DE",
                "en-US",
                "language",
                "problem",
                {"asked": "German", "lang": "en-US"},
            ),
            ("o_trustedshops_seal", "o_trustedshops_seal d-none", "seal", "footer", {}),
        ):
            with self.subTest(new=new):
                self.assertIn(old, PAGE)
                seen = look(PAGE.replace(old, new))
                self.assertEqual(seen[name], (cause, values))
                self.assertOthersFine(seen, name)

    def test_of_another_website_nothing_else_is_said(self):
        for new in ("", 'data-website-id="99"'):
            seen = look(PAGE.replace('data-website-id="7"', new))
            self.assertEqual(seen, {"page": ("problem", {})})

    def test_what_should_not_be_there(self):
        bare = PAGE.replace("o_trustedshops_seal", "").replace(SETTINGS, "")
        none = {"seal": False, "loader": ""}
        seen = look(bare, **none)
        self.assertEqual([seen[name][0] for name in ("seal", "badge")], ["absent"] * 2)
        seen = look(**none)
        for name in ("seal", "badge"):
            self.assertEqual(seen[name], ("unexpected", {}))
        self.assertEqual(set(look(bare, ts_id="", **none)), {"other_loader"})
        off = {"badge_shown": False, "seal_shown": False, "seal": False}
        seen = look(PAGE.replace("o_trustedshops_seal", ""), **off)
        self.assertEqual([seen[name][0] for name in ("seal", "badge")], ["off", "off"])

    def test_who_serves_the_language(self):
        choice = {"level": "hint", "text": "Nobody."}
        self.assertEqual(look(certificate=choice)["certificate"], ("hint", choice))

    def test_a_block_in_place_of_seal_and_badge(self):
        seen = look(add(BLOCK.format("", "seal")))
        self.assertEqual([seen[name][0] for name in ("seal", "badge")], ["block"] * 2)
        seen = look(add(BLOCK.format("", "text")))
        self.assertEqual(seen["badge"][0], "ok")

    def test_other_loaders(self):
        path = f"widgets.trustedshops.com/js/{OTHER_ID}.js"
        for script, words in (
            (f'src="//{path}">', f"//{path}"),
            (
                f'src="about:blank" data-nocookie-src="https://{path}">',
                f"https://{path}",
            ),
            (
                f'src="//127.0.0.1:9/js/{OTHER_ID}.js">',
                f"//127.0.0.1:9/js/{OTHER_ID}.js",
            ),
            (
                ">a(); _tsConfig = {'y': '<img src=x>'}",
                "_tsConfig = {'y': '<img src=x>'}",
            ),
            (f" type='module'>x.src = '//a/js/{OTHER_ID}.js'", f"/js/{OTHER_ID}.js'"),
        ):
            with self.subTest(script):
                seen = look(add(f"<script {script}</script>"))
                self.assertEqual(seen["other_loader"], ("problem", {"found": words}))
                self.assertOthersFine(seen, "other_loader")
        harmless = (
            '<script src="https://widgets.trustedshops.com/widget.js/v2"></script>'
            f'<script src="https://cdn.example/js/{OTHER_ID}.js"></script>'
            '<script src="http://[broken"></script>'
            '<script type="application/json">{"a": "_tsConfig = 1"}</script>'
            f"<noscript><script src='//{path}'></script></noscript>"
        )
        self.assertOthersFine(look(add(harmless)))

    def test_what_is_there_twice(self):
        other = WIDGET.replace("0", "9")
        pasted = (
            f'<etrusted-widget data-etrusted-widget-id="{WIDGET}"></etrusted-widget>'
        )
        for content, name, cause, values in (
            (BLOCK.format("", "seal") * 2, "seals", "problem", {"count": 2}),
            (PASTED_SEAL, "seals", "problem", {"count": 2}),
            (
                REVIEWS.format(WIDGET) * 2,
                "widgets",
                "problem",
                {"widget": WIDGET},
            ),
            (
                REVIEWS.format(WIDGET) + pasted,
                "widgets",
                "problem",
                {"widget": WIDGET},
            ),
            (
                REVIEWS.format(WIDGET) + REVIEWS.format(other),
                "widgets",
                "hint",
                {"count": 2},
            ),
        ):
            with self.subTest(content):
                seen = look(add(content), "page")
                self.assertEqual(seen, {name: (cause, values)})

    def test_what_each_kind_of_window_shows_once(self):
        for one, other in (
            ("d-none d-lg-block", "d-lg-none"),
            (
                "o_snippet_mobile_invisible d-lg-block d-none",
                "o_snippet_desktop_invisible d-lg-none",
            ),
        ):
            content = BLOCK.format(one, "seal") + BLOCK.format(other, "seal")
            self.assertEqual(look(add(content), "page"), {})
            content = f'<div class="{one}">{BLOCK.format("", "seal") * 2}</div>'
            self.assertIn("seals", look(add(content), "page"))
        hidden = '<div class="d-none">' + BLOCK.format("", "seal") * 2 + "</div>"
        self.assertEqual(look(add(hidden), "page"), {})

    def test_a_cookies_bar_that_the_theme_lost(self):
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
            seen = look(add(content), cookies_bar=True)
            expected = lost and ("problem", {"selector": lost})
            self.assertEqual(seen.get("elements"), expected)

    def test_the_settings(self):
        for is_always, has_bar, cause in (
            (False, True, "ok"),
            (True, True, "always"),
            (True, False, "ok"),
            (False, False, "no_bar"),
        ):
            facts = {"is_always_loaded": is_always, "cookies_bar": has_bar}
            seen = look(scope="settings", **facts)
            self.assertEqual(seen["consent"], (cause, {"mode": "Load: later"}))
        self.assertEqual(seen["domains"], ("ok", {}))
        seen = look(scope="settings", stops_badge=True)
        self.assertEqual(seen["domains"], ("problem", {}))
