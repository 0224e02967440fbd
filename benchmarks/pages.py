# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the addon costs the pages of a shop."""

import gc
import gzip
import json
import re
from html import unescape

from .pairs import alternate

# {desk}: the last part of a product's page.
PAGES = ("/", "/shop", "/shop/{desk}", "/shop/cart", "/shop/payment")
WARM = 8
ADDRESS = {
    "name": "Erika Mustermann",
    "email": "erika@buyer.example",
    "phone": "+49 30 1234567",
    "street": "Hauptstraße 1",
    "zip": "10115",
    "city": "Berlin",
}


def measure_pages(ours, bare, count):
    """Measure each page, and the tick, with the addon and without."""
    carts = [_fill_cart(shop) for shop in (ours, bare)]
    found = {}
    for path in PAGES:
        url = path.format(desk=carts[0]["desk"])
        found[path] = _measure(lambda: ours.get(url), lambda: bare.get(url), count)  # noqa: B023
    tick = _prepare_tick(ours)

    def tick_again():
        tick(enable=False)
        return tick()

    def deliver():
        free, dear = carts[1]["carriers"]
        bare.call("/shop/set_delivery_method", dm_id=free)
        return bare.call("/shop/set_delivery_method", dm_id=dear)

    # Both add a line to the order.
    found["tick / set_delivery_method"] = _measure(tick_again, deliver, count)
    return found


def _measure(first, second, count):
    """Measure two things, once nothing of them is computed for the first time."""
    for _number in range(WARM):
        answers = first(), second()
    # Else each measurement begins with a collection of the whole registry.
    gc.collect()
    gc.freeze()
    return {
        "queries": [answer["queries"] for answer in answers],
        "pairs": alternate(
            lambda: first()["seconds"], lambda: second()["seconds"], count
        ),
    }


def _fill_cart(shop):
    """Put a desk into the visitor's cart and give it a buyer and a delivery."""
    with shop.administrator() as env:
        product = env.ref("product.product_product_3").with_context(lang="de_DE")
        template = product.product_tmpl_id
        slug = env["ir.http"].with_context(lang="de_DE")._slug(template)
        ids = {"product_template_id": template.id, "product_id": product.id}
    shop.call("/shop/cart/add", quantity=1, **ids)
    with shop.administrator() as env:
        order = env["sale.order"].search([], order="id desc", limit=1)
        order.partner_id = env["res.partner"].create(
            {**ADDRESS, "country_id": env.ref("base.de").id}
        )
        carrier = env.ref("delivery.free_delivery_carrier")
        order._set_delivery_method(carrier)
        dear = carrier.copy({"fixed_price": 5.0, "website_published": True})
        return {"carriers": [carrier.id, dear.id], "desk": slug}


def _prepare_tick(shop):
    """Return what ticks the box of the payment page, or unticks it."""
    text = shop.get("/shop/payment")["text"]
    settings = re.search(r'name="trustedshops" content="([^"]*)"', text)
    offer = {
        "offer": json.loads(unescape(settings[1]))["offer"],
        "amount": float(re.search(r'data-amount="([\d.]+)"', text)[1]),
    }

    def tick(enable=True):
        answer = shop.call("/shop/trustedshops/protection", enable=enable, **offer)
        if enable and '"enabled": true, "reload": false' not in answer["text"]:
            raise RuntimeError(f"the tick answered {answer['text'][:200]}")
        return answer

    return tick


def measure_weight(ours, bare):
    """Return the bytes that a first visit of a page loads more, compressed."""
    lines = []
    for path in ("/", "/shop"):
        sizes = [_weigh(shop, path) for shop in (ours, bare)]
        parts = ", ".join(
            f"{kind} {sizes[0][kind] - sizes[1][kind]:+d}" for kind in sizes[0]
        )
        total = sum(sizes[0].values()) - sum(sizes[1].values())
        lines.append(f"{path}: {total:+d} bytes compressed ({parts})")
    return lines


def _weigh(shop, path):
    """Return the compressed size of a page, its bundles and its translations."""
    page = shop.get(path)["text"]
    words = shop.get("/website/translations?lang=de_DE")["text"]
    sizes = {
        "html": len(gzip.compress(page.encode())),
        "translations": len(gzip.compress(words.encode())),
    }
    for url in sorted(set(re.findall(r"/web/assets/[^\"' ]+\.min\.(?:js|css)", page))):
        kind = url.rpartition("/")[2]
        sizes[kind] = len(gzip.compress(shop.get(url)["text"].encode()))
    return sizes
