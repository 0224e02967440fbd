/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {RPCError} from "@web/core/network/rpc";
import {browser} from "@web/core/browser/browser";
import {delay} from "@web/core/utils/concurrency";
import {setElementContent} from "@web/core/utils/html";
import {Interaction} from "@web/public/interaction";
import {markup} from "@odoo/owl";
import {reloadPage} from "@website_sale_trustedshops/checkout/place";

// Milliseconds after which an answer counts as lost.
const PATIENCE = 5000;
// Milliseconds before each attempt to read what the shop has stored.
const READ_DELAYS = [1000, 2000, 4000];

/**
 * A box on the payment page that the shop stores at each press. It never guesses: until
 * the shop has confirmed a press, ordering is off, see `PaymentButton._canSubmit`. What
 * the shop did not confirm is shown as it was before.
 *
 * A subclass has `send`, `read`, `show` and `answerEl`.
 */
export class SavedBox extends Interaction {
    dynamicContent = {
        _root: {
            "t-att-aria-busy": () => String(this.isBusy),
            "t-att-class": () => ({o_trustedshops_unsaved: this.isUnsaved}),
        },
        "input[type='checkbox']": {
            "t-att-disabled": () => this.isPaying,
            "t-att-aria-disabled": () => (this.isFixed ? "true" : null),
            "t-on-change": this.onChange,
            "t-on-click": this.onClick,
        },
    };

    setup() {
        this.isBusy = this.isPaying = this.isFixed = false;
        // Whether the shop may have removed what the box shows as ticked.
        this.isLost = false;
        this.box = this.el.querySelector("input[type='checkbox']");
    }

    start() {
        // A page from the browser's history shows an old choice: load it again.
        this.addListener(window, "pageshow", (ev) => {
            if (ev.persisted) {
                browser.location.reload();
            }
        });
        // Core sends this event when a payment starts.
        this.addListener(this.env.bus, "ui", ({detail}) => {
            this.isPaying = detail === "block";
        });
    }

    get isUnsaved() {
        return this.isBusy || this.isLost;
    }

    get words() {
        return this.el.querySelector("[name='trustedshops_words']").dataset;
    }

    onClick(ev) {
        if (this.isBusy || this.isFixed) {
            ev.preventDefault();
        }
    }

    async onChange() {
        const wanted = this.box.checked;
        this.say(this.words.saving);
        this.setBusy(true);
        const unblock = this.blockPage();
        const answer = await this.waitFor(this.save(wanted));
        if (answer.reload) {
            reloadPage();
            return;
        }
        try {
            this.showAnswer(answer, wanted);
        } catch (error) {
            // A script of a provider failed: nobody knows what it would charge.
            reloadPage();
            throw error;
        }
        this.setBusy(false);
        unblock();
        // On a phone it may be below what core's bar leaves free.
        this.answerEl.scrollIntoView({block: "nearest"});
    }

    showAnswer(answer, wanted) {
        if (answer.isTicked === wanted) {
            this.isLost = false;
            this.show(answer);
        } else {
            this.box.checked = !wanted;
            this.explain(answer, wanted);
        }
    }

    /** Say why the box is as it was before. */
    explain(answer, wanted) {
        if (answer.words) {
            this.say(answer.words);
            return;
        }
        this.isLost = false;
        if (!wanted && answer.isTicked === undefined) {
            this.explainLostUntick();
        } else {
            this.askAgain();
        }
    }

    /** Show an untick of which nothing is known: nothing is ordered with it. */
    explainLostUntick() {
        this.isLost = true;
        this.say(markup(this.words.lost));
    }

    askAgain() {
        const {failed, offline} = this.words;
        this.say(browser.navigator.onLine ? failed : offline);
    }

    /**
     * Have the shop store a press.
     *
     * @param {Boolean} wanted whether the box was ticked
     * @returns {Object} `isTicked`: what the shop has, undefined if that is unknown;
     *     `words`: why the shop changed nothing; `reload`; what else the shop answered
     */
    async save(wanted) {
        const {failed, offline} = this.words;
        if (!browser.navigator.onLine) {
            return {words: offline};
        }
        try {
            return await inTime(this.send(wanted));
        } catch (error) {
            if (error instanceof RPCError) {
                return {words: isUserError(error) ? error.data.message : failed};
            }
            return this.readLater(wanted);
        }
    }

    async readLater(wanted) {
        for (const milliseconds of READ_DELAYS) {
            await delay(milliseconds);
            const answer = await inTime(this.read(wanted)).catch(() => null);
            if (answer) {
                return answer;
            }
        }
        return {};
    }

    setBusy(isBusy) {
        this.isBusy = isBusy;
        this.updateContent();
        if (this.isUnsaved) {
            this.env.bus.trigger("disablePaymentButton");
        } else if (!document.querySelector(".o_trustedshops_preparing")) {
            this.env.bus.trigger("enablePaymentButton");
        }
    }

    /**
     * Replace the message at the box. Screen readers read out each change. A long one
     * leaves its room to the next, so that nothing moves.
     *
     * @param {String|Markup} content
     */
    say(content) {
        this.answerEl.style.minHeight = `${this.answerEl.offsetHeight}px`;
        setElementContent(this.answerEl, content);
    }

    /**
     * Block other parts of the page while the shop is asked.
     *
     * @returns {Function} that ends the block
     */
    blockPage() {
        return () => {};
    }
}

function inTime(promise) {
    const isLate = delay(PATIENCE).then(() => {
        throw new Error("The answer is late.");
    });
    return Promise.race([promise, isLate]);
}

/** Return whether the shop refused a request in words for the buyer. */
export function isUserError(error) {
    return error.exceptionName === "odoo.exceptions.UserError";
}
