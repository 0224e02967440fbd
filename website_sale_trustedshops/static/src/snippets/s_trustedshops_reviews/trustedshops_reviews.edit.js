/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {TrustedShopsReviews} from "./trustedshops_reviews";
import {registry} from "@web/core/registry";

const PLACEHOLDER = "website_sale_trustedshops.s_trustedshops_reviews_placeholder";

/** Shows editors a placeholder, so that no foreign script runs with their rights. */
const TrustedShopsReviewsEdit = (I) =>
    class extends I {
        start() {
            this.el.replaceChildren();
            this.renderAt(PLACEHOLDER, {widgetId: this.widgetId});
        }

        show() {
            // Show no widget, even when the editor accepts cookies.
        }
    };

registry
    .category("public.interactions.edit")
    .add("website_sale_trustedshops.reviews_snippet", {
        Interaction: TrustedShopsReviews,
        mixin: TrustedShopsReviewsEdit,
    });
