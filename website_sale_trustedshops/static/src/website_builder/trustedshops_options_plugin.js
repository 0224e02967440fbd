/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {BuilderAction} from "@html_builder/core/builder_action";
import {BaseOptionComponent} from "@html_builder/core/utils";
import {SNIPPET_SPECIFIC} from "@html_builder/utils/option_sequence";
import {Plugin} from "@html_editor/plugin";
import {withSequence} from "@html_editor/utils/resource";
import {registry} from "@web/core/registry";

const WIDGET_ID = /wdg-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f-])/i;

export class BlockOption extends BaseOptionComponent {
    /** Websites with several languages name the page's address in each. */
    get isMultilingual() {
        return Boolean(this.env.editor.document.querySelector("link[hreflang]"));
    }
}

export class TrustedShopsBadgeOption extends BlockOption {
    static template = "website_sale_trustedshops.TrustedShopsBadgeOption";
    static selector = ".s_trustedshops_badge";
}

export class TrustedShopsReviewsOption extends BlockOption {
    static template = "website_sale_trustedshops.TrustedShopsReviewsOption";
    static selector = ".s_trustedshops_reviews";
}

/** Takes the id out of whatever is pasted; nothing else is ever stored. */
export class TrustedShopsWidgetIdAction extends BuilderAction {
    static id = "trustedshopsWidgetId";

    setup() {
        this.preview = false;
    }

    getValue({editingElement}) {
        return editingElement.dataset.widgetId || "";
    }

    apply({editingElement, value}) {
        const match = WIDGET_ID.exec(value || "");
        if (match) {
            editingElement.dataset.widgetId = match[0].toLowerCase();
        } else {
            delete editingElement.dataset.widgetId;
        }
    }
}

class TrustedShopsOptionsPlugin extends Plugin {
    static id = "trustedshopsOptions";
    resources = {
        so_content_addition_selector: [
            ".s_trustedshops_badge",
            ".s_trustedshops_reviews",
        ],
        builder_options: [
            withSequence(SNIPPET_SPECIFIC, TrustedShopsBadgeOption),
            withSequence(SNIPPET_SPECIFIC, TrustedShopsReviewsOption),
        ],
        builder_actions: {TrustedShopsWidgetIdAction},
    };
}

registry
    .category("website-plugins")
    .add(TrustedShopsOptionsPlugin.id, TrustedShopsOptionsPlugin);
