/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {SNIPPET_SPECIFIC} from "@html_builder/utils/option_sequence";
import {Plugin} from "@html_editor/plugin";
import {withSequence} from "@html_editor/utils/resource";
import {registry} from "@web/core/registry";
import {BlockOption} from "@website_sale_trustedshops/website_builder/trustedshops_options_plugin";

const BLOCK = ".s_trustedshops_product_reviews";

export class TrustedShopsProductReviewsOption extends BlockOption {
    static template =
        "website_sale_trustedshops_reviews.TrustedShopsProductReviewsOption";
    static selector = BLOCK;
}

class TrustedShopsProductReviewsPlugin extends Plugin {
    static id = "trustedshopsProductReviews";
    resources = {
        // Allow it between paragraphs, and in the areas that all products share.
        so_content_addition_selector: [BLOCK],
        so_snippet_addition_selector: [BLOCK],
        builder_options: [
            withSequence(SNIPPET_SPECIFIC, TrustedShopsProductReviewsOption),
        ],
    };
}

registry
    .category("website-plugins")
    .add(TrustedShopsProductReviewsPlugin.id, TrustedShopsProductReviewsPlugin);
