# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Somebody who sets Trusted Shops up in the backend, in a real browser."""

import re

from .visitor import PATIENCE

# Not the page of the login, whose address names where it leads.
BACKEND = re.compile(r"^[^?]*/odoo/")

SETTINGS = "/odoo/action-website.action_website_configuration"

# In the list of blocks of the website's editor.
BADGE_BLOCK = ".o_snippet[name='Trusted Shops Badge']"

# The editor looks at moves of the mouse in the next frame.
NEXT_FRAME = """new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => done()))
)"""


def drag(page, what, where):
    """Drag with the mouse, as the website's editor expects it."""
    edited = where.locator("xpath=ancestor::html")
    what.scroll_into_view_if_needed()
    start = what.bounding_box()
    page.mouse.move(start["x"] + 20, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(start["x"] - 20, start["y"] + 40, steps=5)
    edited.locator(".oe_drop_zone").first.wait_for(state="attached")
    end = where.bounding_box()  # the places to drop at have moved it
    page.mouse.move(
        end["x"] + end["width"] / 2, end["y"] + end["height"] * 0.8, steps=20
    )
    page.evaluate(NEXT_FRAME)
    page.mouse.up()


class Administrator:
    """Somebody who has rights in the backend."""

    def __init__(self, page, url):
        self.page = page
        self.url = url
        # What must never happen: scripts of others, errors of ours.
        self.popups = []
        self.errors = []
        page.set_default_timeout(PATIENCE)
        page.on("dialog", self._refuse_popup)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _refuse_popup(self, dialog):
        self.popups.append(dialog.message)
        dialog.dismiss()

    def log_in(self, login="admin", password="admin"):
        """Log in."""
        page = self.page
        page.goto(f"{self.url}/web/login?redirect=/odoo/apps")
        page.fill("#login", login)
        page.fill("#password", password)
        page.click(".oe_login_buttons button[type='submit']")
        page.wait_for_url(BACKEND, wait_until="commit")
        # Left while the web client starts, its next page was seen to wait for ever.
        page.locator(".o_main_navbar").wait_for()
        return self

    def open(self, path):
        """Go to a page of the backend and wait until it shows."""
        self.page.goto(self.url + path)
        self.page.locator(".o_action_manager .o_view_controller").first.wait_for()

    def edit_website(self, language, path="/"):
        """Open a page of the website in its editor."""
        # The editor waits for the fonts of the theme, which need not be reachable.
        self.page.route(
            "https://fonts.googleapis.com/**",
            lambda route: route.fulfill(body="", content_type="text/css"),
        )
        cookie = {"name": "frontend_lang", "value": language, "url": self.url}
        self.page.context.add_cookies([cookie])
        action = "action-website.website_preview?enable_editor=1"
        self.page.goto(f"{self.url}/odoo/{action}&path={path}")
        self.page.locator(BADGE_BLOCK).wait_for()
        return self.page.frame_locator(
            ".o_iframe_container iframe:not(.o_ignore_in_tour)"
        )

    def call(self, model, method, *args):
        """Call a method as the web client does, and return its answer."""
        params = {"model": model, "method": method, "args": args, "kwargs": {}}
        answer = self.page.request.post(
            f"{self.url}/web/dataset/call_kw/{model}/{method}",
            data={"jsonrpc": "2.0", "method": "call", "params": params},
            timeout=PATIENCE,
        ).json()
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer["result"]

    # === FORMS === #

    def get_field(self, name):
        """Return the field of the form."""
        return self.page.locator(f".o_field_widget[name='{name}']:visible")

    def type(self, name, text):
        """Type into a field."""
        self.get_field(name).locator("input").fill(text)

    def choose(self, name, label):
        """Choose a value of a field with few of them."""
        self.get_field(name).locator(".o_select_menu input").click()
        self.page.locator(f".o_select_menu_item:has-text('{label}')").first.click()

    def save(self):
        """Save the form and wait for the answer, which waits for Trusted Shops."""
        with self.page.expect_response(lambda answer: "/web_save" in answer.url):
            self.page.click(".o_form_button_save")
        self.page.locator(".o_form_view .o_form_saved").wait_for()

    def read(self, name):
        """Return what a field shows, with ordinary blanks."""
        field = self.get_field(name)
        inputs = field.locator("input")
        text = inputs.input_value() if inputs.count() else field.inner_text()
        return re.sub(r"\s+", " ", text).strip()
