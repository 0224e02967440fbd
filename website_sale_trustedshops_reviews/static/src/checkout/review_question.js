/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";

const PAY = "[name='o_payment_submit_button']";
// How often to send a choice if no answer comes.
const ATTEMPTS = 2;
// Milliseconds that a payment waits for a choice that is being saved.
const HOLD = 1000;

/**
 * Save the tick while the buyer stays on the page. A failure never stops a payment; a
 * message beside the box reports it. If the answer was lost, show the box as ticked,
 * because the server may have stored the tick: the server must never have a consent
 * that the box does not show.
 */
export class ReviewQuestion extends Interaction {
    static selector = ".o_trustedshops_question";
    dynamicContent = {
        "input[name='ticked']": {
            "t-on-change": this.onChange,
            "t-on-click": this.onClick,
            "t-att-aria-disabled": () => (this.isLocked ? "true" : null),
        },
    };

    setup() {
        this.saving = null;
        this.isHolding = this.isReleased = this.isSure = false;
        this.box = this.el.querySelector("input[name='ticked']");
        this.isKept = this.box.checked;
        // After the order a tick counts at once; the box cannot take it back.
        this.isFinal = this.el.action.endsWith("/ordered");
    }

    start() {
        // Run before the listeners of core. Providers' own buttons do not wait.
        this.addListener(document, "click", this.onClickAnywhere, {capture: true});
        // A page from the browser's history shows an old choice, so reload it.
        this.addListener(window, "pageshow", (ev) => {
            if (ev.persisted) {
                browser.location.reload();
            }
        });
    }

    /** Return true if the box is fixed: after the order a tick counts at once. */
    get isLocked() {
        return this.isFinal && (this.isSure || Boolean(this.saving));
    }

    onClick(ev) {
        if (this.isLocked) {
            ev.preventDefault();
        }
    }

    /**
     * Replace the message beside the box.
     *
     * @param {String} words
     */
    say(words) {
        this.el.querySelector("[role='status']").textContent = words;
    }

    onClickAnywhere(ev) {
        const button = ev.target.closest?.(PAY);
        if (button && this.saving && !this.isReleased) {
            ev.preventDefault();
            ev.stopImmediatePropagation();
            this.hold(button);
        }
    }

    /**
     * Start the payment once the choice is saved, or after ``HOLD`` at the latest. A
     * payment that starts at once could reach the server before the choice.
     *
     * @param {HTMLButtonElement} button that pays
     */
    async hold(button) {
        if (this.isHolding) {
            return;
        }
        this.isHolding = true;
        const isOver = new Promise((resolve) => this.waitForTimeout(resolve, HOLD));
        await this.waitFor(Promise.race([this.saving, isOver]));
        this.isHolding = false;
        this.isReleased = true;
        button.click();
        this.isReleased = false;
    }

    async onChange() {
        if (this.saving) {
            return; // The call under way reads the box again.
        }
        this.saving = this.keep();
        this.say("");
        this.updateContent();
        const wasKept = await this.waitFor(this.saving);
        this.saving = null;
        this.box.checked = this.isKept;
        const words = this.el.querySelector("[role='status']").dataset;
        const done = this.isKept ? words.ticked : words.saved;
        this.say(wasKept || this.isLocked ? done : words.failed);
    }

    /**
     * Save the state of the box; repeat that if the buyer changes it in the meantime.
     *
     * @returns {Promise<boolean>} false if the server did not store it
     */
    async keep() {
        while (this.isKept !== this.box.checked) {
            const wanted = this.box.checked;
            const body = new FormData(this.el);
            body.set("in_place", "1");
            const kept = await this.send(body);
            this.isKept = kept ?? true;
            this.isSure = kept === true;
            if (kept !== wanted) {
                return false;
            }
        }
        return true;
    }

    /**
     * Send the form, and return whether the server has a tick now.
     *
     * @param {FormData} body the values of the form
     * @returns {Promise<boolean|undefined>} undefined if that is unknown
     */
    async send(body) {
        for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                // The request arrives even if the buyer leaves the page.
                const options = {method: "POST", body, keepalive: true};
                const response = await fetch(this.el.action, options);
                const {ticked} = await response.json();
                if (ticked !== null) {
                    return ticked;
                }
            } catch {
                // Try again: perhaps only the answer was lost.
            }
        }
    }
}

registry
    .category("website_sale_trustedshops.checkout")
    .add("review_question", ReviewQuestion);
