/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";

/**
 * Starts interactions that only some pages need. Only those pages load their code, so
 * that other pages do not wait for it.
 */
class Starter extends Interaction {
    /** Name of the bundle with the code. */
    static bundle = "";
    /** The interactions in the bundle, which are known only once it is loaded. */
    static get interactions() {
        return [];
    }

    async willStart() {
        await this.waitFor(loadBundle(this.constructor.bundle));
    }

    start() {
        const service = this.services["public.interactions"];
        for (const Started of this.constructor.interactions) {
            if (!service.Interactions.includes(Started)) {
                service.Interactions.push(Started);
            }
        }
        service.startInteractions(this.el);
    }
}

/** Starts our blocks of the website builder and the widget after an order. Other addons
 * extend it for their own blocks. */
export class Blocks extends Starter {
    static selector =
        ".s_trustedshops_badge:empty, .s_trustedshops_reviews, .o_trustedshops_widget";
    static bundle = "website_sale_trustedshops.assets_blocks";
    static names = [
        "website_sale_trustedshops.badge_snippet",
        "website_sale_trustedshops.reviews_snippet",
        "website_sale_trustedshops.checkout_widget",
    ];

    static get interactions() {
        const known = registry.category("public.interactions");
        return this.names.map((name) => known.get(name));
    }
}

/** Starts the offer on the payment page, what comes after the order, and the questions
 * of other addons there. */
export class Checkout extends Starter {
    static selector =
        ".o_trustedshops_offer, .o_trustedshops_question, #trustedShopsCheckout, .o_trustedshops_form form";
    static bundle = "website_sale_trustedshops.assets_checkout";

    static get interactions() {
        return registry.category("website_sale_trustedshops.checkout").getAll();
    }
}

registry
    .category("public.interactions")
    .add("website_sale_trustedshops.blocks", Blocks)
    .add("website_sale_trustedshops.checkout", Checkout);
