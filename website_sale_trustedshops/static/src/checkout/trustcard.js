/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {browser} from "@web/core/browser/browser";
import {rpc} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";
import {getSettings} from "@website_sale_trustedshops/interactions/settings";

// Event that Trusted Shops' script sends once it has read the order from the page.
const PREPARED = "trustbadge_event_checkout_card_prepared";
// Milliseconds after which the script has drawn its card even if it sends no event.
const SILENT_FOR = 3000;

/**
 * Tells the shop when the buyer's browser has drawn the card. The first script draws
 * nothing: it loads the one that does, which may be blocked or broken.
 */
export class Trustcard extends Interaction {
    static selector = "#trustedShopsCheckout";

    setup() {
        this.card = getSettings().card;
        this.told = false;
        this.isDrawing = false;
    }

    start() {
        // Capture the events, because neither bubbles up to here.
        this.addListener(window, PREPARED, this.tell, {capture: true});
        this.addListener(document, "load", this.lookForDrawing, {capture: true});
        this.lookForDrawing();
    }

    /**
     * Give the script that draws the card some time, once it is loaded.
     */
    lookForDrawing() {
        if (!this.isDrawing && window.trustbadge && this.hasLoader()) {
            this.isDrawing = true;
            this.waitForTimeout(this.tell, SILENT_FOR);
        }
    }

    hasLoader() {
        const path = `/js/${this.card.tsId}.js`;
        return [...document.scripts].some((script) => script.src.endsWith(path));
    }

    /**
     * Tell the shop, once, that the buyer has the card: a reload brings no second one.
     */
    async tell() {
        if (this.told) {
            return;
        }
        this.told = true;
        const params = {order_id: this.card.orderId};
        try {
            await rpc("/shop/trustedshops/card_delivered", params);
        } catch {
            // The card comes again with the next view of the page: no harm is done.
            this.told = false;
        }
    }
}

/**
 * Tells the shop when the buyer pressed the button to register, so that its pages say
 * so.
 */
export class Registration extends Interaction {
    static selector = ".o_trustedshops_form form";
    dynamicContent = {_root: {"t-on-submit": this.tell}};

    async tell() {
        const route = `/my/orders/${this.el.dataset.orderId}/trustedshops_registration`;
        // With this token a guest sees the order in the portal.
        const token = new URLSearchParams(browser.location.search).get("access_token");
        try {
            await rpc(route, {access_token: token});
        } catch {
            // The button stays in any case: no harm is done.
        }
    }
}

registry
    .category("website_sale_trustedshops.checkout")
    .add("registration", Registration)
    .add("trustcard", Trustcard);
