/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

/* A stand-in for the script of Trusted Shops: a box in the place of each widget. Only the
   element and its attributes are those of the real one. */
(function () {
    const NAME = "etrusted-widget";
    const IDENTIFIERS = ["sku", "gtin", "mpn"];

    class Widget extends HTMLElement {
        connectedCallback() {
            const shadow = this.shadowRoot || this.attachShadow({mode: "open"});
            const box = document.createElement("div");
            const about = IDENTIFIERS.map((name) => this.getAttribute(`data-${name}`));
            const text = ["Reviews", this.getAttribute("data-etrusted-widget-id")];
            box.textContent = [...text, ...about].filter(Boolean).join(" · ");
            Object.assign(box.style, {
                padding: "16px",
                border: "2px solid #ffdc0f",
                borderRadius: "4px",
                background: "#ffffff",
                color: "#212121",
                font: "14px sans-serif",
                overflowWrap: "anywhere",
            });
            shadow.replaceChildren(box);
        }
    }

    if (!customElements.get(NAME)) {
        customElements.define(NAME, Widget);
    }
})();
