/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {PaymentForm} from "@payment/interactions/payment_form";
import {patch} from "@web/core/utils/patch";

// Providers whose forms need no amount: the server passes it when the buyer pays.
const NEVER_TOLD = ["authorize", "demo", "paypal", "xendit"];
// Providers whose forms cannot change the amount once they were opened.
const TOLD_ONCE = ["adyen", "mercado_pago"];
// Parts of an inline form that the provider adds beside core's own row.
const OWN_PART = ":scope > :not(:has([name='o_payment_secured_by']))";

patch(PaymentForm.prototype, {
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
