/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {getSnippetData} from "../snippet_data";
import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";
import {hasPlacedSeal} from "@website_sale_trustedshops/interactions/settings";

const TEMPLATE = "website_sale_trustedshops.s_trustedshops_badge";
// Pixels of the seal, and size of the text beside that of its surroundings.
const SIZES = {
    small: {height: 32, fontSize: 0.875},
    medium: {height: 56, fontSize: 1},
    large: {height: 88, fontSize: 1.375},
};
const CORNERS = {none: "rounded-0", rounded: "rounded", pill: "rounded-pill"};
const MAX_LABEL = 120;
const STARS = 5;

/**
 * Return black or white, whichever can be read on a background.
 *
 * @param {string} background as computed by the browser: rgb(…) or rgba(…)
 * @returns {string} empty where the page shines through
 */
function pickTextColor(background) {
    const [red, green, blue, alpha = 1] = (background.match(/[\d.]+/g) || []).map(
        Number
    );
    if (red === undefined || alpha < 0.5) {
        return "";
    }
    const [r, g, b] = [red, green, blue].map((part) => {
        const value = part / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}

/**
 * Return a colour as a style needs it: the builder stores those of the theme by name,
 * greys by their number.
 *
 * @param {string} text
 * @returns {string} empty for what is none
 */
function toColor(text) {
    if (CSS.supports("color", text)) {
        return text;
    }
    return /^[a-z0-9][a-z0-9-]*$/i.test(text) ? `var(--${text})` : "";
}

export class TrustedShopsBadge extends Interaction {
    static selector = ".s_trustedshops_badge";
    dynamicSelectors = {
        ...this.dynamicSelectors,
        _seal: () => this.el.ownerDocument.querySelector(".o_trustedshops_seal"),
    };
    // One seal per page: that of the footer steps back for one that was placed.
    dynamicContent = {
        _seal: {"t-att-class": () => ({"d-none": this.data?.url && hasPlacedSeal()})},
    };

    async willStart() {
        this.data = await this.waitFor(getSnippetData());
    }

    start() {
        this.el.replaceChildren();
        if (this.data.url) {
            const [box] = this.renderAt(TEMPLATE, this.getValues());
            this.paint(box);
        }
    }

    /**
     * What is stored in the page is anybody's text: only known words choose anything.
     *
     * @returns {Object} values of the template, which escapes them
     */
    getValues() {
        const {variant, size, corners, link, label} = this.el.dataset;
        const isText = variant === "text";
        // The merchant's picture says Trusted Shops itself, our drawing does not.
        const hasWords = isText || !this.data.isOwn;
        const ownLabel = (label || "").trim().slice(0, MAX_LABEL);
        const urls = {none: undefined, reviews: this.data.reviewsUrl};
        return {
            data: this.data,
            ...(Object.hasOwn(SIZES, size) ? SIZES[size] : SIZES.medium),
            corners: Object.hasOwn(CORNERS, corners)
                ? CORNERS[corners]
                : CORNERS.rounded,
            hint: link === "reviews" ? this.data.reviewsHint : this.data.hint,
            href: Object.hasOwn(urls, link) ? urls[link] : this.data.url,
            hasImage: !isText,
            text: ownLabel || (hasWords ? this.data.label : ""),
            rating: variant === "stars" ? this.data.rating : null,
            stars: this.getStars(),
        };
    }

    /**
     * Return the icon of each star.
     *
     * @returns {string[]}
     */
    getStars() {
        const halves = Math.round((this.data.rating?.percent || 0) / 10);
        return Array.from({length: STARS}, (_star, index) => {
            const left = halves - 2 * index;
            return left >= 2 ? "fa-star" : left === 1 ? "fa-star-half-o" : "fa-star-o";
        });
    }

    /**
     * Give the box its colours.
     *
     * @param {HTMLElement} box
     */
    paint(box) {
        const ownColor = toColor(this.el.dataset.backgroundColor || "");
        box.style.backgroundColor = ownColor || this.data.background;
        box.style.color = pickTextColor(getComputedStyle(box).backgroundColor);
    }
}

registry
    .category("public.interactions")
    .add("website_sale_trustedshops.badge_snippet", TrustedShopsBadge);
