/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {beforeEach, delay, describe, expect, test} from "@odoo/hoot";
import {
    setupInteractionWhiteList,
    startInteractions,
} from "@web/../tests/public/helpers";
import {assets} from "@web/core/assets";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";

setupInteractionWhiteList([
    "website_sale_trustedshops.blocks",
    "website_sale_trustedshops.checkout",
]);

describe("what only some pages have is loaded by those", () => {
    beforeEach(() => {
        patchWithCleanup(assets, {
            async loadBundle(name) {
                expect.step(name);
                // What follows would start what it brings.
                return new Promise(() => {});
            },
        });
    });

    for (const [name, html, expected] of [
        ["nothing of ours", "<p></p>", []],
        ["a badge of the server", `<p class="s_trustedshops_badge">Seal</p>`, []],
        [
            "a badge that an editor sees",
            `<p class="s_trustedshops_badge"></p>`,
            ["website_sale_trustedshops.assets_blocks"],
        ],
        [
            "reviews",
            `<p class="s_trustedshops_reviews"></p>`,
            ["website_sale_trustedshops.assets_blocks"],
        ],
        [
            "the widget after an order",
            `<p class="o_trustedshops_widget"></p>`,
            ["website_sale_trustedshops.assets_blocks"],
        ],
        [
            "the offer",
            `<p class="o_trustedshops_offer"></p>`,
            ["website_sale_trustedshops.assets_checkout"],
        ],
        [
            "a question to the buyer",
            `<p class="o_trustedshops_question"></p>`,
            ["website_sale_trustedshops.assets_checkout"],
        ],
    ]) {
        test(name, async () => {
            await startInteractions(html, {waitForStart: false});
            await delay();
            expect.verifySteps(expected);
        });
    }
});
