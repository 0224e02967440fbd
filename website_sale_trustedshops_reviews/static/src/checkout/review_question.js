/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";

const PAY = "[name='o_payment_submit_button']";
// How often a choice is sent when no answer comes.
const ATTEMPTS = 2;
// Milliseconds that a payment waits for a choice that is being saved.
const HOLD = 1000;

/**
 * Keeps the tick while the buyer stays on the page. It never stops a payment: when it
 * cannot be kept, the box says so. After an answer that was lost it is ticked, as the
 * server may have stored that: it never has a consent that the box does not show.
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
        // After the order a tick counts at once: it is taken back as any other consent.
        this.isFinal = this.el.action.endsWith("/ordered");
    }

    start() {
        // Before the listeners of core. Buttons of providers of their own do not wait.
        this.addListener(document, "click", this.onClickAnywhere, {capture: true});
        // A page out of the browser's history shows an old choice: get it anew.
        this.addListener(window, "pageshow", (ev) => {
            if (ev.persisted) {
                browser.location.reload();
            }
        });
    }

    /** Whether the box cannot be changed: a tick after the order counts at once. */
    get isLocked() {
        return this.isFinal && (this.isSure || Boolean(this.saving));
    }

    onClick(ev) {
        if (this.isLocked) {
            ev.preventDefault();
        }
    }

    /**
     * Say something in place of what stands there.
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
     * Let a payment begin when the choice is saved, or after a while in any case: else
     * it could be there first, and know of no choice.
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
            return; // The one under way looks again.
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
     * Let the server keep what the box shows, until it is that.
     *
     * @returns {Promise<boolean>} false when it could not be kept
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
     * Return whether the box is ticked by now.
     *
     * @param {FormData} body what the form sends
     * @returns {Promise<boolean|undefined>} undefined when nobody can tell
     */
    async send(body) {
        for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                // It arrives even if the buyer leaves.
                const options = {method: "POST", body, keepalive: true};
                const response = await fetch(this.el.action, options);
                const {ticked} = await response.json();
                if (ticked !== null) {
                    return ticked;
                }
            } catch {
                // The answer may be lost alone.
            }
        }
    }
}

registry
    .category("website_sale_trustedshops.checkout")
    .add("review_question", ReviewQuestion);
