import {TrustedShopsReviews} from "./trustedshops_reviews";
import {registry} from "@web/core/registry";

const PLACEHOLDER = "website_sale_trustedshops.s_trustedshops_reviews_placeholder";

/** Editors get a placeholder: no foreign script runs with their rights. */
const TrustedShopsReviewsEdit = (I) =>
    class extends I {
        async willStart() {
            // Nothing is asked for.
        }

        start() {
            this.el.replaceChildren();
            this.renderAt(PLACEHOLDER, {widgetId: this.widgetId});
        }

        show() {
            // Not even when the editor accepts cookies.
        }
    };

registry
    .category("public.interactions.edit")
    .add("website_sale_trustedshops.reviews_snippet", {
        Interaction: TrustedShopsReviews,
        mixin: TrustedShopsReviewsEdit,
    });
