import {_t} from "@web/core/l10n/translation";

export const OK = "ok";
export const HINT = "hint";
export const PROBLEM = "problem";

const SEAL = ".o_trustedshops_seal";
const SETTINGS = "head > meta[name='trustedshops']";
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
    const shownId = doc.documentElement.dataset.websiteId;
    if (shownId !== String(website.id)) {
        return [
            wrong(
                "website",
                shownId
                    ? _t("This address shows another website than %s.", website.name)
                    : _t("This address shows no website of Odoo."),
                _t(
                    "Give every website its own domain under Website > Configuration >" +
                        " Websites, and let that domain lead to this Odoo."
                )
            ),
        ];
    }
    return [
        checkLanguage(doc, page),
        checkCertificate(page),
        checkSeal(doc, page),
        checkBadge(doc, page),
        checkOtherLoaders(doc, website),
        checkCookiesBar(doc, website),
    ].filter(Boolean);
}

function checkLanguage(doc, page) {
    const lang = doc.documentElement.lang;
    if (lang === page.lang) {
        return null;
    }
    return wrong(
        "language",
        _t("Asked for %(asked)s, the website answered in “%(lang)s”.", {
            asked: page.lang_name,
            lang: shorten(lang),
        }),
        _t("See whether the language is switched on for this website.")
    );
}

function checkCertificate({certificate}) {
    return certificate && {cause: "certificate", todo: "", ...certificate};
}

// === The seal === //

function checkSeal(doc, page) {
    const seals = doc.querySelectorAll(SEAL);
    if (!page.seal) {
        return seals.length ? explainStale("seal", page) : explainNoSeal(page);
    }
    if (!seals.length) {
        return explainMissingSeal(doc);
    }
    const link = seals[0].querySelector("a[href]");
    const tsId = findId(link?.getAttribute("href"));
    if (tsId !== page.ts_id) {
        return explainOtherId("seal", tsId, page);
    }
    if (seals[0].closest(".d-none")) {
        return note(
            "seal",
            _t("The seal is there, but this page hides its footer."),
            _t("Show the footer again in the page's options of the website editor.")
        );
    }
    return good("seal", _t("The seal is in the footer, with the right ID."));
}

function explainNoSeal(page) {
    if (!page.ts_id) {
        return null;
    }
    return note(
        "seal",
        _t("There is no seal, and none is expected now."),
        page.badge_shown
            ? _t("The form of the certificate %s says why.", page.ts_id)
            : _t("Seal and badge are switched off on the certificate.")
    );
}

function explainMissingSeal(doc) {
    if (!doc.querySelector("footer#bottom")) {
        return wrong(
            "seal",
            _t("There is no seal, because the theme has no footer of Odoo."),
            _t(
                "Drag the block Trusted Shops Badge into the page, or ask who made the theme" +
                    " for a footer with the id “bottom”."
            )
        );
    }
    return wrong(
        "seal",
        _t("The footer has no seal: a theme or a changed template leaves it out."),
        _t(
            "Look for changes of the view “Trusted Shops Seal” and of the website's" +
                " layout, or drag the block Trusted Shops Badge into the footer."
        )
    );
}

// === The badge === //

function checkBadge(doc, page) {
    const settings = doc.querySelector(SETTINGS);
    const source = settings && JSON.parse(settings.content).src;
    if (!page.loader) {
        return source ? explainStale("badge", page) : explainNoBadge(page);
    }
    if (!source) {
        return wrong(
            "badge",
            _t("The page has no badge: a theme or a changed template leaves it out."),
            _t(
                "Look for changes of the view “Trusted Shops Badge” and of the" +
                    " website's layout."
            )
        );
    }
    const tsId = findId(source);
    if (tsId !== page.ts_id) {
        return explainOtherId("badge", tsId, page);
    }
    if (source !== page.loader) {
        return wrong(
            "badge",
            _t("The badge comes from “%s”, which is not its address.", shorten(source)),
            _t(
                "Reload the page in a minute; if it stays, look at the theme's templates."
            )
        );
    }
    if (!doc.querySelector("#wrapwrap")) {
        return wrong(
            "badge",
            _t("The page has no element “wrapwrap”, so nothing loads the badge."),
            _t("Look for changes of the website's layout in the theme.")
        );
    }
    if (!page.badge_shown) {
        return note(
            "badge",
            _t("The badge is switched off; buyers still get the Trustcard."),
            _t("Switch on Show Seal and Badge on the certificate to show it.")
        );
    }
    return good(
        "badge",
        _t("The badge is there once, with the right ID %s.", page.ts_id)
    );
}

function explainNoBadge(page) {
    if (!page.ts_id) {
        return null;
    }
    return note(
        "badge",
        _t("There is no badge, and none is expected now."),
        _t("The form of the certificate %s says why.", page.ts_id)
    );
}

