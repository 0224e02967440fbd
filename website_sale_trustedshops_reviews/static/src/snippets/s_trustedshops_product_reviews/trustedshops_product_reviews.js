/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {registry} from "@web/core/registry";
import {TrustedShopsReviews} from "@website_sale_trustedshops/snippets/s_trustedshops_reviews/trustedshops_reviews";

const ROUTE = "/shop/trustedshops/product";
// In the page of a product: which one it is.
const PRODUCT = "#product_detail input.product_template_id";

async function fetchSku(productId) {
    const response = await fetch(`${ROUTE}/${productId}`);
    return response.ok ? (await response.json()).sku : "";
}

/** Reviews of the product whose page it is in; on other pages there is nothing. */
export class TrustedShopsProductReviews extends TrustedShopsReviews {
    static selector = ".s_trustedshops_product_reviews";

    setup() {
        super.setup();
        this.productSku = "";
    }

    /** Override: which product it is, too. */
    async load() {
        await super.load();
        const id = this.productId;
        if (id && this.data.widgetScript) {
            this.productSku = await fetchSku(id).catch(() => "");
        }
    }

    /** 0 on a page that is not that of a product. */
    get productId() {
        return parseInt(document.querySelector(PRODUCT)?.value, 10) || 0;
    }

    /** Override: whatever is written in the page of a product, it is about that one. */
    get sku() {
        return this.productSku;
    }

    /** Override: Trusted Shops draws nothing without a product. */
    get hasContent() {
        return super.hasContent && Boolean(this.sku);
    }
}

registry
    .category("public.interactions")
    .add(
        "website_sale_trustedshops_reviews.product_reviews_snippet",
        TrustedShopsProductReviews
    );
