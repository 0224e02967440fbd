/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

/* The small script of one shop: when the page is complete it brings the script that all
   shops share, and lets that draw. As the real one does, it gives the second script its
   address by the property, and fails loudly without it. */
(function () {
    const SHOP = "@SHOP@";
    const tag = document.currentScript;

    function bringShared() {
        const shared = document.createElement("script");
        shared.onload = () => window.trustbadge.load(SHOP, tag);
        shared.onerror = () => {
            throw new Error("The script that draws the badge did not come.");
        };
        shared.src = new URL("@PATH@", tag.src).href;
        document.head.append(shared);
    }

    if (document.readyState === "complete") {
        bringShared();
    } else {
        document.addEventListener("readystatechange", () => {
            if (document.readyState === "complete") {
                bringShared();
            }
        });
    }
})();
