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
// Attributes that no browser runs.
const OPTION = /^data-[a-z-]+$/;
// Id of Odoo's cookies bar, and name of the cookie with the visitor's answer.
const BAR = "website_cookies_bar";
// Pages on which a narrow window has no room for the badge beside totals and buttons.
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
        // Kept at the settings, where a second interaction finds it: the content of a
        // page may contain another element with the id of the outermost one.
        this.status = getSettingsElement()?.dataset;
    }

    start() {
        if (this.settings.isCertified && hasPlacedSeal()) {
            // Show one seal per page: hide ours if an editor placed one.
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
            return false; // Without a badge, only a card needs the script.
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
     * Show or remove the badge after the visitor's answer, or when the cookies bar
     * appears or disappears.
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
            // Set even without consent, because merchants look at the page without it.
            this.status.state = "other-loader";
        } else if (isLoader(this.settings.src) && this.isAllowed()) {
            this.insertScript();
        }
    }

    /**
     * Remove the badge if it is no longer allowed, and show it if it is allowed again.
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
        // Capture the events, because those of scripts do not bubble.
        this.addListener(document, "load", this.onScriptLoad, {capture: true});
        this.addListener(document, "error", this.onScriptError, {capture: true});
        // Do not set the property: Odoo's cookie watcher intercepts it, but knows only
        // one of the merchant's three modes. This class has already decided.
        this.script.setAttribute("src", src);
        getSettingsElement().after(this.script);
        this.status.state = "loading";
    }

    onScriptLoad() {
        if (!this.canDraw && window.trustbadge) {
            this.canDraw = true;
            // The first script gets this event after us, then lets the second one draw.
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
 * Return whether the theme, custom code or another module loads the badge.
 */
function hasOtherLoader() {
    return [...document.querySelectorAll(LOADERS)].some((script) =>
        isLoader(script.dataset.nocookieSrc || script.src)
    );
}

function isLoader(source) {
    const base = document.baseURI; // most of their addresses have no scheme
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
