/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {SavedBox} from "@website_sale_trustedshops/checkout/saved_box";
import {registry} from "@web/core/registry";
import {rpc} from "@web/core/network/rpc";

/** The tick that agrees to a review invitation, on the payment page or after the order. */
export class ReviewQuestion extends SavedBox {
    static selector = ".o_trustedshops_question";
    dynamicSelectors = {
        ...this.dynamicSelectors,
        // In the form of an order without anything to pay.
        _shown: () => document.querySelectorAll("input[name='trustedshops_review']"),
    };
    dynamicContent = {
        ...this.dynamicContent,
        _shown: {"t-att-value": () => (this.box.checked ? "1" : "0")},
    };

    setup() {
        super.setup();
        // After the order a tick counts at once; the box cannot take it back.
        this.isFinal = this.el.dataset.route.endsWith("/ordered");
    }

    get answerEl() {
        return this.el.querySelector("[name='trustedshops_review_answer']");
    }

    async send(ticked) {
        const {key, route} = this.el.dataset;
        const answer = await rpc(route, {key, ticked});
        if (answer.ticked === null) {
            throw new Error("The shop does not know.");
        }
        return {isTicked: answer.ticked};
    }

    async read() {
        const answer = await rpc("/shop/trustedshops/reviews/state", {
            is_ordered: this.isFinal,
        });
        return {isTicked: answer.ticked};
    }

    /** The shop takes a consent only from a page that shows the tick: let it order. */
    explainLostUntick() {
        if (this.isFinal) {
            super.explainLostUntick();
        } else {
            this.box.checked = false;
            this.askAgain();
        }
    }

    show({isTicked}) {
        this.isFixed = this.isFinal && isTicked;
        const {ticked, saved} = this.answerEl.dataset;
        this.say(isTicked ? ticked : saved);
    }
}

registry
    .category("website_sale_trustedshops.checkout")
    .add("review_question", ReviewQuestion);
