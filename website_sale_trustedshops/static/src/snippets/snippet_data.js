/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

const ROUTE = "/shop/trustedshops/snippet";
let data = null;

async function fetchData() {
    const query = new URLSearchParams({lang: document.documentElement.lang});
    const response = await fetch(`${ROUTE}?${query}`);
    return response.ok ? response.json() : {};
}

/**
 * Return the data of the blocks on this website in the language of this page. All
 * blocks share one request.
 *
 * @returns {Promise<Object>} empty when there is nothing to show, or no answer
 */
export function getSnippetData() {
    data ||= fetchData().catch(() => ({}));
    return data;
}
