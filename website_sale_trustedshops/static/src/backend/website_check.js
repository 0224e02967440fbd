/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {groupBy} from "@web/core/utils/arrays";

export const OK = "ok";
export const HINT = "hint";
export const PROBLEM = "problem";

const SEAL = ".o_trustedshops_seal";
const BLOCK = ".s_trustedshops_badge:not([data-variant='text'])";
// A picture that leads to a certificate: pasted by somebody.
const PASTED_SEAL = "a[href*='/shop/certificate.php'] img";
// Widgets that draw reviews: in one of our blocks, or pasted.
const WIDGETS = "[class*='s_trustedshops_'][data-widget-id], etrusted-widget";
// What a window of a width does not show.
const HIDDEN = [
    ".o_snippet_desktop_invisible, .d-lg-none, .d-none:not([class*='d-lg-'], [class*='d-md-'])",
    ".o_snippet_mobile_invisible, .d-none",
];
const SETTINGS = "head > meta[name='trustedshops']";
// What a theme may lose: without the last one, Odoo takes the page for one that need not
// ask, while the badge goes on waiting for consent.
const COOKIES_BAR = [
    "#website_cookies_bar",
    "#website_cookies_bar #cookies-consent-all",
    "#website_cookies_bar #cookies-consent-essential",
];
const TS_ID = /X[0-9A-Z]{32}/i;
// Where the badge's script comes from, in an address or in code that builds one.
const LOADER_PATH = /\/js\/X[0-9A-Z]{32}\.js/i;
const LOADER_CODE = /\b_tsConfig\s*=|\/js\/X[0-9A-Z]{32}\.js/i;
const JAVASCRIPT = /^$|^module$|javascript|ecmascript/i;

/**
 * @typedef {Object} Finding
 * @property {String} cause a word that stays the same
 * @property {String} level `ok`, `hint` or `problem`
 * @property {String} text what was found
 * @property {String} [todo] what to do about it
 * @property {String} [url] where that is done
 * @property {String} [label] the words of the link that leads there
 */

/** What other addons look for on each page: functions like ``checkPage``. */
export const moreChecks = registry.category("website_sale_trustedshops.website_check");

function good(cause, text) {
    return {cause, level: OK, text, todo: ""};
}

/**
 * Return a finding that need not be wrong.
 *
 * @param {String} cause
 * @param {String} text
 * @param {String} [todo]
 * @param {Object} [link] see `linkToEditor`
 * @returns {Finding}
 */
export function note(cause, text, todo = "", link = {}) {
    return {cause, level: HINT, text, todo, ...link};
}

/**
 * Return a finding that has to be mended.
 *
 * @param {String} cause
 * @param {String} text
 * @param {String} todo
 * @param {Object} [link] see `linkToEditor`
 * @returns {Finding}
 */
export function wrong(cause, text, todo, link = {}) {
    return {cause, level: PROBLEM, text, todo, ...link};
}

/**
 * Tell what is right and wrong with one page of the website.
 *
 * The page was parsed, not shown: nothing of it runs, and texts of it are only texts.
 *
 * @param {Document} doc the page as a visitor without cookies gets it
 * @param {Object} page what the server expects of it
 * @param {Object} website what the server says about the website
 * @returns {Finding[]}
 */
export function checkPage(doc, page, website) {
    if (!isOf(doc, website)) {
        return [explainOtherWebsite(website)];
    }
    return [
        checkLanguage(doc, page),
        page.certificate && {cause: "certificate", todo: "", ...page.certificate},
        ...[checkSeal(doc, page), checkBadge(doc, page)].map((finding) =>
            page.seal && finding?.level === OK && doc.querySelector(BLOCK)
                ? explainBlock(finding.cause)
                : finding
        ),
        checkOtherLoaders(doc, website),
        website.cookies_bar && checkCookiesBar(doc),
        ...checkContent(doc, page, website),
    ].filter(Boolean);
}

/**
 * Tell what is wrong with a page beside the start page, which says the rest.
 *
 * @param {Document} doc the page as a visitor without cookies gets it
 * @param {Object} page its language and path
 * @param {Object} website what the server says about the website
 * @returns {Finding[]}
 */
export function checkMorePage(doc, page, website) {
    if (!isOf(doc, website)) {
        return [explainOtherWebsite(website)];
    }
    const findings = [checkLanguage(doc, page), ...checkContent(doc, page, website)];
    const found = findings.filter(Boolean);
    return found.length
        ? found
        : [good("page", _t("Nothing is wrong with this page."))];
}

function isOf(doc, website) {
    return doc.documentElement.dataset.websiteId === String(website.id);
}

