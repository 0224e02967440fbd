/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {TrustedShopsBadge} from "./trustedshops_badge";
import {registry} from "@web/core/registry";
import {hasPlacedSeal} from "@website_sale_trustedshops/interactions/settings";

/** Shows each change at once, and tells editors why visitors see nothing. */
const TrustedShopsBadgeEdit = (I) =>
    class extends I {
        static selector = ".s_trustedshops_badge";
        dynamicSelectors = {
            ...this.dynamicSelectors,
            _seal: () => this.el.ownerDocument.querySelector(".o_trustedshops_seal"),
        };
        dynamicContent = {
            _seal: {
                "t-att-class": () => ({
                    o_trustedshops_kept: !this.html || !hasPlacedSeal(),
                }),
            },
        };

        start() {
            this.el.replaceChildren();
            super.start();
            if (!this.html) {
                this.renderAt("website_sale_trustedshops.s_trustedshops_nothing", {});
            }
        }
    };

registry
    .category("public.interactions.edit")
    .add("website_sale_trustedshops.badge_snippet", {
        Interaction: TrustedShopsBadge,
        mixin: TrustedShopsBadgeEdit,
    });
