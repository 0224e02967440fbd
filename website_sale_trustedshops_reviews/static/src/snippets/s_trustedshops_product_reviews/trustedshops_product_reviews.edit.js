/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {TrustedShopsProductReviews} from "./trustedshops_product_reviews";
import {registry} from "@web/core/registry";

const PLACEHOLDER =
    "website_sale_trustedshops_reviews.s_trustedshops_product_reviews_placeholder";

/** Show editors a placeholder that says what is missing before visitors see reviews. */
const TrustedShopsProductReviewsEdit = (I) =>
    class extends I {
        start() {
            this.el.replaceChildren();
            const {missing, sku, widgetId} = this;
            this.renderAt(PLACEHOLDER, {missing, sku, widgetId});
        }

        /** Return the first thing that is missing, '' if visitors see reviews. */
        get missing() {
            if (!this.productId) {
                return "product";
            }
            if (!this.widgetId) {
                return "widget";
            }
            if (!this.data.widgetScript) {
                return "certificate";
            }
            return this.sku ? "" : "sku";
        }
    };

registry
    .category("public.interactions.edit")
    .add("website_sale_trustedshops_reviews.product_reviews_snippet", {
        Interaction: TrustedShopsProductReviews,
        mixin: TrustedShopsProductReviewsEdit,
    });
