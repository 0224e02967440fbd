import {rpc} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";

// What Trusted Shops' script says when it has read the order out of the page.
const PREPARED = "trustbadge_event_checkout_card_prepared";
// Milliseconds after which a script that says nothing has drawn its card all the same.
const SILENT_FOR = 3000;

export class Trustcard extends Interaction {
    static selector = ".o_trustedshops_card";

    setup() {
        this.told = false;
    }

    start() {
        // While capturing: neither event bubbles up to here, wherever it is sent from.
        this.addListener(window, PREPARED, this.tell, {capture: true});
        this.addListener(document, "load", this.onLoad, {capture: true});
    }

    onLoad(ev) {
        if (ev.target.src?.endsWith(`/js/${this.el.dataset.tsId}.js`)) {
            this.waitForTimeout(this.tell, SILENT_FOR);
        }
    }

    /**
     * Tell the shop, once, that the buyer has the card: a reload brings no second one.
     */
    async tell() {
        if (this.told) {
            return;
        }
        this.told = true;
        const orderId = parseInt(this.el.dataset.orderId, 10);
        try {
            await rpc("/shop/trustedshops/card_delivered", {order_id: orderId});
        } catch {
            // The card comes again with the next view of the page: no harm is done.
            this.told = false;
        }
    }
}

registry
    .category("public.interactions")
    .add("website_sale_trustedshops.trustcard", Trustcard);
