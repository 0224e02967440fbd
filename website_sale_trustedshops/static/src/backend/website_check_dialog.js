/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {_t} from "@web/core/l10n/translation";
import {Dialog} from "@web/core/dialog/dialog";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {fetchAsVisitor, isUnreachable} from "./visitor";
import {OK, PROBLEM, checkMorePage, checkPage, checkSettings} from "./website_check";

const FORM = "/odoo/action-website_sale_trustedshops.trustedshops_certificate_action";

/**
 * Fetches the website's start page in each language, and further pages that addons name,
 * as a visitor without cookies, in the administrator's own browser, and says what is
 * right and wrong with them.
 */
export class WebsiteCheckDialog extends Component {
    static template = "website_sale_trustedshops.WebsiteCheckDialog";
    static components = {Dialog};
    static props = {certificateId: Number, close: Function};

    setup() {
        this.orm = useService("orm");
        this.title = _t("Website check");
        this.iconByLevel = {
            ok: {class: "fa-check-circle text-success", label: _t("Good")},
            hint: {class: "fa-info-circle text-info", label: _t("Note")},
            problem: {
                class: "fa-exclamation-triangle text-danger",
                label: _t("Problem"),
            },
        };
        this.state = useState({isRunning: true, groups: [], otherUrl: ""});
        this.isGone = false;
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
        const count = this.problemCount;
        return count ? _t("Problems found: %s", count) : _t("No problem was found.");
    }

    get findings() {
        return this.state.groups.flatMap((group) => group.findings);
    }

    get problemCount() {
        return this.findings.filter((each) => each.level === PROBLEM).length;
    }

    get isBadgeSeen() {
        const isSeen = ({cause, level}) => cause === "badge" && level === OK;
        return !this.problemCount && this.findings.some(isSeen);
    }

    async run() {
        Object.assign(this.state, {isRunning: true, groups: [], otherUrl: ""});
        try {
            await this.check();
        } finally {
            this.state.isRunning = false;
        }
        if (this.isGone) {
            return;
        }
        await this.orm.call("trustedshops.certificate", "note_website_check", [
            this.props.certificateId,
            this.isBadgeSeen,
        ]);
    }

    async check() {
        const {website, findings, pages} = await this.orm.call(
            "trustedshops.certificate",
            "get_website_expectations",
            [this.props.certificateId]
        );
        this.state.groups.push({
            title: website.name,
            findings: [...checkSettings(website), ...findings],
        });
        website.url = website.url || window.location.origin;
        if (new URL(website.url).origin !== window.location.origin) {
            this.explainOtherOrigin(website);
            return;
        }
        for (const page of pages) {
            const isThere = await this.look(page, website, checkPage);
            // Where not even the start page comes, nothing new is said by others.
            for (const path of isThere ? page.more : []) {
                await this.look({...page, path}, website, checkMorePage);
            }
        }
    }

    /**
     * Add what is right and wrong with a page.
     *
     * @param {Object} page what the server expects of it
     * @param {Object} website what the server says about the website
     * @param {Function} check gets the page, and returns findings
     * @returns {Promise<boolean>} whether the page could be loaded
     */
    async look(page, website, check) {
        const title = `${page.lang_name}: ${page.path}`;
        const {doc, reason} = await this.visit(page, website);
        const findings = doc ? check(doc, page, website) : [explainFailure(reason)];
        this.state.groups.push({title, findings});
        return Boolean(doc);
    }

    explainOtherOrigin(website) {
        this.state.otherUrl = `${website.url}${FORM}/${this.props.certificateId}`;
        this.state.groups[0].findings.push({
            cause: "origin",
            level: PROBLEM,
            text: _t(
                "The website is at %(website)s, but you are at %(here)s: browsers do" +
                    " not let a page look at another address.",
                {website: website.url, here: window.location.origin}
            ),
            todo: "",
        });
    }

    /**
     * Fetch a page without cookies.
     *
     * @param {Object} page its path and language
     * @param {Object} website its address
     * @returns {Promise<Object>} `doc`, or the `reason` why there is none
     */
    async visit(page, website) {
        try {
            const url = new URL(page.path, website.url);
            const answer = await fetchAsVisitor(url, page.lang);
            if (!answer.ok) {
                return {reason: answer.status};
            }
            // Parsed, never shown: no script of it runs, no picture is loaded.
            const parser = new DOMParser();
            return {doc: parser.parseFromString(await answer.text(), "text/html")};
        } catch (error) {
            if (isUnreachable(error)) {
                return {reason: error.message};
            }
            throw error;
        }
    }
}

function explainFailure(reason) {
    return {
        cause: "page",
        level: PROBLEM,
        text: _t("The page could not be loaded: %s", reason),
        todo: _t(
            "Open it in a private window to see what visitors see, and look at the" +
                " domain of the website."
        ),
    };
}

registry.category("actions").add("trustedshops_website_check", (env, action) => {
    env.services.dialog.add(
        WebsiteCheckDialog,
        {certificateId: action.context.active_id},
        {onClose: () => env.services.action.doAction("soft_reload")}
    );
});
