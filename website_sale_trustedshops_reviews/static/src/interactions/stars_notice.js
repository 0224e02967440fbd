/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";

/**
 * A carousel shows some of its cards only: the sentence how reviews are checked comes
 * with the first stars, and has to be readable beside all of them.
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
