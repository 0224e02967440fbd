/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {after, expect, test} from "@odoo/hoot";
import {
    setupInteractionWhiteList,
    startInteractions,
} from "@web/../tests/public/helpers";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";

// What a block shows is made by the server: tests/test_blocks.py.
setupInteractionWhiteList("website_sale_trustedshops.badge_snippet");

const BLOCK = ".s_trustedshops_badge";
const ADDRESS =
    "/shop/trustedshops/badge?lang=de-DE&variant=stars&background-color=%23fff";

async function start(content, answer = "<b>Seal</b>", status = 200) {
    const root = document.documentElement;
    const {lang} = root;
    root.lang = "de-DE";
    after(() => {
        root.lang = lang;
    });
    patchWithCleanup(window, {
        async fetch(url) {
            expect.step(url);
            return new Response(answer, {status});
        },
    });
    await startInteractions(
        `<div class="s_trustedshops_badge my-2" data-variant="stars"
            data-background-color="#fff" data-oe-protected="true">${content}</div>`
    );
}

test("a block that the server left empty is filled with its options", async () => {
    await start("");
    expect(BLOCK).toHaveInnerHTML("<b>Seal</b>");
    expect.verifySteps([ADDRESS]);
});

test("a block that the server filled stays, and asks for nothing", async () => {
    await start("<i>Seal of the server</i>");
    expect(BLOCK).toHaveInnerHTML("<i>Seal of the server</i>");
    expect.verifySteps([]);
});

for (const [name, ...answer] of [
    ["an answer of nothing", "", 200],
    ["an error", "<b>Broken</b>", 500],
]) {
    test(`${name} leaves it empty`, async () => {
        await start("", ...answer);
        expect(BLOCK).toHaveInnerHTML("");
        expect.verifySteps([ADDRESS]);
    });
}
