import {browser} from "@web/core/browser/browser";
import {rpc} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";

// Where the visitor was, kept over the one reload that follows the tick.
const PLACE = "website_sale_trustedshops.place";

export class ProtectionOffer extends Interaction {
    static selector = ".o_trustedshops_offer";
    dynamicContent = {
        // Without JavaScript the box could not be used, so it is hidden until here.
        _root: {"t-att-class": () => ({"d-none": false})},
        "input[name='trustedshops_protection']": {
            "t-on-change": this.locked(this.onChange),
        },
    };

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
        this.env.bus.trigger("disablePaymentButton");
        this.savePlace();
        try {
            await this.waitFor(
                rpc("/shop/trustedshops/protection", {
                    enable: ev.target.checked,
                    offer: ev.target.dataset.offer,
                })
            );
        } finally {
            // The amount is part of the payment form, which is made with the page.
            browser.location.reload();
        }
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
        for (const box of document.querySelectorAll("#website_sale_tc_checkbox")) {
            if (terms && !box.checked) {
                box.click();
            }
        }
        const radio = method && document.getElementById(method);
        if (radio && !radio.checked) {
            radio.click();
        }
        this.el
            .querySelector("input[name='trustedshops_protection']")
            ?.focus({preventScroll: true});
        window.scrollTo({top: scroll, behavior: "instant"});
    }
}

registry
    .category("public.interactions")
    .add("website_sale_trustedshops.protection_offer", ProtectionOffer);
