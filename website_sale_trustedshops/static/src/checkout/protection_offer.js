/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {PaymentForm} from "@payment/interactions/payment_form";
import {browser} from "@web/core/browser/browser";
import {delay} from "@web/core/utils/concurrency";
import {RPCError, rpc} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {setElementContent} from "@web/core/utils/html";
import {Interaction} from "@web/public/interaction";
import {getSettings} from "@website_sale_trustedshops/interactions/settings";
import {markup} from "@odoo/owl";

const FEE_ROWS = "tr[name='o_order_trustedshops_protection']";
// Where the page shows the values of core's order summary, on desktop and phone.
const SUMS = {
    amount_untaxed: "tr[name='o_order_total_untaxed'] .monetary_field",
    amount_tax: "tr[name='o_order_total_taxes'] .monetary_field",
    amount_total: "tr[name='o_order_total'] .monetary_field, #amount_total_summary",
};
// Storage key of the visitor's place on the page, kept for one reload after a tick.
const PLACE = "website_sale_trustedshops.place";
// Milliseconds after which a screen reader has begun to read the page: it reads out
// what changes later.
const READER_DELAY = 800;
// Milliseconds before each attempt to reach the shop again.
const RETRY_DELAYS = [3000, 6000, 12000, 24000, 48000, 60000, 60000, 60000];
const ANSWER = "[name='trustedshops_answer']";

export class ProtectionOffer extends Interaction {
    static selector = ".o_trustedshops_offer";
    dynamicContent = {
        _root: {"t-att-aria-busy": () => String(this.isBusy)},
        "[name='trustedshops_busy']": {
            "t-att-class": () => ({"d-none": !this.isBusy}),
        },
        "input[name='trustedshops_protection']": {
            "t-att-disabled": () => this.isPaying,
            "t-on-change": this.onChange,
            "t-on-click": this.onClick,
        },
    };

    setup() {
        this.isBusy = this.isPaying = false;
        this.presses = 0;
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
        this.restorePlace();
    }

    onClick(ev) {
        if (this.isBusy) {
            ev.preventDefault();
        }
    }

    async onChange(ev) {
        const box = ev.currentTarget;
        this.presses++;
        this.say("");
        this.isBusy = true;
        this.updateContent();
        const unblock = this.blockPage();
        try {
            await this.waitFor(this.takingBack);
            const answer = await this.waitFor(this.send(box.checked));
            if (answer.reload) {
                this.reload();
                return;
            }
            this.show(answer);
        } catch (error) {
            const {failed} = this.answerEl.dataset;
            this.say(isUserError(error) ? error.data.message : failed);
            if (error instanceof RPCError) {
                box.checked = !box.checked; // The server changed nothing.
            } else {
                box.checked = false;
                this.takeOut();
            }
        }
        this.isBusy = false;
        unblock();
    }

    get answerEl() {
        return this.el.querySelector(ANSWER);
    }

    /**
     * Show a message in the line of the links, so that nothing moves. A notice of the
     * server has its own line. Screen readers read out each change.
     *
     * @param {String|Markup} content
     */
    say(content) {
        this.answerEl.classList.remove("d-block");
        setElementContent(this.answerEl, content);
    }

    /**
     * Take the protection out of the cart after a lost answer: buyers must not order
     * what the page does not show. A press of the box ends the attempts.
     */
    async takeOut() {
        const {presses} = this;
        for (const milliseconds of RETRY_DELAYS) {
            await this.waitFor(delay(milliseconds));
            if (presses !== this.presses) {
                return;
            }
            this.takingBack = this.send(false).catch(() => null);
            const answer = await this.waitFor(this.takingBack);
            if (answer && presses === this.presses) {
                this.showTakenOut(answer);
            }
            if (answer) {
                return;
            }
        }
    }

    /** Show the sums without the fee, unless the page shows them already. */
    showTakenOut(answer) {
        const row = document.querySelector(FEE_ROWS);
        if (!row || row.classList.contains("d-none")) {
            return;
        }
        if (answer.reload) {
            this.reload();
        } else {
            this.show(answer);
        }
    }

    /**
     * Return the form that pays; undefined if there is nothing to pay.
     */
    get paymentForm() {
        return this.services["public.interactions"].interactions
            .map(({interaction}) => interaction)
            .find((each) => each instanceof PaymentForm && each.isReady);
    }

    send(enable) {
        return rpc("/shop/trustedshops/protection", {
            enable,
            offer: getSettings().offer,
            amount: this.paymentForm?._trustedshopsGetAmount(),
        });
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

    reload() {
        const radio = document.querySelector("input[name='o_payment_radio']:checked");
        const terms = [...document.querySelectorAll("#website_sale_tc_checkbox")];
        browser.sessionStorage.setItem(
            PLACE,
            JSON.stringify({
                scroll: window.scrollY,
                method: radio?.id,
                terms: terms.some((box) => box.checked),
            })
        );
        browser.location.reload();
    }

    restorePlace() {
        const place = browser.sessionStorage.getItem(PLACE);
        if (!place) {
            return;
        }
        browser.sessionStorage.removeItem(PLACE);
        const {scroll, method, terms} = JSON.parse(place);
        this.restoreForm(method, terms);
        const box = this.el.querySelector("input[name='trustedshops_protection']");
        (box || this.answerEl).focus({preventScroll: true});
        window.scrollTo({top: scroll, behavior: "instant"});
        if (box) {
            this.waitForTimeout(() => this.readOut(), READER_DELAY);
        }
    }

    /** Write a text of the page again, because screen readers read out only changes. */
    readOut() {
        const notice = this.answerEl.textContent.trim();
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

function isUserError(error) {
    return error.exceptionName === "odoo.exceptions.UserError";
}

registry
    .category("website_sale_trustedshops.checkout")
    .add("protection_offer", ProtectionOffer);
