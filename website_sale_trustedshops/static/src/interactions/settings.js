/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

// Where Trusted Shops serves its scripts from.
const HOSTS = /^(widgets(-qa)?\.trustedshops\.com|integrations\.etrusted\.(com|site))$/;
// A sandbox runs on the shop's own machine.
const OWN_HOSTS = ["localhost", "127.0.0.1", "[::1]", window.location.hostname];

/**
 * Return the element in which the server says to our scripts what they need.
 *
 * What people write into a product or a page ends up in the body, whatever tags, ids,
 * names and classes it has. `document.head` could be a form of that name.
 *
 * @returns {HTMLMetaElement|null}
 */
export function getSettingsElement() {
    return document.querySelector(":root > head > meta[name='trustedshops']");
}

/**
 * @returns {Object} empty when the server has nothing to say
 */
export function getSettings() {
    return JSON.parse(getSettingsElement()?.content || "{}");
}

/**
 * Tell whether an address is one of Trusted Shops or of a sandbox.
 *
 * @param {URL} url
 * @returns {boolean}
 */
export function isTrusted(url) {
    const isWeb = /^https?:$/.test(url.protocol);
    return isWeb && (HOSTS.test(url.host) || OWN_HOSTS.includes(url.hostname));
}

/**
 * Tell whether a block of the page is a seal, not only a text, and shows on a window of
 * this width: what a page hides has no boxes.
 *
 * @returns {boolean}
 */
export function hasPlacedSeal() {
    const blocks = document.querySelectorAll(
        ".s_trustedshops_badge:not([data-variant='text'])"
    );
    return [...blocks].some((block) => block.getClientRects().length);
}
