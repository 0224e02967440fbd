/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";

/** Keeps room below the link, so that it can be scrolled out from behind Odoo's cookies bar. */
export class WithdrawalLink extends Interaction {
    static selector = ".o_withdrawal_link";

    start() {
        const bar = document.querySelector("#website_cookies_bar .modal-content");
        if (!bar) {
            return;
        }
        // It has no height before it is shown, and once it is answered.
        const observer = new ResizeObserver(() => this.keepRoom(bar.offsetHeight));
        observer.observe(bar);
        this.registerCleanup(() => {
            observer.disconnect();
            this.keepRoom(0);
        });
    }

    /**
     * @param {Number} height of what covers the lower end of the window, in pixels
     */
    keepRoom(height) {
        this.el.style.marginBottom = `${height}px`;
        // Where browsers scroll to when the link gets the focus.
        this.el.querySelector("a").style.scrollMarginBottom = `${height}px`;
    }
}

registry
    .category("public.interactions")
    .add("website_sale_withdrawal.withdrawal_link", WithdrawalLink);
