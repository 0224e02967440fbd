/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {cookie} from "@web/core/browser/cookie";
import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";
import {areOptionalCookiesAccepted} from "@website_sale_trustedshops/interactions/cookie_answer";
import {
    getSettings,
    getSettingsElement,
    hasPlacedSeal,
    isTrusted,
} from "@website_sale_trustedshops/interactions/settings";

// Scripts that load badge and Trustcard; the second kind still waits for consent.
const LOADERS = "script[src], script[data-nocookie-src]";
const LOADER_PATH = /\/js\/X[0-9A-Z]{32}\.js$/i;
// Nothing that a browser would run.
const OPTION = /^data-[a-z-]+$/;
// Odoo's cookies bar, and the cookie that holds the answer.
const BAR = "website_cookies_bar";
// Where a narrow window has no room for the badge beside totals, consent and buttons.
const CROWDED = ".o_website_sale_checkout, .o_portal_wrap";
const NARROW = "(max-width: 991.98px)";
// Milliseconds that a busy page may make the badge wait.
const IDLE_TIMEOUT = 3000;

/**
 * Loads the script of Trusted Shops once the page can be used and the visitor's consent
 * allows it. The decision is made here because pages are cached for all visitors.
 *
 * That script only loads a second one, which draws. `data-state` tells the progress:
 * `waiting` for consent, `loading`, `loaded` once the second one is there, `failed` when
 * either could not be loaded, `other-loader` when ours steps back.
 */
export class TrustedBadge extends Interaction {
    static selector = "#wrapwrap";
    dynamicContent = {
        _document: {
            "t-on-optionalCookiesAccepted": () => this.onAnswer(true),
            "t-on-optionalCookiesDenied": () => this.onAnswer(false),
            "t-on-shown.bs.modal": this.follow,
            "t-on-hidden.bs.modal": this.follow,
        },
    };

    setup() {
        // The visitor's answer on this page; the cookie is written later.
        this.answer = null;
        this.isUsable = false;
        // Whether the script that draws is loaded, and whether its badge was removed.
        this.canDraw = false;
        this.isRemoved = false;
        this.settings = getSettings();
        if (matchMedia(NARROW).matches && document.querySelector(CROWDED)) {
            // The card of an order is drawn all the same.
            Object.assign(this.settings.options ?? {}, {
                "data-disable-trustbadge": "true",
            });
        }
        // Kept beside the settings for a second interaction, too: content of the page may
        // have the id of its outermost element.
        this.status = getSettingsElement()?.dataset;
    }

    start() {
        if (this.settings.isCertified && hasPlacedSeal()) {
            // One seal per page: ours steps back for one that an editor placed.
            this.settings.options["data-disable-trustbadge"] = "true";
        }
        if (this.settings.src && !this.status.state && !isInEditor()) {
            this.begin();
        }
    }

    async begin() {
        this.status.state = "waiting";
        if (!this.settings.isOrdered) {
            await this.waitFor(untilIdle());
        }
        this.isUsable = true;
        this.loadIfAllowed();
    }

    isAllowed() {
        const {card, consent, cookiesBar, isOrdered, options} = this.settings;
        if (!card && (options["data-disable-trustbadge"] === "true" || isBarInUse())) {
            return false; // Without a badge, the card is all there is to load it for.
        }
        return (
            consent === "always" ||
            (consent === "consent_or_confirmation" && isOrdered) ||
            !cookiesBar ||
            (this.answer ?? areOptionalCookiesAccepted())
        );
    }

    onAnswer(isAccepted) {
        this.answer = isAccepted;
        this.follow();
    }

    /**
     * Show the badge, or remove it, after an answer or when the bar came or went.
     */
    follow() {
        if (this.script) {
            this.followAnswer();
        } else if (this.isUsable) {
            this.loadIfAllowed();
        }
    }

    loadIfAllowed() {
        if (hasOtherLoader()) {
            // Said without consent, too: merchants look at the page without it.
            this.status.state = "other-loader";
        } else if (isLoader(this.settings.src) && this.isAllowed()) {
            this.insertScript();
        }
    }

    /**
     * Remove the badge that may not be shown any more, and show it again later.
     */
    followAnswer() {
        if (this.status.state === "failed") {
            return;
        }
        const isAllowed = this.isAllowed();
        if (this.canDraw && isAllowed === this.isRemoved) {
            const change = isAllowed ? "reInitialize" : "remove";
            window.trustbadge[change]?.();
            this.isRemoved = !isAllowed;
        }
        const shown = this.canDraw ? "loaded" : "loading";
        this.status.state = isAllowed ? shown : "waiting";
    }

    insertScript() {
        this.script = document.createElement("script");
        this.script.async = true;
        this.script.charset = "UTF-8";
        this.script.dataset.trustedshopsLoader = "odoo";
        const {options, src} = this.settings;
        if (isBarInUse()) {
            options["data-disable-trustbadge"] = "true"; // the card comes all the same
        }
        for (const name of Object.keys(options).filter((each) => OPTION.test(each))) {
            this.script.setAttribute(name, options[name]);
        }
        // Captured, because the events of scripts do not bubble.
        this.addListener(document, "load", this.onScriptLoad, {capture: true});
        this.addListener(document, "error", this.onScriptError, {capture: true});
        // Not the property: Odoo's cookie watcher intercepts it, but knows only one of the
        // merchant's three modes; the decision was made above.
        this.script.setAttribute("src", src);
        getSettingsElement().after(this.script);
        this.status.state = "loading";
    }

    onScriptLoad() {
        if (!this.canDraw && window.trustbadge) {
            this.canDraw = true;
            // The first script is told later than we are, and then lets the second draw.
            this.waitForTimeout(() => {
                this.followAnswer(); // the visitor may have refused meanwhile
            }, 0);
        }
    }

    onScriptError({target}) {
        const isTheirs =
            target === this.script ||
            (target.localName === "script" &&
                URL.canParse(target.src) &&
                new URL(target.src).host === new URL(this.script.src).host);
        if (isTheirs && !this.canDraw) {
            this.status.state = "failed";
            this.script.remove();
        }
    }
}

/**
 * Return whether the badge would cover the cookies bar, which waits for an answer, or the
 * button that opens it again.
 */
function isBarInUse() {
    const shown = document.querySelector(`#${BAR} .modal.show, .o_cookies_bar_toggle`);
    return shown || (document.getElementById(BAR) && !cookie.get(BAR));
}

/**
 * Return whether the website's editor shows the page, as a preview or to be edited.
 */
export function isInEditor() {
    return Boolean(window.frameElement?.closest(".o_iframe_container"));
}

/**
 * Return whether theme, custom code or another module loads the badge.
 */
function hasOtherLoader() {
    return [...document.querySelectorAll(LOADERS)].some((script) =>
        isLoader(script.dataset.nocookieSrc || script.src)
    );
}

function isLoader(source) {
    const base = document.baseURI; // most addresses of theirs have no scheme
    const url = URL.canParse(source, base) && new URL(source, base);
    return url && LOADER_PATH.test(url.pathname) && isTrusted(url);
}

async function untilIdle() {
    if (document.readyState !== "complete") {
        await new Promise((resolve) =>
            window.addEventListener("load", resolve, {once: true})
        );
    }
    await new Promise((resolve) =>
        window.requestIdleCallback
            ? window.requestIdleCallback(resolve, {timeout: IDLE_TIMEOUT})
            : setTimeout(resolve, 200)
    );
}

registry
    .category("public.interactions")
    .add("website_sale_trustedshops.trusted_badge", TrustedBadge);
