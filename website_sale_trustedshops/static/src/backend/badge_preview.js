/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {Component} from "@odoo/owl";

// Pixels: height of the window of a usual screen and phone, and width of their sketch.
const DEVICES = {
    desktop: {windowHeight: 900, width: 240},
    mobile: {windowHeight: 720, width: 90},
};
const SKETCH_HEIGHT = 150;
const BADGE_SIZE = 22;

/**
 * Sketches where the badge will be on a screen and on a phone.
 */
export class BadgePreview extends Component {
    static template = "website_sale_trustedshops.BadgePreview";
    static props = {...standardWidgetProps};

    get devices() {
        const {data} = this.props.record;
        const labels = {desktop: _t("On desktops"), mobile: _t("On phones")};
        return Object.entries(DEVICES).map(([name, {windowHeight, width}]) => {
            const offset =
                data[`badge_offset_${name}`] * (SKETCH_HEIGHT / windowHeight);
            const bottom = Math.min(Math.round(offset), SKETCH_HEIGHT - BADGE_SIZE);
            const side = data[`badge_position_${name}`] || "right";
            const middle = (width - BADGE_SIZE) / 2;
            const place = side === "center" ? `left: ${middle}px` : `${side}: 4px`;
            return {
                name,
                label: labels[name],
                isShown:
                    data.badge_shown && (name === "desktop" || data.badge_on_phones),
                scheme: data.badge_color_scheme,
                sign: data[`badge_reviews_${name}`] ? "★" : "✓",
                frameStyle: `width: ${width}px; height: ${SKETCH_HEIGHT}px;`,
                badgeStyle: `${place}; bottom: ${bottom}px;`,
            };
        });
    }
}

registry
    .category("view_widgets")
    .add("trustedshops_badge_preview", {component: BadgePreview});
