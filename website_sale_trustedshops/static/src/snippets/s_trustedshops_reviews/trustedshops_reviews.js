import {getSnippetData} from "../snippet_data";
import {cookie} from "@web/core/browser/cookie";
import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";

const WIDGET_ID = /^wdg-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAX_SKU = 500;

/**
 * Load the script of Trusted Shops that draws all widgets of the page.
 *
 * @param {string} url
 */
function loadScript(url) {
    if ([...document.scripts].some((script) => script.src === url)) {
        return;
    }
    const script = document.createElement("script");
    script.async = true;
    // By the property: there Odoo holds back hosts that the merchant blocks.
    script.src = url;
    document.head.append(script);
}

export class TrustedShopsReviews extends Interaction {
    static selector = ".s_trustedshops_reviews";
    dynamicContent = {
        _document: {"t-on-optionalCookiesAccepted": () => this.show()},
    };

    setup() {
        this.isShown = false;
        this.data = {};
    }

    async willStart() {
        if (this.widgetId) {
            this.data = await this.waitFor(getSnippetData());
        }
    }

    start() {
        this.el.replaceChildren();
        if (this.data.consent === "always" || cookie.isAllowedCookie("optional")) {
            this.show();
        }
    }

    /** Empty unless the text in the page has the form of an id. */
    get widgetId() {
        const text = this.el.dataset.widgetId || "";
        return WIDGET_ID.test(text) ? text : "";
    }

    /**
     * Show the widget. Only here a visitor's browser asks Trusted Shops for anything.
     */
    show() {
        if (this.isShown || !this.data.widgetScript) {
            return;
        }
        this.isShown = true;
        const widget = document.createElement("etrusted-widget");
        widget.setAttribute("data-etrusted-widget-id", this.widgetId);
        const sku = (this.el.dataset.sku || "").trim().slice(0, MAX_SKU);
        if (sku) {
            widget.setAttribute("data-sku", sku);
        }
        this.insert(widget);
        loadScript(this.data.widgetScript);
    }
}

registry
    .category("public.interactions")
    .add("website_sale_trustedshops.reviews_snippet", TrustedShopsReviews);
