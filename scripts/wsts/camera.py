# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How pictures are taken, and where they are kept."""

import io

from PIL import Image

from .administrator import Administrator
from .machine import ROOT, say

PICTURES = ROOT / "docs" / "pictures"
WINDOW = {"width": 1280, "height": 900}


def save(page, path, **options):
    """Write what the window shows, in 96 colours, which is a third of the bytes.

    :param page: page of Playwright
    :param pathlib.Path path: of the PNG
    :param options: of Playwright's screenshot
    """
    shot = Image.open(io.BytesIO(page.screenshot(**options)))
    few = shot.quantize(96, kmeans=3, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    say(path.name)


def get_place(name):
    """Return where a picture is kept: beside a page of Odoo Apps that shows it, or not.

    :param str name: of the file, without its ending
    :rtype: pathlib.Path
    """
    shown = ROOT.glob(f"website_sale_*/static/description/{name}.png")
    return next(shown, PICTURES / f"{name}.png")


def take(page, name, height=900, width=WINDOW["width"]):
    """Take one picture of what a window of that size shows.

    :param page: page of Playwright
    :param str name: of the file, without its ending
    :param int height: of the window, in pixels
    :param int width: of the window, in pixels
    """
    page.set_viewport_size({"width": width, "height": height})
    page.mouse.move(0, 0)  # else what it is over says what it does
    page.wait_for_timeout(500)
    page.locator(".o_loading_indicator").wait_for(state="hidden")
    save(page, get_place(name))


def log_in(chromium, shop, **size):
    """Return an administrator in a new window.

    :param chromium: browser of Playwright
    :param Shop shop: the demo
    :param size: width and height of the window, in pixels, if not as usual
    :rtype: Administrator
    """
    context = chromium.new_context(locale="en-US", viewport=size or WINDOW)
    return Administrator(context.new_page(), shop.url).log_in()
