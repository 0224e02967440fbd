/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";

const ROUTE = "/shop/trustedshops/badge";
const ATTRIBUTE = /^data-(?!oe-)/;

/**
 * Return the content of a block, as the server puts it into the pages of visitors.
 *
 * @param {HTMLElement} block
 * @returns {Promise<String>} HTML, empty when there is nothing to show, or no answer
 */
async function fetchBox(block) {
    const query = new URLSearchParams({lang: document.documentElement.lang});
    for (const {name, value} of block.attributes) {
        if (ATTRIBUTE.test(name)) {
            query.set(name.replace(ATTRIBUTE, ""), value);
        }
    }
    const response = await fetch(`${ROUTE}?${query}`);
    return response.ok ? response.text() : "";
}

/** Fills a block that the server left empty for users who may edit it. */
export class TrustedShopsBadge extends Interaction {
    static selector = ".s_trustedshops_badge:empty";

    async willStart() {
        this.html = await this.waitFor(fetchBox(this.el).catch(() => ""));
    }

    start() {
        const range = document.createRange();
        for (const box of range.createContextualFragment(this.html).children) {
            this.insert(box);
        }
    }
}

registry
    .category("public.interactions")
    .add("website_sale_trustedshops.badge_snippet", TrustedShopsBadge);
