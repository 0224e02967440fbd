/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {browser} from "@web/core/browser/browser";

// Storage key of the visitor's place on the page, kept for one load that we ask for.
const PLACE = "website_sale_trustedshops.place";

/**
 * Load the page anew; what the visitor chose and where the page stood is kept.
 *
 * @param {String} [words] to say at the box on the new page
 */
export function reloadPage(words) {
    const radio = document.querySelector("input[name='o_payment_radio']:checked");
    const terms = [...document.querySelectorAll("#website_sale_tc_checkbox")];
    browser.sessionStorage.setItem(
        PLACE,
        JSON.stringify({
            scroll: window.scrollY,
            method: radio?.id,
            terms: terms.some((box) => box.checked),
            words,
        })
    );
    browser.location.reload();
}

/**
 * Return the place that the page before this one had, once.
 *
 * @returns {Object|null} see `reloadPage`; null if it was not loaded by it
 */
export function takePlace() {
    const place = browser.sessionStorage.getItem(PLACE);
    browser.sessionStorage.removeItem(PLACE);
    return JSON.parse(place);
}
