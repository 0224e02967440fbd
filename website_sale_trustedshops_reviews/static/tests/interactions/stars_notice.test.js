/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {expect, test} from "@odoo/hoot";
import {
    setupInteractionWhiteList,
    startInteractions,
} from "@web/../tests/public/helpers";

setupInteractionWhiteList("website_sale_trustedshops_reviews.stars_notice");

const NOTICE = `<p class="o_trustedshops_notice">How reviews are checked.</p>`;

function makeBlock(content, name = "s_dynamic_snippet_products") {
    return `<section class="${name}">
        <div class="dynamic_snippet_template">${content}</div>
    </section>`;
}

for (const [name, html, isFirst] of [
    [
        "of a carousel stands before all of its cards",
        makeBlock(
            `<div class="carousel"><div><i>Card</i></div><div>${NOTICE}</div></div>`
        ),
        true,
    ],
    [
        "of other cards stands where it is",
        makeBlock(`<div><i></i>${NOTICE}</div>`),
        false,
    ],
    [
        "of another carousel stands where it is",
        makeBlock(`<div class="carousel">${NOTICE}</div>`, "s_carousel"),
        false,
    ],
]) {
    test(`the sentence ${name}`, async () => {
        await startInteractions(html);
        expect(".o_trustedshops_notice").toHaveCount(1);
        expect(
            ".dynamic_snippet_template > .o_trustedshops_notice:first-child"
        ).toHaveCount(isFirst ? 1 : 0);
    });
}

test("the sentence of a carousel without a template stays", async () => {
    await startInteractions(
        `<section class="s_dynamic_snippet_products"><div class="carousel">${NOTICE}</div>
        </section>`
    );
    expect(".carousel > .o_trustedshops_notice").toHaveCount(1);
});
