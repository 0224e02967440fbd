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
// Where the visitor was, kept over the one load that follows the tick.
const PLACE = "website_sale_trustedshops.place";
// Milliseconds after which a screen reader has begun with the page: what changes in it
// from then on is read out.
const READER_DELAY = 800;
// Milliseconds between two attempts to reach the shop.
const RETRY_DELAY = 3000;
const ANSWER = "[name='trustedshops_answer']";

export class ProtectionOffer extends Interaction {
    static selector = ".o_trustedshops_offer";
    dynamicContent = {
        _root: {"t-att-aria-busy": () => String(this.isBusy)},
        "[name='trustedshops_busy']": {
            "t-att-class": () => ({"d-none": !this.isBusy}),
        },
        // In the line of the links, so that nothing moves; a notice has its own.
        [ANSWER]: {
            "t-out": () => this.answer ?? Interaction.INITIAL_VALUE,
            "t-att-class": () => ({"d-block": this.answer === undefined}),
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
        // A page out of the browser's history shows an old choice: get it anew.
        this.addListener(window, "pageshow", (ev) => {
            if (ev.persisted) {
                browser.location.reload();
            }
        });
        // Core says so while a payment starts.
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
        this.answer = "";
        this.isBusy = true;
        this.updateContent();
        const unblock = this.blockPage();
        try {
            const answer = await this.waitFor(this.send(box.checked));
            if (answer.reload) {
                this.reload();
                return;
            }
            this.show(answer);
        } catch (error) {
            box.checked = !box.checked;
            const {failed} = this.el.querySelector(ANSWER).dataset;
            this.answer = isUserError(error) ? error.data.message : failed;
            if (!(error instanceof RPCError)) {
                this.takeBack(box.checked);
            }
        }
        this.isBusy = false;
        unblock();
    }

    /**
     * Have the cart contain what the box shows, when an answer was lost: it may be that
     * the shop did what it was told. Another press of the box ends that.
     *
     * @param {Boolean} ticked
     */
    async takeBack(ticked) {
        const {presses} = this;
        for (;;) {
            await this.waitFor(delay(RETRY_DELAY));
            if (presses !== this.presses) {
                return;
            }
            this.isBusy = true;
            this.updateContent();
            const isReached = await this.waitFor(this.reach(ticked));
            this.isBusy = false;
            this.updateContent();
            if (isReached) {
                return;
            }
        }
    }

    /** Tell whether the shop heard: a refusal is an answer, too. */
    async reach(ticked) {
        try {
            await this.send(ticked);
        } catch (error) {
            return error instanceof RPCError;
        }
        return true;
    }

    /**
     * The form that pays; undefined where there is nothing to pay.
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
     * Let the page show what the cart contains now.
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
        this.answer = markup(answer.answer);
    }

    /**
     * Keep mouse and keyboard off all but the offer, where the focus stays: nothing
     * is paid, and no form opened, while the amount changes.
     *
     * @returns {Function} to be called at the end
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
        const answer = this.el.querySelector(ANSWER);
        (box || answer).focus({preventScroll: true});
        window.scrollTo({top: scroll, behavior: "instant"});
        if (box) {
            this.waitForTimeout(() => {
                const notice = answer.textContent.trim();
                this.answer = notice || markup(answer.dataset.answer);
            }, READER_DELAY);
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
