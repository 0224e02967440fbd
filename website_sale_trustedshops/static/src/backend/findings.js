/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {Component, xml} from "@odoo/owl";

/** Shows findings with buttons that work like those of the form. */
export class Findings extends Component {
    static template = xml`
        <div t-out="props.record.data[props.name]" t-on-click="onClick"/>`;
    static props = {...standardFieldProps};

    onClick(ev) {
        const button = ev.target.closest("button[name]");
        if (button) {
            const {resModel, resId, resIds, context, evalContext} = this.props.record;
            this.env.onClickViewButton({
                clickParams: {type: "object", name: button.name},
                getResParams: () => ({resModel, resId, resIds, context, evalContext}),
            });
        }
    }
}

registry.category("fields").add("trustedshops_findings", {
    component: Findings,
    supportedTypes: ["html"],
});
