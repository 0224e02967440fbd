# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A visitor of the shop in a real browser; for the pictures and the browser tests."""

from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from .machine import facts

# Milliseconds: more than a busy machine takes for the first page with new assets.
PATIENCE = 60_000
# Chromium as root and without a network: no sandbox of its own, no calls home.
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What the pages of the cart and of the address send, one after the other.
TAKE_STEPS = """async ([product, address, country]) => {
    const read = async (path) => {
        const text = await (await fetch(path)).text();
        return new DOMParser().parseFromString(text, "text/html");
    };
    const page = await read(`/shop/${product}`);
    const read_id = (name) => Number(page.querySelector(`input[name=${name}]`).value);
    const params = {
        product_template_id: read_id("product_template_id"),
        product_id: read_id("product_id"),
        quantity: 1,
    };
    await fetch("/shop/cart/add", {
        method: "POST",
        headers: {"Content-Type": "application/json"},
        body: JSON.stringify({jsonrpc: "2.0", method: "call", params}),
    });
    const step = await read("/shop/checkout?try_skip_step=true");
    const form = step.querySelector("form.address_autoformat");
    const body = new FormData(form);
    for (const [name, value] of Object.entries(address)) {
        body.set(name, value);
    }
    const option = form.querySelector(`#o_country_id option[code=${country}]`);
    body.set("country_id", option.value);
    const sent = await fetch(form.dataset.submitUrl, {method: "POST", body});
    await fetch((await sent.json()).redirectUrl);
}"""
GERMAN_ADDRESS = {
    "name": "Erika Mustermann",
    "email": "erika@kunde.example",
    "phone": "+49 30 1234567",
    "street": "Hauptstraße 1",
    "zip": "10115",
    "city": "Berlin",
}


@contextmanager
def browser():
    """Run a headless Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=facts()["chromium"], args=CHROMIUM_ARGUMENTS
        )
        try:
            yield chromium
        finally:
            chromium.close()


class Visitor:
    """Somebody who shops."""

    def __init__(self, page, url):
        self.page = page
        self.url = url
        self.errors = []
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, path):
        """Go to a page of the shop and wait until it can be used."""
        self.page.goto(self.url + path)
        self.wait_until_usable()

    def wait_until_usable(self):
        """Wait until the page's JavaScript has taken over."""
        self.page.wait_for_load_state("load")
        self.page.wait_for_function("window.odoo?.__WOWL_DEBUG__?.root?.env?.services")
        self.page.evaluate(
            "odoo.__WOWL_DEBUG__.root.env.services['public.interactions'].isReady"
        )

    def reach_payment(self, product, address, country="DE"):
        """Go to the payment step as a guest, without the pages before it."""
        self.page.goto(f"{self.url}/robots.txt")
        self.page.evaluate(TAKE_STEPS, [product, address, country])
        self.open("/shop/payment")

    def tick_protection(self):
        """Tick or untick Buyer Protection and wait until the page shows it."""
        box = self.page.locator("#trustedshops_protection:enabled")
        box.scroll_into_view_if_needed()
        with self.page.expect_response("**/shop/trustedshops/protection"):
            box.click()
        self.page.locator(".o_trustedshops_offer[aria-busy='false']").wait_for()

    def agree_to_invitation(self):
        """Tick the invitation to a review, and wait until the shop knows."""
        with self.page.expect_response("**/shop/trustedshops/reviews"):
            self.page.click("#trustedshops_review_box")

    def choose_method(self, method):
        """Choose a payment method."""
        option = self.page.locator(f"[data-payment-method-code='{method}']")
        self.page.click(f"label[for='{option.get_attribute('id')}']")

    def pay_by(self, method):
        """Choose a payment method and pay."""
        page = self.page
        self.choose_method(method)
        page.locator("button[name='o_payment_submit_button']:visible").first.click()
        page.wait_for_url("**/shop/confirmation")
        self.wait_until_usable()
