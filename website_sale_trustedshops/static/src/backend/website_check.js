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
// Web servers refuse requests that are too long: send at most this many characters of a
// page, without what the server does not look at.
const LIMIT = 1_000_000;
const UNREAD =
    "head > :not(meta[name='trustedshops'], script), style, svg, template, iframe";
const READ = /^(class|content|data-.*|href|id|item(scope|type)|lang|name|src|type)$/;

/**
 * Fetch a page as a visitor without cookies.
 *
 * @param {String} path
 * @param {String} lang of the visitor's browser
 * @returns {Promise<Object>} what `check_page` of the certificate reads
 */
async function fetchPage(path, lang) {
    try {
        const answer = await fetch(path, {
            credentials: "omit",
            cache: "no-store",
            headers: {"Accept-Language": lang},
            signal: AbortSignal.timeout(PATIENCE),
        });
        const {url, status} = answer;
        const is_html = /html/.test(answer.headers.get("Content-Type"));
        const html = is_html ? strip(await answer.text()) : "";
        return {path, url, status, html, is_html};
    } catch (error) {
        if (error instanceof TypeError || error instanceof DOMException) {
            return {path, url: path, status: 0, html: "", is_html: true};
        }
        throw error;
    }
}

/** Return a page without what the server does not look at. */
function strip(source) {
    // It is parsed but never shown: no script runs and no picture is loaded.
    const parser = new DOMParser();
    const doc = parser.parseFromString(source.slice(0, LIMIT), "text/html");
    doc.querySelectorAll(UNREAD).forEach((element) => element.remove());
    for (const element of doc.querySelectorAll("*")) {
        for (const {name} of [...element.attributes]) {
            if (!READ.test(name)) {
                element.removeAttribute(name);
            }
        }
    }
    return doc.documentElement.outerHTML.replace(/\s+/g, " ");
}

/**
 * Checks the website's start page in each language, and further pages that addons name.
 */
export class WebsiteCheckDialog extends Component {
    static template = "website_sale_trustedshops.WebsiteCheckDialog";
    static components = {Dialog};
    static props = {certificateId: Number, close: Function};

    setup() {
        this.orm = useService("orm");
        this.levels = {
            problem: {
                icon: "fa-exclamation-triangle text-danger",
                label: _t("Problem"),
            },
            warning: {
                icon: "fa-exclamation-circle text-warning",
                label: _t("Warning"),
            },
            hint: {icon: "fa-eye text-info", label: _t("Check yourself")},
            ok: {icon: "fa-check-circle text-success", label: _t("Good")},
        };
        this.state = useState({isRunning: false, groups: []});
        onWillStart(() => {
            this.run();
        });
        onWillUnmount(() => {
            this.isGone = true;
        });
    }

    get allFindings() {
        return this.state.groups.flatMap((group) => group.findings);
    }

    get summary() {
        if (this.state.isRunning) {
            return _t("Looking at the website as a visitor sees it…");
        }
        const count = this.allFindings.filter(({level}) => level === "problem").length;
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
        const {website, findings, pages} = await this.call("start_website_check");
        const isElsewhere =
            website.url && new URL(website.url).host !== window.location.host;
        const others = isElsewhere ? [this.explainOtherAddress(website)] : [];
        this.state.groups.push({
            title: website.name,
            findings: [...findings, ...others],
        });
        if (isElsewhere) {
            return;
        }
        for (const page of pages) {
            await this.look(page);
            if (this.isGone) {
                return;
            }
        }
        const isBadgeSeen = ({cause, level}) => cause === "badge" && level === "ok";
        const isGood = !this.allFindings.some(({level}) => level === "problem");
        const isSeen = isGood && this.allFindings.some(isBadgeSeen);
        await this.call("update_website_check", isSeen);
    }

    async look({lang, lang_name, path, more}) {
        for (const each of [path, ...more]) {
            const is_start = each === path;
            const page = await fetchPage(each, lang);
            if (this.isGone) {
                return;
            }
            const findings = await this.call("check_page", lang, {...page, is_start});
            this.state.groups.push({title: `${lang_name}: ${each}`, findings});
            // If the start page fails, other pages would repeat the finding.
            if (is_start && page.status !== 200) {
                return;
            }
        }
    }

    explainOtherAddress({url}) {
        const text = _t(
            "The website is at %(website)s, but you are at %(here)s: browsers do not let" +
                " a page look at another address.",
            {website: url, here: window.location.origin}
        );
        const there = `${url}/odoo/action-${ACTION}/${this.props.certificateId}`;
        const links = [{text: _t("Open the certificate there"), url: there}];
        return {cause: "origin", level: "problem", text, todo: "", links};
    }
}

registry.category("actions").add("trustedshops_website_check", (env, action) => {
    env.services.dialog.add(
        WebsiteCheckDialog,
        {certificateId: action.context.active_id},
        {onClose: () => env.services.action.doAction("soft_reload")}
    );
});
