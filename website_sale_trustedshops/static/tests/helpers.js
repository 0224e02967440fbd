/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {after, beforeEach, delay, mockFetch} from "@odoo/hoot";
import {clearRegistry, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {cookie} from "@web/core/browser/cookie";
import {getSnippetData} from "@website_sale_trustedshops/snippets/snippet_data";
import {registry} from "@web/core/registry";

export const TS_ID = `X${"A1B2".repeat(8)}`;
export const OTHER_ID = `X${"9".repeat(32)}`;
export const LOADER = `https://widgets.trustedshops.com/js/${TS_ID}.js`;

const SETTINGS = {
    src: LOADER,
    consent: "consent_or_confirmation",
    options: {"data-desktop-position": "left"},
    isCertified: true,
    cookiesBar: true,
    isOrdered: false,
};

// What our scripts need of the services, of which most belong to the backend and take time.
const SERVICES = ["localization", "public.interactions"];

beforeEach(() => {
    const services = registry.category("services");
    const kept = SERVICES.map((name) => [name, services.get(name)]);
    clearRegistry(services);
    for (const [name, service] of kept) {
        services.add(name, service);
    }
});

/**
 * Say in the head of the page what the server says to our scripts. The scripts that ours
 * put there are not run, as a test has no network.
 *
 * @param {Object} settings all of them
 * @returns {HTMLMetaElement}
 */
export function addSettings(settings) {
    const element = document.createElement("meta");
    element.name = "trustedshops";
    element.content = JSON.stringify(settings);
    element.after = (script) => {
        script.type = "text/plain";
        Element.prototype.after.call(element, script);
    };
    document.head.append(element);
    after(() => element.remove());
    return element;
}

/**
 * Say in the head of the page that there is a badge.
 *
 * @param {Object} [changes] of the settings of a website with a cookies bar
 * @returns {HTMLMetaElement}
 */
export function addBadge(changes = {}) {
    return addSettings({...SETTINGS, ...changes});
}

/**
 * Put an element into the head of the page until the end of the test.
 *
 * @param {string} html of one element
 * @returns {HTMLElement}
 */
export function addToHead(html) {
    const element = document.createRange().createContextualFragment(html).firstChild;
    document.head.append(element);
    after(() => element.remove());
    return element;
}

/**
 * Store an answer to the cookies bar as Odoo does.
 *
 * @param {boolean} optional whether optional cookies are accepted
 */
export function storeAnswer(optional) {
    const answer = `{"required": true, "optional": ${optional}, "ts": 1}`;
    cookie.set("website_cookies_bar", answer);
}

/**
 * Tell the page of the visitor's choice as the cookies bar does.
 *
 * @param {boolean} isAccepted
 */
export async function announce(isAccepted) {
    const name = isAccepted ? "Accepted" : "Denied";
    document.dispatchEvent(new Event(`optionalCookies${name}`));
    await delay();
}

/**
 * Let the script of Trusted Shops be there that draws, until the end of the test.
 *
 * @returns {string[]} what it is told to do, as it is told
 */
export function addDrawing() {
    const told = [];
    window.trustbadge = {
        remove: () => told.push("remove"),
        reInitialize: () => told.push("reInitialize"),
    };
    after(() => delete window.trustbadge);
    return told;
}

/**
 * Let the shop answer the blocks of the page. Their code asks once; all tests of a file
 * share what it got.
 *
 * @param {Object} data
 */
export async function answerBlocks(data) {
    mockFetch(() => ({}));
    const kept = await getSnippetData();
    for (const name of Object.keys(kept)) {
        delete kept[name];
    }
    Object.assign(kept, data);
}

/**
 * Keep scripts that are put into the head of the page from being run.
 *
 * @returns {HTMLScriptElement[]} which they are
 */
export function holdScripts() {
    const held = [];
    patchWithCleanup(document.head, {
        append(...scripts) {
            for (const script of scripts) {
                script.type = "text/plain";
                held.push(script);
            }
            super.append(...scripts);
        },
    });
    after(() => held.forEach((script) => script.remove()));
    return held;
}

/** Let the page be shown by the website's editor. */
export function showInEditor() {
    const container = document.createElement("div");
    container.className = "o_iframe_container";
    const frame = document.createElement("iframe");
    container.append(frame);
    patchWithCleanup(window, {
        get frameElement() {
            return frame;
        },
    });
}

// What core has in the form of each payment option.
const CORE_ROW = `<div><p name="o_payment_secured_by">Secured by</p></div>`;

/**
 * Return a payment option as core makes it.
 *
 * @param {string} code of the provider
 * @param {string} [state] `checked` when it is chosen
 * @param {string} [content] what the provider has in the form
 * @returns {string} HTML
 */
export function makeOption(code, state = "", content = "") {
    return `<div name="o_payment_option">
        <input type="radio" name="o_payment_radio" id="option_${code}" ${state}
            data-provider-code="${code}" data-payment-option-type="payment_method"/>
        <div name="o_payment_inline_form" class="d-none">${content}${CORE_ROW}</div>
    </div>`;
}

/**
 * Return what a box says while it is saved, as the server renders it.
 *
 * @param {Object} words by their names
 * @returns {string} HTML
 */
export function makeWords({saving, failed, offline}) {
    return `<span name="trustedshops_words" data-saving="${saving}"
        data-failed="${failed}" data-offline="${offline}"
        data-lost='Not removed. <a href="/shop/payment">Reload the page</a>'
        data-no-answer="No answer" data-look-at-orders="Look at your orders"></span>`;
}
