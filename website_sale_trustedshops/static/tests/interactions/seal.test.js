/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {expect, test} from "@odoo/hoot";
import {
    setupInteractionWhiteList,
    startInteractions,
} from "@web/../tests/public/helpers";

setupInteractionWhiteList("website_sale_trustedshops.seal");

for (const [name, block, isHidden] of [
    ["nothing", "", false],
    ["a seal", `<div class="s_trustedshops_badge">Seal</div>`, true],
    [
        "a text, which is no seal",
        `<div class="s_trustedshops_badge" data-variant="text">Text</div>`,
        false,
    ],
    [
        "a seal that does not show",
        `<div class="s_trustedshops_badge" style="display: none">Seal</div>`,
        false,
    ],
]) {
    test(`the seal of the footer is hidden by ${name}: ${isHidden}`, async () => {
        await startInteractions(
            `${block}<footer><div class="o_trustedshops_seal">Seal</div></footer>`
        );
        expect(".o_trustedshops_seal:visible").toHaveCount(isHidden ? 0 : 1);
    });
}
