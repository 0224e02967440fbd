/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

// Hosts from which Trusted Shops serves its scripts.
const HOSTS = /^(widgets(-qa)?\.trustedshops\.com|integrations\.etrusted\.(com|site))$/;
// A sandbox runs on the shop's own machine.
const OWN_HOSTS = ["localhost", "127.0.0.1", "[::1]", window.location.hostname];

/**
 * Return the element with the settings that the server gives to our scripts.
 *
 * Users can write any tags, ids, names and classes into the body of a page, through a
 * product for example. `document.head` could be a form of that name.
 *
 * @returns {HTMLMetaElement|null}
 */
export function getSettingsElement() {
    return document.querySelector(":root > head > meta[name='trustedshops']");
}

/**
 * Return the settings that the server gives to our scripts.
 *
 * @returns {Object} empty when the server gives none
 */
export function getSettings() {
    return JSON.parse(getSettingsElement()?.content || "{}");
}

/**
 * Return whether an address is one of Trusted Shops or of a sandbox.
 *
 * @param {URL} url
 * @returns {boolean}
 */
export function isTrusted(url) {
    const isWeb = /^https?:$/.test(url.protocol);
    return isWeb && (HOSTS.test(url.host) || OWN_HOSTS.includes(url.hostname));
}

/**
 * Return whether a block of the page shows a seal, not only a text, in a window of this
 * width: hidden elements have no boxes.
 *
 * @returns {boolean}
 */
export function hasPlacedSeal() {
    const blocks = document.querySelectorAll(
        ".s_trustedshops_badge:not([data-variant='text'])"
    );
    return [...blocks].some((block) => block.getClientRects().length);
}
