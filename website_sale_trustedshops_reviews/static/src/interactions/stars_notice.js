/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";

/**
 * Move the sentence on how reviews are checked out of the cards of a carousel. It comes
 * with the first stars, but visitors must be able to read it beside every card.
 */
export class StarsNotice extends Interaction {
    static selector = ".s_dynamic_snippet_products .carousel .o_trustedshops_notice";

    start() {
        this.el.closest(".dynamic_snippet_template")?.prepend(this.el);
    }
}

registry
    .category("public.interactions")
    .add("website_sale_trustedshops_reviews.stars_notice", StarsNotice);
