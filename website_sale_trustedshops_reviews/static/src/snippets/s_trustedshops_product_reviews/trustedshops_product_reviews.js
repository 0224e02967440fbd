/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {registry} from "@web/core/registry";
import {TrustedShopsReviews} from "@website_sale_trustedshops/snippets/s_trustedshops_reviews/trustedshops_reviews";

const ROUTE = "/shop/trustedshops/product";
// The input with the id of the product, on the page of a product.
const PRODUCT = "#product_detail input.product_template_id";

async function fetchSku(productId) {
    const response = await fetch(`${ROUTE}/${productId}`);
    return response.ok ? (await response.json()).sku : "";
}

/** Show the reviews of the product whose page has the block; nothing elsewhere. */
export class TrustedShopsProductReviews extends TrustedShopsReviews {
    static selector = ".s_trustedshops_product_reviews";

    setup() {
        super.setup();
        this.productSku = "";
    }

    /** Override to load the id by which Trusted Shops knows the product, too. */
    async load() {
        await super.load();
        const id = this.productId;
        if (id && this.data.widgetScript) {
            this.productSku = await fetchSku(id).catch(() => "");
        }
    }

    /** Return the id of the product whose page this is, 0 on other pages. */
    get productId() {
        return parseInt(document.querySelector(PRODUCT)?.value, 10) || 0;
    }

    /** Override to show the product of the page, even if the block names another. */
    get sku() {
        return this.productSku;
    }

    /** Override to require a product: without one, Trusted Shops draws nothing. */
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
