/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {Component, markup, onWillStart, useState, xml} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/** Shows the page that the server renders; its buttons open lists and records. */
export class Overview extends Component {
    static components = {Layout};
    static props = {...standardActionServiceProps};
    static template = xml`
        <div class="o_action">
            <Layout display="{controlPanel: {}}" className="'o_trustedshops_overview'">
                <div class="container-fluid py-3" t-out="state.page"
                    t-on-click="onClick" t-on-change="onChange"/>
            </Layout>
        </div>`;

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({page: ""});
        onWillStart(() => this.load());
    }

    async load(websiteId = false) {
        const page = await this.orm.call("trustedshops.overview", "get_overview", [
            websiteId,
        ]);
        this.state.page = markup(page);
    }

    onClick(ev) {
        const button = ev.target.closest("button[data-action]");
        if (button) {
            this.action.doAction(JSON.parse(button.dataset.action));
        }
    }

    onChange(ev) {
        this.load(Number(ev.target.value) || false);
    }
}

registry.category("actions").add("trustedshops_overview", Overview);
