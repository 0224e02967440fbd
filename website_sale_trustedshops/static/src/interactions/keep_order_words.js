/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {PaymentForm} from "@payment/interactions/payment_form";
import {patch} from "@web/core/utils/patch";

patch(PaymentForm.prototype, {
    /**
     * Override of `payment` to keep the words that the law asks for: payment on delivery
     * or in the shop is also an obligation, and core's "Confirm" does not name it.
     */
    _adaptSubmitButtonLabel() {
        if (!this.el.closest("[data-trustedshops-words]")) {
            super._adaptSubmitButtonLabel(...arguments);
        }
    },
});
