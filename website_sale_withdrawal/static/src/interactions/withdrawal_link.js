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
        // It has no height before it is shown, and once it is answered. What is around
        // it grows with the window, in whose middle it may stand.
        const observer = new ResizeObserver(() => this.keepRoom(this.measure(bar)));
        observer.observe(bar);
        observer.observe(bar.parentElement);
        this.registerCleanup(() => {
            observer.disconnect();
            this.keepRoom(0);
        });
    }

    /**
     * Return how much of the lower end of the window is covered. A pop-up may leave it
     * free, or leave no place for the link at all: then room would only be empty.
     *
     * @param {HTMLElement} bar
     * @returns {Number} in pixels
     */
    measure(bar) {
        const {top, bottom, height} = bar.getBoundingClientRect();
        const ours = this.el.offsetHeight;
        const isHiding = window.innerHeight - bottom < ours && top >= ours;
        return height && isHiding ? window.innerHeight - top : 0;
    }

    /**
     * @param {Number} height of what covers the lower end of the window, in pixels
     */
    keepRoom(height) {
        this.el.style.marginBottom = `${height}px`;
        // A short page grows below its end: its footer stays where it is.
        const {style} = this.el.parentElement;
        style.minHeight = height ? `calc(100% + ${height}px)` : "";
        // Where browsers scroll to when the link gets the focus.
        this.el.querySelector("a").style.scrollMarginBottom = `${height}px`;
    }
}

registry
    .category("public.interactions")
    .add("website_sale_withdrawal.withdrawal_link", WithdrawalLink);
