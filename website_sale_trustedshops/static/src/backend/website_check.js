/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {_t} from "@web/core/l10n/translation";
import {Dialog} from "@web/core/dialog/dialog";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";

const CERTIFICATE = "trustedshops.certificate";
const ACTION = "website_sale_trustedshops.trustedshops_certificate_action";
// Milliseconds after which a page without an answer counts as unreachable.
const PATIENCE = 30_000;

/**
 * Fetch a page as a visitor without cookies.
 *
 * @param {String} path
 * @param {String} lang of the visitor's browser
 * @returns {Promise<Object>} what `check_website` of the certificate reads
 */
async function fetchPage(path, lang) {
    try {
        const answer = await fetch(path, {
            credentials: "omit",
            cache: "no-store",
            headers: {"Accept-Language": lang},
            signal: AbortSignal.timeout(PATIENCE),
        });
        return {lang, status: answer.status, ...read(await answer.text())};
    } catch (error) {
        if (error instanceof TypeError || error instanceof DOMException) {
            return {lang, status: 0, seal: "", loader: ""};
        }
        throw error;
    }
}

/** Return the addresses of seal and loader; the page is parsed, but never shown. */
function read(source) {
    const doc = new DOMParser().parseFromString(source, "text/html");
    const link = doc.querySelector(".o_trustedshops_seal a");
    const settings = doc.querySelector("head > meta[name='trustedshops']");
    return {
        seal: link?.getAttribute("href") ?? "",
        loader: JSON.parse(settings?.content || "{}").src ?? "",
    };
}

/**
 * Looks at the website's start page in each language: whether seal and loader are there,
 * with the right ID.
 */
export class WebsiteCheckDialog extends Component {
    static template = "website_sale_trustedshops.WebsiteCheckDialog";
    static components = {Dialog};
    static props = {certificateId: Number, close: Function};

    setup() {
        this.orm = useService("orm");
        this.state = useState({isRunning: false, groups: []});
        onWillStart(() => {
            this.run();
        });
        onWillUnmount(() => {
            this.isGone = true;
        });
    }

    get summary() {
        if (this.state.isRunning) {
            return _t("Looking at the website as a visitor sees it…");
        }
        const count = this.state.groups.flatMap(({findings}) => findings).length;
        return count ? _t("Problems found: %s", count) : _t("No problem was found.");
    }

    call(method, ...args) {
        return this.orm.call(CERTIFICATE, method, [this.props.certificateId, ...args]);
    }

    async run() {
        Object.assign(this.state, {isRunning: true, groups: []});
        try {
            await this.check();
        } finally {
            this.state.isRunning = false;
        }
    }

    async check() {
        const {name, url, pages} = await this.call("get_website_pages");
        if (url && new URL(url).host !== window.location.host) {
            this.state.groups.push({
                title: name,
                findings: [this.explainOtherAddress(url)],
            });
            return;
        }
        const seen = [];
        for (const {lang, path} of pages) {
            seen.push(await fetchPage(path, lang));
            if (this.isGone) {
                return;
            }
        }
        const found = await this.call("check_website", seen);
        this.state.groups = pages.map(({lang_name, path}, index) => ({
            title: `${lang_name}: ${path}`,
            findings: found[index],
        }));
    }

    explainOtherAddress(url) {
        const text = _t(
            "The website is at %(website)s, but you are at %(here)s: browsers do not let" +
                " a page look at another address.",
            {website: url, here: window.location.origin}
        );
        const there = `${url}/odoo/action-${ACTION}/${this.props.certificateId}`;
        const links = [{text: _t("Open the certificate there"), url: there}];
        return {cause: "origin", text, todo: "", links};
    }
}

registry.category("actions").add("trustedshops_website_check", (env, action) => {
    env.services.dialog.add(
        WebsiteCheckDialog,
        {certificateId: action.context.active_id},
        {onClose: () => env.services.action.doAction("soft_reload")}
    );
});
