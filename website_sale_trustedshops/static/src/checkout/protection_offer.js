/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {reloadPage, takePlace} from "@website_sale_trustedshops/checkout/place";
import {rpc, rpcBus} from "@web/core/network/rpc";
import {PaymentForm} from "@payment/interactions/payment_form";
import {SavedBox} from "@website_sale_trustedshops/checkout/saved_box";
import {getSettings} from "@website_sale_trustedshops/interactions/settings";
import {markup} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {setElementContent} from "@web/core/utils/html";

const ROUTE = "/shop/trustedshops/protection";
const FEE_ROWS = "tr[name='o_order_trustedshops_protection']";
// Where the page shows the values of core's order summary, on desktop and phone.
const SUMS = {
    amount_untaxed: "tr[name='o_order_total_untaxed'] .monetary_field",
    amount_tax: "tr[name='o_order_total_taxes'] .monetary_field",
    amount_total: "tr[name='o_order_total'] .monetary_field, #amount_total_summary",
};
// Milliseconds after which a screen reader has begun to read the page: it reads out
// what changes later.
const READER_DELAY = 800;

export class ProtectionOffer extends SavedBox {
    static selector = ".o_trustedshops_offer";

    start() {
        super.start();
        // A page that shows the fee must not pay for an order without it.
        this.addListener(rpcBus, "RPC:RESPONSE", ({detail: {error}}) => {
            if (error?.data?.context?.trustedshops_reload) {
                reloadPage(error.data.message);
            }
        });
        this.restorePlace();
    }

    get answerEl() {
        return this.el.querySelector("[name='trustedshops_answer']");
    }

    /**
     * Return the form that pays; undefined if there is nothing to pay.
     */
    get paymentForm() {
        return this.services["public.interactions"].interactions
            .map(({interaction}) => interaction)
            .find((each) => each instanceof PaymentForm && each.isReady);
    }

    async send(enable) {
        const answer = await rpc(ROUTE, {
            enable,
            offer: getSettings().offer,
            amount: this.paymentForm?._trustedshopsGetAmount(),
        });
        return {...answer, isTicked: answer.enabled};
    }

    async read(enable) {
        const answer = await rpc(`${ROUTE}/state`, {enable});
        return {...answer, isTicked: answer.enabled};
    }

    /**
     * Update the page by the server's answer about the cart.
     *
     * @param {Object} answer of the server
     */
    show(answer) {
        this.paymentForm._trustedshopsTell(answer.amount);
        for (const row of document.querySelectorAll(FEE_ROWS)) {
            row.classList.toggle("d-none", !answer.enabled);
        }
        for (const [name, places] of Object.entries(SUMS)) {
            for (const place of document.querySelectorAll(places)) {
                setElementContent(place, markup(answer[name]));
            }
        }
        this.say(markup(answer.answer));
    }

    /**
     * Block mouse and keyboard outside of the offer while the amount changes, so that
     * the buyer cannot pay or open a form. The focus stays in the offer.
     *
     * @returns {Function} that ends the block
     */
    blockPage() {
        const blocked = [];
        for (let el = this.el; el !== document.body; el = el.parentElement) {
            for (const other of el.parentElement.children) {
                if (other !== el && !other.inert) {
                    other.inert = true;
                    blocked.push(other);
                }
            }
        }
        return () => {
            for (const el of blocked) {
                el.inert = false;
            }
        };
    }

    restorePlace() {
        const place = takePlace();
        if (!place) {
            return;
        }
        this.restoreForm(place.method, place.terms);
        (this.box || this.answerEl).focus({preventScroll: true});
        if (place.words) {
            this.answerEl.scrollIntoView({block: "center", behavior: "instant"});
        } else {
            window.scrollTo({top: place.scroll, behavior: "instant"});
        }
        if (this.box || place.words) {
            this.waitForTimeout(() => this.readOut(place.words), READER_DELAY);
        }
    }

    /** Write a text of the page again, because screen readers read out only changes. */
    readOut(words) {
        const shown = this.answerEl.innerHTML.trim();
        const notice = words || (shown && markup(shown));
        if (notice) {
            setElementContent(this.answerEl, notice);
        } else {
            this.say(markup(this.answerEl.dataset.answer));
        }
    }

    restoreForm(method, terms) {
        for (const box of document.querySelectorAll("#website_sale_tc_checkbox")) {
            if (terms && !box.checked) {
                box.click();
            }
        }
        const radio = method && document.getElementById(method);
        if (radio && !radio.checked) {
            radio.click();
        }
    }
}

registry
    .category("website_sale_trustedshops.checkout")
    .add("protection_offer", ProtectionOffer);
