import {_t} from "@web/core/l10n/translation";

export const OK = "ok";
export const HINT = "hint";
export const PROBLEM = "problem";

const SEAL = ".o_trustedshops_seal";
const BLOCK = ".s_trustedshops_badge:not([data-variant='text'])";
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
 */

function good(cause, text) {
    return {cause, level: OK, text, todo: ""};
}

function note(cause, text, todo = "") {
    return {cause, level: HINT, text, todo};
}

function wrong(cause, text, todo) {
    return {cause, level: PROBLEM, text, todo};
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
    if (doc.documentElement.dataset.websiteId !== String(website.id)) {
        return [
            wrong(
                "website",
                _t("This address does not show the website %s.", website.name),
                _t(
                    "Give the website its own domain under Website > Configuration >" +
                        " Websites, and let that domain lead to this Odoo."
                )
            ),
        ];
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
    ].filter(Boolean);
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
    return page.badge_shown ? finding : explainSwitchedOff("badge");
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
    const part = cause === "seal" ? _t("Seal") : _t("Badge");
    const isThere = typeof source === "string";
    if (!isExpected) {
        if (isThere) {
            const text = _t("%s: shown, although it should not be.", part);
            return wrong(cause, text, adviseOnCopy());
        }
        if (!page.ts_id) {
            return null;
        }
        return page.badge_shown
            ? note(cause, _t("%s: not shown, as it should be.", part))
            : explainSwitchedOff(cause);
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

function explainSwitchedOff(cause) {
    return note(cause, _t("Seal and badge are switched off on the certificate."));
}

function explainBlock(cause) {
    return good(
        cause,
        cause === "seal"
            ? _t("Seal: a block of this page takes its place where it shows.")
            : _t("Badge: a block of this page takes its place where it shows.")
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
        const text = _t("The badge does not wait for the cookies bar of the website.");
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
