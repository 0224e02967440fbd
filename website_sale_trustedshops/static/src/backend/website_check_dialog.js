import {_t} from "@web/core/l10n/translation";
import {Dialog} from "@web/core/dialog/dialog";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Component, onWillStart, useState} from "@odoo/owl";
import {OK, PROBLEM, checkPage, checkSettings} from "./website_check";

const FORM = "/odoo/action-website_sale_trustedshops.trustedshops_certificate_action";
// Milliseconds after which a page that does not come is unreachable.
const PATIENCE = 30_000;

/**
 * Fetches the website's start page in each language as a visitor without cookies, in
 * the administrator's own browser, and says what is right and wrong with it.
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
        onWillStart(() => {
            this.run();
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
        await this.orm.call("trustedshops.certificate", "note_website_check", [
            this.props.certificateId,
            this.isBadgeSeen,
        ]);
    }

    async check() {
        const {website, pages} = await this.orm.call(
            "trustedshops.certificate",
            "get_website_expectations",
            [this.props.certificateId]
        );
        this.state.groups.push({
            title: website.name,
            findings: checkSettings(website),
        });
        website.url = website.url || window.location.origin;
        if (new URL(website.url).origin !== window.location.origin) {
            this.explainOtherOrigin(website);
            return;
        }
        for (const page of pages) {
            this.state.groups.push({
                title: `${page.lang_name}: ${page.path}`,
                findings: await this.visit(page, website),
            });
        }
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
     * Fetch a page without cookies and tell what is right and wrong with it.
     */
    async visit(page, website) {
        try {
            const answer = await fetch(new URL(page.path, website.url), {
                credentials: "omit",
                cache: "no-store",
                headers: {"Accept-Language": page.lang},
                signal: AbortSignal.timeout(PATIENCE),
            });
            if (!answer.ok) {
                return [explainFailure(answer.status)];
            }
            // Parsed, never shown: no script of it runs, no picture is loaded.
            const parser = new DOMParser();
            const doc = parser.parseFromString(await answer.text(), "text/html");
            return checkPage(doc, page, website);
        } catch (error) {
            if (error instanceof TypeError || error instanceof DOMException) {
                return [explainFailure(error.message)];
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
