/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {BuilderTextInput} from "@html_builder/core/building_blocks/builder_text_input";
import {BaseOptionComponent} from "@html_builder/core/utils";
import {SNIPPET_SPECIFIC} from "@html_builder/utils/option_sequence";
import {_t} from "@web/core/l10n/translation";
import {Plugin} from "@html_editor/plugin";
import {withSequence} from "@html_editor/utils/resource";
import {registry} from "@web/core/registry";

const WIDGET_ID = /wdg-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f-])/i;

/** Takes the id out of pasted text, and stores nothing else. */
export class WidgetIdInput extends BuilderTextInput {
    setup() {
        super.setup();
        const {commit} = this;
        this.commit = (text) => commit(this.findId(text));
    }

    /**
     * Return the id in a text; if there is none, say so and keep the present id.
     *
     * @param {String} text
     * @returns {String}
     */
    findId(text) {
        const match = WIDGET_ID.exec(text);
        if (match || !text.trim()) {
            return match ? match[0].toLowerCase() : "";
        }
        this.env.services.notification.add(
            _t("This contains no widget ID. It begins with wdg-."),
            {type: "danger"}
        );
        return this.state.value || "";
    }
}

export class BlockOption extends BaseOptionComponent {
    static components = {WidgetIdInput};

    /** Return whether the page has an address in each of several languages. */
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
    };
}

registry
    .category("website-plugins")
    .add(TrustedShopsOptionsPlugin.id, TrustedShopsOptionsPlugin);
