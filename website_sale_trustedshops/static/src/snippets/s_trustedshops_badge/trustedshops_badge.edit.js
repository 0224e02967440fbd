/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {TrustedShopsBadge} from "./trustedshops_badge";
import {registry} from "@web/core/registry";

/** Tells editors why visitors see nothing. */
const TrustedShopsBadgeEdit = (I) =>
    class extends I {
        start() {
            super.start();
            if (!this.data.url) {
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
