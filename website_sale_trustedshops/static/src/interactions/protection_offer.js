import {browser} from "@web/core/browser/browser";
import {RPCError, rpc} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";
import {getSettings} from "@website_sale_trustedshops/interactions/settings";

// Where the visitor was, kept over the one reload that follows the tick.
const PLACE = "website_sale_trustedshops.place";
// Milliseconds after which a screen reader has begun with the page: what changes in it
// from then on is read out.
const READER_DELAY = 800;

export class ProtectionOffer extends Interaction {
    static selector = ".o_trustedshops_checkout";
    dynamicContent = {
        // Without JavaScript the box could not be used, so it is hidden until here.
        ".o_trustedshops_offer": {"t-att-class": () => ({"d-none": false})},
        "[name='trustedshops_announcement']": {"t-out": () => this.announcement},
        "[name='trustedshops_refusal']": {
            "t-out": () => this.refusal,
            "t-att-class": () => ({"d-none": !this.refusal}),
        },
        "input[name='trustedshops_protection']": {
            "t-on-change": this.locked(this.onChange),
        },
    };

    setup() {
        this.announcement = "";
        this.refusal = "";
    }

    start() {
        // A page out of the browser's history shows an old choice: get it anew.
        this.addListener(window, "pageshow", (ev) => {
            if (ev.persisted) {
                browser.location.reload();
            }
        });
        this.restorePlace();
    }

    async onChange(ev) {
        const box = ev.currentTarget;
        this.refusal = "";
        this.env.bus.trigger("disablePaymentButton");
        this.savePlace();
        try {
            await this.waitFor(
                rpc("/shop/trustedshops/protection", {
                    enable: box.checked,
                    offer: getSettings().offer,
                })
            );
        } catch (error) {
            if (isRefusal(error)) {
                // Nothing changed: the page is as good as before.
                browser.sessionStorage.removeItem(PLACE);
                box.checked = !box.checked;
                this.refusal = error.data.message;
                this.env.bus.trigger("enablePaymentButton");
                return;
            }
        }
        // The amount is part of the payment form, which is made with the page. After
        // an answer that was lost only a new page tells what the cart contains.
        browser.location.reload();
    }

    savePlace() {
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
        const notice = this.el.querySelector("[name='trustedshops_notice']");
        (box || notice)?.focus({preventScroll: true});
        window.scrollTo({top: scroll, behavior: "instant"});
        if (box) {
            const region = this.el.querySelector("[name='trustedshops_announcement']");
            this.waitForTimeout(() => {
                this.announcement = region.dataset.text;
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

function isRefusal(error) {
    return (
        error instanceof RPCError && error.exceptionName === "odoo.exceptions.UserError"
    );
}

registry
    .category("public.interactions")
    .add("website_sale_trustedshops.protection_offer", ProtectionOffer);
