/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {fetchAsVisitor, isUnreachable} from "./visitor";

const MODEL = "trustedshops.readiness";
const PAGE = "/odoo/action-website_sale_trustedshops.trustedshops_readiness_action";
// Characters of a page that are handed in: what `lib/shop_page.py` reads of it.
const LIMIT = 1_000_000;
// What it does not read of a page, and the attributes that it does.
const UNREAD = "head, script, style, svg, template, noscript, iframe";
const READ = new Set(
    "alt aria-label class data-website-id hidden href style title type".split(" ")
);

/**
 * Goes through what a program can see of the criteria of Trusted Shops: fetches pages of
 * the website as a visitor without cookies, in the designer's own browser, and shows what
 * the server says about them, by website and language.
 */
export class Readiness extends Component {
    static template = "website_sale_trustedshops.Readiness";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.states = {
            missing: {
                icon: "fa-exclamation-triangle text-danger",
                label: _t("Missing"),
            },
            unseen: {icon: "fa-eye text-info", label: _t("Check yourself")},
            found: {icon: "fa-check-circle text-success", label: _t("Found")},
        };
        this.state = useState({
            websites: [],
            websiteId: 0,
            isRunning: false,
            path: "",
            done: 0,
            total: 0,
        });
        this.isGone = false;
        onWillStart(() => this.load());
        onWillUnmount(() => {
            this.isGone = true;
        });
    }

    async load() {
        this.state.websites = await this.orm.call(MODEL, "get_overview", []);
        const here = this.state.websites.find((each) => this.isHere(each));
        this.state.websiteId = (here || this.state.websites[0])?.id || 0;
    }

    get website() {
        return this.state.websites.find(({id}) => id === this.state.websiteId);
    }

    get otherUrl() {
        return this.isHere(this.website) ? "" : this.website.url + PAGE;
    }

    get resultIds() {
        return this.website.languages.map((each) => each.result_id).filter(Boolean);
    }

    get percent() {
        return Math.round((100 * this.state.done) / Math.max(this.state.total, 1));
    }

    /**
     * Tell whether a browser lets this page look at a website: one without a domain
     * answers at each address.
     */
    isHere({url}) {
        return !url || new URL(url).host === window.location.host;
    }

    count(language, state) {
        return language.points.filter((point) => point.state === state).length;
    }

    sort(points) {
        const states = Object.keys(this.states);
        return [...points].sort(
            (one, other) => states.indexOf(one.state) - states.indexOf(other.state)
        );
    }

    chooseWebsite(ev) {
        this.state.websiteId = Number(ev.target.value);
    }

    async run() {
        Object.assign(this.state, {isRunning: true, done: 0, total: 0});
        try {
            for (const language of this.website.languages) {
                const result = await this.look(this.website.id, language);
                if (this.isGone) {
                    return;
                }
                Object.assign(language, result);
            }
        } finally {
            this.state.isRunning = false;
        }
    }

    /**
     * Look at a website in one language, and keep what was seen.
     *
     * @returns {Promise<Object>} what the server says about it; nothing where the page
     *     was left meanwhile
     */
    async look(websiteId, language) {
        const place = [websiteId, language.lang_id];
        const first = await this.orm.call(MODEL, "get_visits", place);
        const pages = await this.visitAll(first, language.lang);
        if (this.isGone) {
            return;
        }
        const links = await this.orm.call(MODEL, "find_visits", [...place, pages]);
        pages.push(...(await this.visitAll(links.filter(isOwn), language.lang)));
        if (this.isGone) {
            return;
        }
        return this.orm.call(MODEL, "save_result", [...place, pages]);
    }

    async visitAll(visits, lang) {
        const pages = [];
        this.state.total += visits.length;
        for (const visit of visits) {
            if (this.isGone) {
                break;
            }
            this.state.path = visit.path;
            pages.push(await this.visit(visit, lang));
            this.state.done += 1;
        }
        return pages;
    }

    async visit({kind, path}, lang) {
        // An address of a link stays as it is written: by that the server knows it.
        const asked = URL.canParse(path) ? path : window.location.origin + path;
        const page = {
            kind,
            asked,
            url: asked,
            status: 0,
            html: "",
            is_cut: false,
            is_html: true,
        };
        try {
            const answer = await fetchAsVisitor(asked, lang);
            const {url, status} = answer;
            const is_html = /html/.test(answer.headers.get("Content-Type"));
            // Whatever it is, only its beginning is loaded.
            const {html, is_cut} = await readBeginning(answer);
            return {...page, url, status, html: strip(html), is_cut, is_html};
        } catch (error) {
            if (isUnreachable(error)) {
                return page;
            }
            throw error;
        }
    }

    async createPage(language, template) {
        const place = [this.website.id, language.lang_id];
        this.action.doAction(
            await this.orm.call(MODEL, "create_page", [...place, template])
        );
    }

    print() {
        this.action.doAction("website_sale_trustedshops.readiness_report_action", {
            additionalContext: {active_model: MODEL, active_ids: this.resultIds},
        });
    }
}

function isOwn({path}) {
    return URL.canParse(path) && new URL(path).origin === window.location.origin;
}

/**
 * Take out of a page what the server does not read: web servers refuse requests that are
 * too long.
 *
 * @param {String} source
 * @returns {String}
 */
function strip(source) {
    // Parsed, never shown: no script of it runs, no picture is loaded.
    const doc = new DOMParser().parseFromString(source, "text/html");
    for (const element of doc.querySelectorAll(UNREAD)) {
        element.remove();
    }
    for (const element of doc.querySelectorAll("*")) {
        for (const {name} of [...element.attributes]) {
            if (!READ.has(name)) {
                element.removeAttribute(name);
            }
        }
    }
    return doc.documentElement.outerHTML.replace(/\s+/g, " ");
}

/**
 * Read the text of an answer, and no more of it than the limit.
 *
 * @param {Response} answer
 * @returns {Promise<Object>} `html` and `is_cut`
 */
async function readBeginning(answer) {
    const stream = answer.body || new Blob().stream(); // status 204 has none
    const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
    let html = "";
    while (html.length <= LIMIT) {
        const {done, value} = await reader.read();
        if (done) {
            return {html, is_cut: false};
        }
        html += value;
    }
    await reader.cancel();
    return {html: html.slice(0, LIMIT), is_cut: true};
}

registry.category("actions").add("trustedshops_readiness", Readiness);
