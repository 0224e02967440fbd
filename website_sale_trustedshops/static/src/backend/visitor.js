/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

// Milliseconds after which a page that does not come is unreachable.
const PATIENCE = 30_000;

/**
 * Fetch a page as a visitor without cookies.
 *
 * @param {URL} url
 * @param {String} lang of the visitor's browser
 * @returns {Promise<Response>}
 */
export function fetchAsVisitor(url, lang) {
    return fetch(url, {
        credentials: "omit",
        cache: "no-store",
        headers: {"Accept-Language": lang},
        signal: AbortSignal.timeout(PATIENCE),
    });
}

/**
 * Tell whether an error means that the page could not be reached.
 *
 * @param {Error} error
 * @returns {Boolean}
 */
export function isUnreachable(error) {
    return error instanceof TypeError || error instanceof DOMException;
}
