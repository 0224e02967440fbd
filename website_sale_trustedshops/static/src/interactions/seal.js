/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";
import {hasPlacedSeal} from "@website_sale_trustedshops/interactions/settings";

/**
 * Keeps the seal of the footer where no block of the page shows one. The style hides it
 * beside a block from the start, so that nothing moves; but the block may not show in a
 * window of this width.
 */
export class Seal extends Interaction {
    static selector = ".o_trustedshops_seal";
    dynamicContent = {
        _root: {"t-att-class": () => ({o_trustedshops_kept: !hasPlacedSeal()})},
    };
}

registry.category("public.interactions").add("website_sale_trustedshops.seal", Seal);
