/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";
import {hasPlacedSeal} from "@website_sale_trustedshops/interactions/settings";

/** Hides the seal of the footer if the page contains another one. */
export class Seal extends Interaction {
    static selector = ".o_trustedshops_seal";
    dynamicContent = {
        _root: {"t-att-class": () => ({"d-none": hasPlacedSeal()})},
    };
}

registry.category("public.interactions").add("website_sale_trustedshops.seal", Seal);
