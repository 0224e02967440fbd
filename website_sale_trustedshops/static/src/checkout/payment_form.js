/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {ConnectionLostError} from "@web/core/network/rpc";
import {PaymentButton} from "@payment/interactions/payment_button";
import {PaymentForm} from "@payment/interactions/payment_form";
import {isUserError} from "@website_sale_trustedshops/checkout/saved_box";
import {patch} from "@web/core/utils/patch";

// Providers whose forms need no amount: the server passes it when the buyer pays.
const NEVER_TOLD = ["authorize", "demo", "paypal", "xendit"];
// Providers whose forms cannot change the amount once they were opened.
const TOLD_ONCE = ["adyen", "mercado_pago"];
// Parts of an inline form that the provider adds beside core's own row.
const OWN_PART = ":scope > :not(:has([name='o_payment_secured_by']))";

patch(PaymentButton.prototype, {
    /** Override of `payment`: no order before the shop has stored what the boxes show. */
    _canSubmit() {
        return super._canSubmit() && !document.querySelector(".o_trustedshops_unsaved");
    },
});

patch(PaymentForm.prototype, {
    /** Override of `payment` to send what the page shows of each box of ours. */
    _prepareTransactionRouteParams() {
        const boxes = document.querySelectorAll("[data-trustedshops-sent-as]");
        const shown = [...boxes].map((box) => [
            box.dataset.trustedshopsSentAs,
            box.checked,
        ]);
        const params = super._prepareTransactionRouteParams();
        return {...params, ...Object.fromEntries(shown)};
    },

    /**
     * Override of `payment` to mark a form that is being prepared: core disables the
     * button until it is ready, so nobody else may enable it.
     */
    async _expandInlineForm() {
        this.el.classList.add("o_trustedshops_preparing");
        await super._expandInlineForm(...arguments);
        this.el.classList.remove("o_trustedshops_preparing");
    },

    /**
     * Override of `payment`: when the answer to an order is lost, say so and let the
     * buyer decide. The shop may have it, so it is never sent again by itself. Core has
     * shown a refusal, which is no error of the page.
     */
    async _initiatePaymentFlow() {
        try {
            await super._initiatePaymentFlow(...arguments);
        } catch (error) {
            const words = document.querySelector("[name='trustedshops_words']");
            if (words && error instanceof ConnectionLostError) {
                const {noAnswer, lookAtOrders} = words.dataset;
                this._displayErrorDialog(noAnswer, lookAtOrders);
                this._enableButton();
            } else if (!words || !isUserError(error)) {
                throw error;
            }
        }
    },

    /**
     * Return the amount that would be paid, null when it cannot be changed.
     *
     * @returns {Number|null} in the order's currency
     */
    _trustedshopsGetAmount() {
        const radios = [...this.el.querySelectorAll("[name='o_payment_radio']")];
        return radios.every((radio) => this._trustedshopsCanTell(radio))
            ? parseFloat(this.paymentContext.amount)
            : null;
    },

    /**
     * Return whether the inline form of a payment option accepts another amount.
     *
     * A module that adds a provider may override this and `_trustedshopsTell`.
     *
     * @param {HTMLInputElement} radio of the payment option
     * @returns {Boolean}
     */
    _trustedshopsCanTell(radio) {
        const code = this._getProviderCode(radio);
        const form = this._getInlineForm(radio);
        if (TOLD_ONCE.includes(code)) {
            return !radio.checked && !form?.querySelector(`${OWN_PART} > *`);
        }
        const isKnown = code === "stripe" || NEVER_TOLD.includes(code);
        return isKnown || !form?.querySelector(OWN_PART);
    },

    /**
     * Pass another amount to the payment form and to the forms of the providers.
     *
     * @param {Number} amount in the order's currency
     */
    _trustedshopsTell(amount) {
        const before = parseFloat(this.paymentContext.amount);
        this.el.dataset.amount = this.paymentContext.amount = String(amount);
        for (const {dataset} of this.el.querySelectorAll(
            "[data-adyen-inline-form-values]"
        )) {
            const values = JSON.parse(dataset.adyenInlineFormValues);
            const {value} = values.formatted_amount;
            values.formatted_amount.value = convert(amount, value, before);
            dataset.adyenInlineFormValues = JSON.stringify(values);
        }
        let minor = 0;
        for (const {dataset} of this.el.querySelectorAll(
            "[data-stripe-inline-form-values]"
        )) {
            const values = JSON.parse(dataset.stripeInlineFormValues);
            minor = values.minor_amount = convert(amount, values.minor_amount, before);
            dataset.stripeInlineFormValues = JSON.stringify(values);
        }
        for (const elements of Object.values(this.stripeElements || {})) {
            elements.update({amount: minor});
        }
    },
});

/**
 * Return an amount in minor units. Some providers use units of their own for a
 * currency, so take the factor from another amount.
 *
 * @param {Number} amount
 * @param {Number} minor another amount in minor units
 * @param {Number} major the same in the currency
 * @returns {Number}
 */
function convert(amount, minor, major) {
    return Math.round(amount * 10 ** Math.round(Math.log10(minor / major)));
}
