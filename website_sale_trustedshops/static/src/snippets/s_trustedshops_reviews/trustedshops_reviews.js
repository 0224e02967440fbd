/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {getSnippetData} from "../snippet_data";
import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";
import {areOptionalCookiesAccepted} from "@website_sale_trustedshops/interactions/cookie_answer";
import {getSettings, isTrusted} from "@website_sale_trustedshops/interactions/settings";
import {isInEditor} from "@website_sale_trustedshops/interactions/trusted_badge";

const WIDGET_ID = /^wdg-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAX_SKU = 500;
const NOTICE = "o_trustedshops_notice";
// Parts of a page: one notice is enough for all widgets of a part.
const PARTS = "header, main, footer";

/**
 * Load the script of Trusted Shops that draws all widgets of the page, unless the page
 * has it. A script that Odoo holds back until the visitor accepts cookies also counts.
 *
 * @param {string} url
 */
function loadScript(url) {
    const {pathname} = new URL(url);
    const isThere = [...document.scripts].some((script) => {
        const source = script.dataset.nocookieSrc || script.getAttribute("src") || "";
        const base = document.baseURI;
        return (
            URL.canParse(source, base) && new URL(source, base).pathname === pathname
        );
    });
    if (isThere || !isTrusted(new URL(url))) {
        return;
    }
    const script = document.createElement("script");
    script.async = true;
    // Do not set the property: Odoo's cookie watcher intercepts it, but knows only one
    // of the merchant's modes. The caller has already decided.
    script.setAttribute("src", url);
    document.head.append(script);
}

export class TrustedShopsReviews extends Interaction {
    static selector = ".s_trustedshops_reviews";
    dynamicContent = {
        _document: {
            "t-on-optionalCookiesAccepted": () => this.show(),
            "t-on-optionalCookiesDenied": () => this.hide(),
        },
    };

    setup() {
        this.box = null;
        this.data = {};
    }

    async willStart() {
        await this.waitFor(this.load());
    }

    /** Ask the shop for what the block needs. */
    async load() {
        if (this.widgetId) {
            this.data = await getSnippetData();
        }
    }

    start() {
        this.el.replaceChildren();
        if (this.needsNoConsent() || areOptionalCookiesAccepted()) {
            this.show();
        }
    }

    needsNoConsent() {
        return this.data.consent === "always" || this.data.cookiesBar === false;
    }

    /** Return the id of the widget; empty if the text in the page is no id. */
    get widgetId() {
        const text = this.el.dataset.widgetId || "";
        return WIDGET_ID.test(text) ? text : "";
    }

    /** Return how Trusted Shops names the product, for widgets about a product. */
    get sku() {
        return (this.el.dataset.sku || "").trim().slice(0, MAX_SKU);
    }

    /** Return whether there is something to show to visitors who accept it. */
    get hasContent() {
        return Boolean(this.data.widgetScript);
    }

    /**
     * Show the widget. Only then does the browser ask Trusted Shops for anything.
     */
    show() {
        if (this.box || !this.hasContent || isInEditor()) {
            return;
        }
        const widget = document.createElement("etrusted-widget");
        widget.setAttribute("data-etrusted-widget-id", this.widgetId);
        if (this.sku) {
            widget.setAttribute("data-sku", this.sku);
        }
        this.box = document.createElement("div");
        this.box.append(widget);
        this.insert(this.box);
        if (!this.isNoticeSeen()) {
            this.addNotice();
        }
        loadScript(this.data.widgetScript);
    }

    /**
     * Return whether this part of the page already shows how reviews are checked. A
     * hidden sentence does not count: it has no boxes.
     *
     * @returns {boolean}
     */
    isNoticeSeen() {
        const part = this.el.closest(PARTS) || document.body;
        const notices = [...part.getElementsByClassName(NOTICE)];
        return notices.some((notice) => notice.getClientRects().length);
    }

    /** Add how reviews are checked: by law it must be readable without a click. */
    addNotice() {
        const range = document.createRange();
        this.box.append(range.createContextualFragment(this.data.notice));
    }

    /**
     * Remove the widget when the visitor withdraws consent. The script stays loaded until
     * the next page, but asks for nothing more.
     */
    hide() {
        if (!this.needsNoConsent()) {
            this.box?.remove();
            this.box = null;
        }
    }
}

/** Shows the widget after an order. The server names it, not the content of a page. */
export class CheckoutWidget extends TrustedShopsReviews {
    static selector = ".o_trustedshops_widget";

    async load() {
        this.data = getSettings().widget || {};
    }

    get widgetId() {
        return this.data.id;
    }

    addNotice() {
        // This widget shows no reviews.
    }
}

registry
    .category("public.interactions")
    .add("website_sale_trustedshops.reviews_snippet", TrustedShopsReviews)
    .add("website_sale_trustedshops.checkout_widget", CheckoutWidget);
