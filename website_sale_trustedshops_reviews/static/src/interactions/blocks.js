/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {registry} from "@web/core/registry";
import {Blocks} from "@website_sale_trustedshops/interactions/blocks";

/** Load the code of our block of the website builder. */
export class ProductBlocks extends Blocks {
    static selector = ".s_trustedshops_product_reviews";
    static names = ["website_sale_trustedshops_reviews.product_reviews_snippet"];
}

registry
    .category("public.interactions")
    .add("website_sale_trustedshops_reviews.blocks", ProductBlocks);
