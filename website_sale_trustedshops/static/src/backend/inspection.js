/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {_t} from "@web/core/l10n/translation";
import {Dialog} from "@web/core/dialog/dialog";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";

const CERTIFICATE = "trustedshops.certificate";
const READINESS = "trustedshops.readiness";
const ACTION = "/odoo/action-website_sale_trustedshops.trustedshops_";
// Milliseconds after which a page without an answer counts as unreachable.
const PATIENCE = 30_000;
// Send at most this many characters of a page: `lib/shop_page.py` reads no more.
const LIMIT = 1_000_000;
// Elements that it does not read, and attributes that it does read.
const UNREAD =
    "head > :not(meta[name='trustedshops'], script), style, svg, template, noscript, iframe";
const READ =
    /^(alt|aria-label|class|content|data-.*|hidden|href|id|item(scope|type)|lang|name|src|style|title|type)$/;

/**
 * Fetch a page as a visitor without cookies.
 *
 * @param {Object} visit its `kind` and `path`, which may be an absolute address
 * @param {String} lang of the visitor's browser
 * @returns {Promise<Object>} what `_read_pages` of the inspection reads
 */
async function fetchPage({kind, path}, lang) {
    // Keep the address of a link as it is written: the server looks it up by that.
    const asked = URL.canParse(path) ? path : window.location.origin + path;
    const page = {kind, asked, url: asked, status: 0, html: "", is_cut: false};
    try {
        const answer = await fetch(asked, {
            credentials: "omit",
            cache: "no-store",
            headers: {"Accept-Language": lang},
            signal: AbortSignal.timeout(PATIENCE),
        });
        const {url, status} = answer;
        const is_html = /html/.test(answer.headers.get("Content-Type"));
        const text = is_html ? await answer.text() : "";
        const is_cut = text.length > LIMIT;
        return {...page, url, status, html: strip(text), is_cut, is_html};
    } catch (error) {
        if (error instanceof TypeError || error instanceof DOMException) {
            return {...page, is_html: true};
        }
        throw error;
    }
}

/**
 * Remove parts of a page that the server does not read: web servers refuse requests that
 * are too long.
 *
 * @param {String} source
 * @returns {String}
 */
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

/** Return whether the browser lets this page fetch a website; it may have no domain. */
function isHere({url}) {
    return !url || new URL(url).host === window.location.host;
}

/** Fetches pages as a visitor, and shows what the server says about them. */
class Inspector extends Component {
    setup() {
        this.orm = useService("orm");
        this.levels = {
            problem: {
                icon: "fa-exclamation-triangle text-danger",
                label: _t("Problem"),
            },
            hint: {icon: "fa-eye text-info", label: _t("Check yourself")},
            ok: {icon: "fa-check-circle text-success", label: _t("Good")},
        };
        this.state = useState({isRunning: false, path: ""});
        onWillUnmount(() => {
            this.isGone = true;
        });
    }

    async run() {
        this.state.isRunning = true;
        try {
            await this.inspect();
        } finally {
            this.state.isRunning = false;
        }
    }

    /**
     * Fetch pages one after the other, until the user leaves.
     */
    async *visit(visits, lang) {
        for (const visit of visits) {
            this.state.path = visit.path;
            const page = await fetchPage(visit, lang);
            if (this.isGone) {
                return;
            }
            yield page;
        }
    }
}

/**
 * Checks the criteria of Trusted Shops that a program can see, and shows the last results
 * by website and language.
 */
export class Readiness extends Inspector {
    static template = "website_sale_trustedshops.Readiness";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        super.setup();
        this.action = useService("action");
        this.display = {controlPanel: {}};
        Object.assign(this.state, {websites: [], websiteId: 0});
        onWillStart(async () => {
            await this.load();
            const {websites} = this.state;
            this.state.websiteId = (websites.find(isHere) || websites[0])?.id;
        });
    }

    async load() {
        this.state.websites = await this.orm.call(READINESS, "get_overview", []);
    }

    get website() {
        return this.state.websites.find(({id}) => id === this.state.websiteId);
    }

    get otherUrl() {
        const {website} = this;
        return isHere(website) ? "" : `${website.url}${ACTION}readiness_action`;
    }

    get resultIds() {
        return this.website.languages.map((each) => each.result_id).filter(Boolean);
    }

    async inspect() {
        for (const {id, lang} of this.website.languages) {
            const pages = [];
            const place = [this.website.id, id, pages];
            let visits = await this.orm.call(READINESS, "inspect", place);
            while (visits.length) {
                for await (const page of this.visit(visits, lang)) {
                    pages.push(page);
                }
                if (this.isGone) {
                    return;
                }
                visits = await this.orm.call(READINESS, "inspect", place);
            }
        }
        await this.load();
    }

    async createPage(template) {
        const args = [this.website.id, template];
        this.action.doAction(await this.orm.call(READINESS, "create_page", args));
    }

    print() {
        this.action.doAction("website_sale_trustedshops.readiness_report_action", {
            additionalContext: {active_model: READINESS, active_ids: this.resultIds},
        });
    }
}

/**
 * Checks the website's start page in each language, and further pages that addons name.
 */
export class WebsiteCheckDialog extends Inspector {
    static template = "website_sale_trustedshops.WebsiteCheckDialog";
    static components = {Dialog};
    static props = {certificateId: Number, close: Function};

    setup() {
        super.setup();
        this.state.groups = [];
        onWillStart(() => {
            this.run();
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

    async inspect() {
        const {groups} = Object.assign(this.state, {groups: []});
        const {website, findings, pages} = await this.call("get_website_expectations");
        const others = isHere(website) ? [] : [this.explainOtherAddress(website)];
        groups.push({title: website.name, findings: [...findings, ...others]});
        for (const page of others.length ? [] : pages) {
            await this.look(page);
            if (this.isGone) {
                return;
            }
        }
        const isBadgeSeen = ({cause, level}) => cause === "badge" && level === "ok";
        const isGood = !this.allFindings.some(({level}) => level === "problem");
        const isSeen = isGood && this.allFindings.some(isBadgeSeen);
        await this.call("note_website_check", isSeen);
    }

    async look({lang, lang_name, path, more}) {
        const others = more.map((each) => ({kind: "page", path: each}));
        const visits = [{kind: "start", path}, ...others];
        for await (const page of this.visit(visits, lang)) {
            const findings = await this.call("judge_page", lang, page);
            const title = `${lang_name}: ${this.state.path}`;
            this.state.groups.push({title, findings});
            // If the start page fails, other pages would repeat the finding.
            if (page.kind === "start" && page.status !== 200) {
                break;
            }
        }
    }

    explainOtherAddress({url}) {
        const text = _t(
            "The website is at %(website)s, but you are at %(here)s: browsers do not let" +
                " a page look at another address.",
            {website: url, here: window.location.origin}
        );
        const there = `${url}${ACTION}certificate_action/${this.props.certificateId}`;
        const links = [{text: _t("Open the certificate there"), url: there}];
        return {cause: "origin", level: "problem", text, todo: "", links};
    }
}

registry.category("actions").add("trustedshops_readiness", Readiness);
registry.category("actions").add("trustedshops_website_check", (env, action) => {
    env.services.dialog.add(
        WebsiteCheckDialog,
        {certificateId: action.context.active_id},
        {onClose: () => env.services.action.doAction("soft_reload")}
    );
});
