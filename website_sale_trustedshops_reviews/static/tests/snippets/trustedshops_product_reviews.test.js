/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {
    announce,
    answerBlocks,
    holdScripts,
} from "@website_sale_trustedshops/../tests/helpers";
import {beforeEach, expect, test} from "@odoo/hoot";
import {
    setupInteractionWhiteList,
    startInteractions,
} from "@web/../tests/public/helpers";
import {onRpc} from "@web/../tests/web_test_helpers";

setupInteractionWhiteList("website_sale_trustedshops_reviews.product_reviews_snippet");

const ID = "wdg-01234567-89ab-cdef-0123-456789abcdef";
const WIDGET = "etrusted-widget";
const PRODUCT = `
    <div id="product_detail"><input class="product_template_id" value="42"/></div>`;
const DATA = {
    consent: "always",
    cookiesBar: true,
    widgetScript: "https://integrations.etrusted.com/applications/widget.js/v2",
    notice: `<div class="o_trustedshops_notice">How reviews are checked.</div>`,
};

let scripts = [];

beforeEach(() => {
    scripts = holdScripts();
});

/** Start the block; the shop answers which product it is. */
async function start(getSku, {html = PRODUCT, data = {}, id = ID} = {}) {
    onRpc("/shop/trustedshops/product/<int:product_id>", (_request, {product_id}) => {
        expect.step(product_id);
        return getSku();
    });
    await answerBlocks({...DATA, ...data});
    await startInteractions(
        `${html}<section class="s_trustedshops_product_reviews" data-widget-id="${id}"
            data-sku="forged"></section>`
    );
}

function check(sku, steps) {
    expect(WIDGET).toHaveCount(sku ? 1 : 0);
    expect(scripts).toHaveLength(sku ? 1 : 0);
    if (sku) {
        expect(WIDGET).toHaveAttribute("data-sku", sku);
        expect(WIDGET).toHaveAttribute("data-etrusted-widget-id", ID);
        expect(".o_trustedshops_notice").toHaveText("How reviews are checked.");
    }
    expect.verifySteps(steps);
}

test("the reviews are those of the product of the page", async () => {
    await start(() => ({sku: "4711"}));
    check("4711", ["42"]);
});

test("they wait for consent like others", async () => {
    await start(() => ({sku: "4711"}), {data: {consent: "consent"}});
    check("", ["42"]);
    await announce(true);
    check("4711", []);
    await announce(false);
    expect(WIDGET).toHaveCount(0);
});

for (const [name, getSku] of [
    ["that Trusted Shops does not know", () => ({sku: ""})],
    ["that is not published", () => new Response('{"sku": "x"}', {status: 404})],
    ["whose answer is lost", () => Promise.reject(new TypeError("Failed to fetch"))],
]) {
    test(`there are none of a product ${name}`, async () => {
        await start(getSku);
        await announce(true);
        check("", ["42"]);
    });
}

for (const [name, html] of [
    ["a page without a product", ""],
    [
        "a page whose number is none",
        `<div id="product_detail"><input class="product_template_id" value="x"/></div>`,
    ],
    ["a list of products", `<input class="product_template_id" value="42"/>`],
]) {
    test(`there are none on ${name}, and the shop is not asked`, async () => {
        await start(() => ({sku: "4711"}), {html});
        await announce(true);
        check("", []);
    });
}

test("the shop is not asked where nothing is certified", async () => {
    await start(() => ({sku: "4711"}), {data: {widgetScript: undefined}});
    await announce(true);
    check("", []);
});

test("the shop is not asked without a widget", async () => {
    await start(() => ({sku: "4711"}), {id: "none", data: {widgetScript: undefined}});
    check("", []);
});