// === Both === //

function explainStale(cause, page) {
    return wrong(
        cause,
        cause === "seal"
            ? _t("There is a seal, although none is expected now.")
            : _t("There is a badge, although none is expected now."),
        page.ts_id
            ? _t(
                  "Something between Odoo and visitors keeps an old page, or a theme has" +
                      " a copy of it."
              )
            : _t("Look for a copy of it in the theme's templates.")
    );
}

function explainOtherId(cause, tsId, page) {
    const words = {found: tsId || _t("no ID"), expected: page.ts_id};
    return wrong(
        cause,
        cause === "seal"
            ? _t("The seal has %(found)s, but this language has %(expected)s.", words)
            : _t("The badge has %(found)s, but this language has %(expected)s.", words),
        _t(
            "Something between Odoo and visitors keeps an old page, or a theme has a" +
                " copy of it."
        )
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
            "Ours steps back then, and its options do nothing. Remove that code: it is" +
                " in the theme, in the page, or in the settings under Custom Code."
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

function checkCookiesBar(doc, website) {
    if (!website.cookies_bar) {
        return null;
    }
    const bar = doc.querySelector("#website_cookies_bar");
    if (!bar?.querySelector("#cookies-consent-all")) {
        return wrong(
            "cookies_bar_missing",
            bar
                ? _t("The cookies bar lacks the button to accept all cookies.")
                : _t("The website has a cookies bar, but this page lacks it."),
            _t(
                "Without it nobody can accept cookies. Look for changes of the website's" +
                    " layout in the theme."
            )
        );
    }
    if (!bar.querySelector("#cookies-consent-essential")) {
        return wrong(
            "cookies_bar_missing",
            _t("The cookies bar lacks the button to accept only essential cookies."),
            _t(
                "Odoo takes such a page for one that need not ask, and sets optional" +
                    " cookies; the badge waits for consent nevertheless. Look for changes" +
                    " of the website's layout in the theme."
            )
        );
    }
    return null;
}

/**
 * Tell what the settings mean for all pages.
 *
 * @param {Object} website what the server says about the website
 * @returns {Finding[]}
 */
export function checkSettings(website) {
    return [checkAddress(website), checkConsent(website), checkDomainList(website)];
}

function checkAddress(website) {
    return {cause: "address", todo: "", ...website.address};
}

function checkConsent({consent, cookies_bar}) {
    if (consent === "always") {
        const text = _t("The badge is loaded at once, without asking visitors.");
        return cookies_bar
            ? note(
                  "consent",
                  text,
                  _t(
                      "The website has a cookies bar. If the badge shall wait for it," +
                          " choose so on the tab Badge."
                  )
              )
            : good("consent", text);
    }
    if (!cookies_bar) {
        return note(
            "consent",
            _t("The website has no cookies bar, so the badge is loaded at once."),
            _t(
                "Switch on the cookies bar in the settings of the website if visitors" +
                    " shall be asked."
            )
        );
    }
    return good(
        "consent",
        consent === "consent"
            ? _t("The badge is loaded after visitors accept optional cookies.")
            : _t(
                  "The badge is loaded after visitors accept optional cookies, and" +
                      " always after an order."
              )
    );
}

function checkDomainList(website) {
    const {consent, cookies_bar, blocks_domains, is_blocked, is_always_blocked} =
        website;
    if (!cookies_bar || !blocks_domains) {
        return good("domains", _t("The website blocks no domains of third parties."));
    }
    if (!is_blocked) {
        return good(
            "domains",
            _t(
                "The list of blocked domains does not name Trusted Shops. It need not:" +
                    " the badge waits for consent by itself."
            )
        );
    }
    const text = _t("The list of blocked domains names Trusted Shops.");
    if (consent === "consent") {
        return good("domains", text);
    }
    if (is_always_blocked) {
        return wrong(
            "domains",
            _t(
                "The list of blocked domains stops the badge where it shall always load."
            ),
            _t("Take the ending that is common to many domains off the list.")
        );
    }
    return consent === "always"
        ? note(
              "domains",
              text,
              _t(
                  "That name is left out in all pages, as the certificate says that" +
                      " the badge is always loaded. Choose on the tab Badge that it" +
                      " waits, or take the domain off the list."
              )
          )
        : good(
              "domains",
              _t(
                  "The list of blocked domains names Trusted Shops; after an order that" +
                      " name is left out, as the certificate says."
              )
          );
}

// === Small helpers === //

/**
 * Return the Trusted Shops ID in an address, "" without one.
 */
function findId(address) {
    return TS_ID.exec(address || "")?.[0].toUpperCase() || "";
}

function shorten(text) {
    const blank = text.replace(/\s+/g, " ").trim();
    return blank.length > 80 ? `${blank.slice(0, 79)}…` : blank;
}