function explainOtherWebsite(website) {
    return wrong(
        "website",
        _t("This address does not show the website %s.", website.name),
        _t(
            "Give the website its own domain under Website > Configuration >" +
                " Settings, and let that domain lead to this Odoo."
        )
    );
}

/**
 * Tell what is wrong with what stands in a page, whichever page it is.
 */
function checkContent(doc, page, website) {
    const checks = [checkSeals, checkWidgets, ...moreChecks.getAll()];
    return checks.map((check) => check(doc, page, website)).filter(Boolean);
}

function checkLanguage(doc, page) {
    const {lang} = doc.documentElement;
    if (lang === page.lang) {
        return null;
    }
    return wrong(
        "language",
        _t("Asked for %(asked)s, the website answered in “%(lang)s”.", {
            asked: page.lang_name,
            lang: shorten(lang),
        }),
        _t("Make sure that the language is switched on for this website.")
    );
}

// === Seal and badge === //

function checkSeal(doc, page) {
    const seal = doc.querySelector(SEAL);
    const source = seal && (seal.querySelector("a")?.getAttribute("href") || "");
    const finding = checkPart("seal", page.seal, source, page);
    if (finding?.level === OK && seal.closest(".d-none")) {
        return note(
            "seal",
            _t("The seal is there, but this page hides its footer."),
            _t("Show the footer again in the page's options of the website editor.")
        );
    }
    return finding;
}

function checkBadge(doc, page) {
    const settings = doc.querySelector(SETTINGS);
    const source = settings && JSON.parse(settings.content).src;
    const finding = checkPart("badge", page.loader, source, page);
    if (finding?.level !== OK) {
        return finding;
    }
    if (source !== page.loader) {
        return wrong(
            "badge",
            _t("The badge is loaded from a wrong address: “%s”.", shorten(source)),
            adviseOnCopy()
        );
    }
    if (!doc.querySelector("#wrapwrap")) {
        return explainGap("badge", "#wrapwrap");
    }
    return page.badge_shown ? finding : explainSwitchedOff("badge", _t("Trustbadge"));
}

/**
 * Compare what a page has of seal or badge with what it should have.
 *
 * @param {String} cause `seal` or `badge`
 * @param {Boolean} isExpected
 * @param {String} [source] the address by which the page has it
 * @param {Object} page what the server expects of it
 * @returns {Finding|null} null where a language has no certificate, as told elsewhere
 */
function checkPart(cause, isExpected, source, page) {
    const part = cause === "seal" ? _t("Seal") : _t("Trustbadge");
    const isThere = typeof source === "string";
    if (!isExpected) {
        if (isThere) {
            const text = _t("%s: shown, although it should not be.", part);
            return wrong(cause, text, adviseOnCopy());
        }
        if (!page.ts_id) {
            return null;
        }
        return explainAbsence(cause, part, page);
    }
    if (!isThere) {
        return wrong(cause, _t("%s: missing.", part), adviseOnTheme());
    }
    const found = TS_ID.exec(source)?.[0].toUpperCase() || "–";
    const words = {part, found, expected: page.ts_id};
    return found === page.ts_id
        ? good(cause, _t("%(part)s: shown, with the right ID %(found)s.", words))
        : wrong(
              cause,
              _t(
                  "%(part)s: shown with the ID %(found)s instead of %(expected)s.",
                  words
              ),
              adviseOnCopy()
          );
}

function explainAbsence(cause, part, page) {
    return cause === "seal" && !page.seal_shown
        ? explainSwitchedOff(cause, part)
        : note(cause, _t("%s: not shown, as it should be.", part));
}

function explainSwitchedOff(cause, part) {
    return note(cause, _t("%s: switched off on the certificate.", part));
}

function explainBlock(cause) {
    return good(
        cause,
        cause === "seal"
            ? _t("Seal: a block of this page takes its place where it shows.")
            : _t("Trustbadge: a block of this page takes its place where it shows.")
    );
}

function explainGap(cause, selector) {
    return wrong(
        cause,
        _t("The page lacks the element %s.", selector),
        adviseOnTheme()
    );
}

function adviseOnTheme() {
    return _t(
        "Look for changes to the website's layout in the theme, or drag the block Trusted" +
            " Shops Badge into the page."
    );
}

function adviseOnCopy() {
    return _t(
        "A cache between Odoo and visitors holds an old page, or a theme has a copy of it."
    );
}

// === What a page has twice === //

function checkSeals(doc, page) {
    const blocks = [...doc.querySelectorAll(BLOCK)];
    const pasted = [...doc.querySelectorAll(PASTED_SEAL)].filter(
        (each) => !each.closest(SEAL)
    );
    // That of the footer steps back for a block.
    const own = blocks.length ? blocks : [...doc.querySelectorAll(SEAL)];
    const count = countShown([...own, ...pasted]);
    if (count < 2) {
        return null;
    }
    return wrong(
        "seals",
        _t("This page shows %s seals.", count),
        _t("Keep one: remove the other blocks, or the pasted code of a seal."),
        linkToEditor(page)
    );
}

