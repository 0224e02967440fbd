/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {cookie} from "@web/core/browser/cookie";

/**
 * Return whether the visitor accepted optional cookies, on this page or before.
 *
 * If a page lacks the button to refuse, Odoo assumes that the website has no cookies
 * bar. But a theme that lacks the button does not prove consent.
 *
 * @returns {boolean} false also for an answer that cannot be read
 */
export function areOptionalCookiesAccepted() {
    try {
        return JSON.parse(cookie.get("website_cookies_bar") || "{}").optional === true;
    } catch {
        return false;
    }
}
