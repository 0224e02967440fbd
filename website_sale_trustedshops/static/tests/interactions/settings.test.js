/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {addSettings, storeAnswer} from "../helpers";
import {describe, expect, getFixture, test} from "@odoo/hoot";
import {
    getSettings,
    getSettingsElement,
    hasPlacedSeal,
    isTrusted,
} from "@website_sale_trustedshops/interactions/settings";
import {areOptionalCookiesAccepted} from "@website_sale_trustedshops/interactions/cookie_answer";
import {cookie} from "@web/core/browser/cookie";

const FOREIGN = '{"src": "https://foreign.example/"}';
// What Odoo's sanitizer leaves in the description of a product. The form takes the place
// of the page's head in scripts.
const FORGED = `
    <meta name="trustedshops" content='${FOREIGN}'/>
    <div id="head"><meta name="trustedshops" content='${FOREIGN}'/></div>
    <form name="head"><meta name="trustedshops" content='${FOREIGN}'/></form>
    <p name="trustedshops" content='${FOREIGN}'></p>`;

describe("what the server says to our scripts", () => {
    test("it is read from the head of the page", () => {
        const element = addSettings({offer: "key"});
        expect(getSettingsElement()).toBe(element);
        expect(getSettings()).toEqual({offer: "key"});
    });

    test("a page may have none", () => {
        expect(getSettingsElement()).toBe(null);
        expect(getSettings()).toEqual({});
    });

    test("content of the page cannot say it", () => {
        getFixture().innerHTML = FORGED;
        expect(document.head.localName).toBe("form");
        expect(getSettingsElement()).toBe(null);
        expect(getSettings()).toEqual({});
        getFixture().replaceChildren();
    });

    test("content of the page cannot say something else", () => {
        const element = addSettings({offer: "key"});
        getFixture().innerHTML = FORGED;
        expect(getSettingsElement()).toBe(element);
        expect(getSettings()).toEqual({offer: "key"});
        getFixture().replaceChildren();
    });
});

describe("whom our scripts trust", () => {
    for (const [url, expected] of [
        ["https://widgets.trustedshops.com/js/a.js", true],
        ["http://widgets.trustedshops.com/js/a.js", true],
        ["https://widgets-qa.trustedshops.com/js/a.js", true],
        ["https://integrations.etrusted.com/a", true],
        ["https://integrations.etrusted.site/a", true],
        ["http://localhost:8080/js/a.js", true],
        ["http://127.0.0.1/js/a.js", true],
        ["http://[::1]:80/js/a.js", true],
        ["https://widgets.trustedshops.com:8080/js/a.js", false],
        ["https://widgets-x.trustedshops.com/js/a.js", false],
        ["https://trustedshops.com/js/a.js", false],
        ["https://a.widgets.trustedshops.com/js/a.js", false],
        ["https://widgets.trustedshops.com.foreign.example/js/a.js", false],
        ["https://widgetsxtrustedshops.com/js/a.js", false],
        ["https://integrationsxetrusted.com/a", false],
        ["https://integrations.etrusted.org/a", false],
        ["https://foreign.example/widgets.trustedshops.com", false],
        ["https://localhost.foreign.example/js/a.js", false],
        ["ftp://widgets.trustedshops.com/js/a.js", false],
        ["javascript://localhost/js/a.js", false],
        ["blob:https://widgets.trustedshops.com/a", false],
        ["xhttps://localhost/js/a.js", false],
        ["httpsx://localhost/js/a.js", false],
    ]) {
        test(`${url}: ${expected}`, () => {
            expect(isTrusted(new URL(url))).toBe(expected);
        });
    }
});

describe("whether a seal was placed", () => {
    for (const [name, html, expected] of [
        ["no block", "<p>x</p>", false],
        ["a block", `<p class="s_trustedshops_badge">x</p>`, true],
        ["stars", `<p class="s_trustedshops_badge" data-variant="stars">x</p>`, true],
        ["a text", `<p class="s_trustedshops_badge" data-variant="text">x</p>`, false],
        ["a hidden block", `<p class="s_trustedshops_badge d-none">x</p>`, false],
        [
            "a block in a hidden part",
            `<p class="d-none"><b class="s_trustedshops_badge">x</b></p>`,
            false,
        ],
        [
            "a hidden one and another",
            `<p class="s_trustedshops_badge d-none">x</p>
            <p class="s_trustedshops_badge">x</p>`,
            true,
        ],
    ]) {
        test(`${name}: ${expected}`, () => {
            getFixture().innerHTML = html;
            expect(hasPlacedSeal()).toBe(expected);
        });
    }
});

describe("whether optional cookies are accepted", () => {
    for (const [answer, expected] of [
        ["", false],
        ["{}", false],
        ['{"required": true, "optional": false}', false],
        ['{"required": true}', false],
        ['{"optional": "true"}', false],
        ['{"optional": 1}', false],
        ['{"optional": true}', true],
        ["true", false],
        ["{broken", false],
    ]) {
        test(`cookie "${answer}": ${expected}`, () => {
            cookie.set("website_cookies_bar", answer);
            expect(areOptionalCookiesAccepted()).toBe(expected);
        });
    }

    test("no cookie is no consent", () => {
        expect(areOptionalCookiesAccepted()).toBe(false);
    });

    test("each answer is heard", () => {
        storeAnswer(true);
        expect(areOptionalCookiesAccepted()).toBe(true);
        storeAnswer(false);
        expect(areOptionalCookiesAccepted()).toBe(false);
    });
});