function checkWidgets(doc, page) {
    const widgets = [...doc.querySelectorAll(WIDGETS)];
    const byId = groupBy(widgets, getWidgetId);
    const twice = Object.keys(byId).find((id) => countShown(byId[id]) > 1);
    if (twice) {
        return wrong(
            "widgets",
            _t("This page shows the widget “%s” more than once.", shorten(twice)),
            _t("Keep one of them."),
            linkToEditor(page)
        );
    }
    const count = countShown(widgets);
    if (count < 2) {
        return null;
    }
    return note(
        "widgets",
        _t("This page shows %s widgets with reviews.", count),
        _t("Keep one if they show the same reviews."),
        linkToEditor(page)
    );
}

function getWidgetId({dataset}) {
    return [dataset.widgetId || dataset.etrustedWidgetId, dataset.sku]
        .filter(Boolean)
        .join(" · ");
}

/**
 * Return how many of these a visitor sees at once, on the window that shows most.
 */
function countShown(elements) {
    return Math.max(
        ...HIDDEN.map(
            (hidden) => elements.filter((each) => !each.closest(hidden)).length
        )
    );
}

/**
 * Return a link to where a page is changed, to be added to a finding.
 *
 * @param {Object} page its path
 * @returns {Object} `url` and `label`
 */
export function linkToEditor({path}) {
    const query = new URLSearchParams({path, enable_editor: 1});
    return {
        url: `/odoo/action-website.website_preview?${query}`,
        label: _t("Edit the page"),
    };
}

// === Other loaders === //

function checkOtherLoaders(doc, website) {
    const found = [...doc.querySelectorAll("script")]
        .filter((script) => !script.closest("noscript"))
        .map((script) => describeLoader(script, website))
        .find(Boolean);
    if (!found) {
        return good("other_loader", _t("Nothing else on the page loads the badge."));
    }
    return wrong(
        "other_loader",
        _t("Something else on the page loads a badge, too: “%s”.", found),
        _t(
            "Ours steps back then, and its options have no effect. Remove that code from" +
                " the theme, the page, or the website's custom code."
        )
    );
}

/**
 * Return the address or the code by which a script of the page loads a badge.
 */
function describeLoader(script, website) {
    const source = script.dataset.nocookieSrc || script.getAttribute("src");
    if (source) {
        return isLoader(source, website) ? shorten(source) : "";
    }
    const code = JAVASCRIPT.test(script.type) ? script.textContent : "";
    const found = LOADER_CODE.exec(code);
    return found ? shorten(code.slice(found.index)) : "";
}

function isLoader(source, website) {
    const url = URL.canParse(source, website.url) && new URL(source, website.url);
    return (
        url &&
        LOADER_PATH.test(url.pathname) &&
        (website.loader_hosts.includes(url.hostname) ||
            website.loader_hosts.includes(url.host))
    );
}

// === Cookies === //

function checkCookiesBar(doc) {
    const lost = COOKIES_BAR.find((selector) => !doc.querySelector(selector));
    return lost && explainGap("cookies_bar", lost);
}

/**
 * Tell what the settings mean for all pages.
 *
 * @param {Object} website what the server says about the website
 * @returns {Finding[]}
 */
export function checkSettings(website) {
    return [
        {todo: "", ...website.address},
        checkConsent(website),
        checkDomainList(website),
    ];
}

function checkConsent({cookies_bar, consent_text, is_always_loaded}) {
    if (cookies_bar && is_always_loaded) {
        const text = _t(
            "The badge comes whatever a visitor answers in the cookies bar."
        );
        return note("consent", consent_text, text);
    }
    if (!cookies_bar && !is_always_loaded) {
        const text = _t("The website has no cookies bar, so the badge does not wait.");
        return note("consent", consent_text, text);
    }
    return good("consent", consent_text);
}

function checkDomainList({stops_badge}) {
    if (!stops_badge) {
        const text = _t(
            "The website's list of blocked domains does not stop the badge."
        );
        return good("domains", text);
    }
    return wrong(
        "domains",
        _t(
            "The website's list of blocked domains stops the badge where it should load."
        ),
        _t("Take the ending that many domains share, such as “com”, off the list.")
    );
}

// === Small helpers === //

function shorten(text) {
    const blank = text.replace(/\s+/g, " ").trim();
    return blank.length > 80 ? `${blank.slice(0, 79)}…` : blank;
}
