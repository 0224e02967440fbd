/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {
    LOADER,
    TS_ID,
    addBadge,
    addDrawing,
    addToHead,
    announce,
    showInEditor,
    storeAnswer,
} from "../helpers";
import {beforeEach, delay, describe, expect, resize, test} from "@odoo/hoot";
import {
    setupInteractionWhiteList,
    startInteractions,
} from "@web/../tests/public/helpers";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";
import {cookie} from "@web/core/browser/cookie";

const OWN = "script[data-trustedshops-loader]";
const HIDDEN = "data-disable-trustbadge";
const BAR = `<div id="website_cookies_bar"><div class="modal"></div></div>`;
const OPEN_BAR = `<div id="website_cookies_bar"><div class="modal show"></div></div>`;
const CARD = {orderId: 1, tsId: TS_ID};

setupInteractionWhiteList("website_sale_trustedshops.trusted_badge");

beforeEach(() => {
    patchWithCleanup(window, {requestIdleCallback: (call) => call()});
});

/** Start the interaction; return the element with the settings. */
async function start(changes, html = "") {
    const element = addBadge(changes);
    await startInteractions(html);
    await delay();
    return element;
}

function getOwn() {
    return document.querySelector(OWN);
}

function countOwn() {
    return document.querySelectorAll(OWN).length;
}

/** Let a script be loaded that may bring the one that draws. */
async function load(script = getOwn()) {
    script.dispatchEvent(new Event("load"));
    await delay(10);
}

async function fail(script) {
    script.dispatchEvent(new Event("error"));
    await delay();
}

async function show(event) {
    document.dispatchEvent(new Event(`${event}.bs.modal`));
    await delay();
}

function isHidden() {
    return getOwn().getAttribute(HIDDEN) === "true";
}

describe("whether it is loaded", () => {
    // Consent that the merchant wants, the page after an order, the bar, the cookie.
    const YES = "loading";
    const NO = "waiting";
    const ANSWERS = ["", "{}", '{"optional": false}', '{"optional": true}', "{broken"];
    for (const [consent, isOrdered, cookiesBar, expected] of [
        ["always", false, false, [YES, YES, YES, YES, YES]],
        ["always", false, true, [YES, YES, YES, YES, YES]],
        ["always", true, true, [YES, YES, YES, YES, YES]],
        ["consent", false, false, [YES, YES, YES, YES, YES]],
        ["consent", false, true, [NO, NO, NO, YES, NO]],
        ["consent", true, true, [NO, NO, NO, YES, NO]],
        ["consent_or_confirmation", false, false, [YES, YES, YES, YES, YES]],
        ["consent_or_confirmation", false, true, [NO, NO, NO, YES, NO]],
        ["consent_or_confirmation", true, true, [YES, YES, YES, YES, YES]],
        ["unknown", true, true, [NO, NO, NO, YES, NO]],
    ]) {
        const page = isOrdered ? "after an order" : "on any page";
        const bar = cookiesBar ? "with a bar" : "without a bar";
        ANSWERS.forEach((answer, index) => {
            const state = expected[index];
            test(`${consent} ${page} ${bar}, cookie "${answer}": ${state}`, async () => {
                if (answer) {
                    cookie.set("website_cookies_bar", answer);
                }
                const element = await start({consent, isOrdered, cookiesBar});
                expect(element).toHaveAttribute("data-state", state);
                expect(countOwn()).toBe(state === YES ? 1 : 0);
            });
        });
    }

    for (const [consent, isOrdered, refused] of [
        ["always", false, YES],
        ["consent", false, NO],
        ["consent", true, NO],
        ["consent_or_confirmation", false, NO],
        ["consent_or_confirmation", true, YES],
    ]) {
        const page = isOrdered ? "after an order" : "on any page";
        test(`${consent} ${page}: an answer here, before its cookie`, async () => {
            const element = await start({consent, isOrdered});
            await announce(false);
            expect(element).toHaveAttribute("data-state", refused);
            await announce(true);
            expect(element).toHaveAttribute("data-state", YES);
            expect(countOwn()).toBe(1);
        });
    }

    test("an answer here counts more than the cookie", async () => {
        const element = await start();
        storeAnswer(true);
        await announce(false);
        expect(element).toHaveAttribute("data-state", "waiting");
    });

    test("an answer while the page is busy counts later", async () => {
        let finish = null;
        patchWithCleanup(window, {
            requestIdleCallback: (call) => {
                finish = call;
            },
        });
        const element = await start();
        await announce(true);
        expect(element).toHaveAttribute("data-state", "waiting");
        finish();
        await delay();
        expect(element).toHaveAttribute("data-state", "loading");
    });

    test("the page after an order does not wait until it is idle", async () => {
        patchWithCleanup(window, {requestIdleCallback: () => expect.step("idle")});
        expect(await start({isOrdered: true})).toHaveAttribute("data-state", "loading");
        expect.verifySteps([]);
    });

    test("it waits for an idle moment no longer than three seconds", async () => {
        patchWithCleanup(window, {
            requestIdleCallback: (_call, {timeout}) => expect.step(timeout),
        });
        await start({consent: "always"});
        expect.verifySteps([3000]);
        expect(countOwn()).toBe(0);
    });

    for (const [hidden, card, isLoaded] of [
        ["true", undefined, false],
        ["true", CARD, true],
        ["false", undefined, true],
    ]) {
        const page = card ? "with a card" : "without a card";
        test(`hidden: ${hidden}, ${page}: loaded: ${isLoaded}`, async () => {
            const options = {[HIDDEN]: hidden};
            const element = await start({consent: "always", options, card});
            const state = isLoaded ? "loading" : "waiting";
            expect(element).toHaveAttribute("data-state", state);
            expect(countOwn()).toBe(isLoaded ? 1 : 0);
        });
    }

    test("a card without consent waits", async () => {
        const element = await start({consent: "consent", isOrdered: true, card: CARD});
        expect(element).toHaveAttribute("data-state", "waiting");
        await announce(true);
        expect(element).toHaveAttribute("data-state", "loading");
        expect(isHidden()).toBe(false);
    });

    test("the editor never loads it", async () => {
        showInEditor();
        const element = await start({consent: "always"});
        await announce(true);
        expect(countOwn()).toBe(0);
        expect(element).not.toHaveAttribute("data-state");
    });

    test("a page without settings loads nothing", async () => {
        await startInteractions("");
        await announce(true);
        expect(countOwn()).toBe(0);
    });

    test("settings without a badge load nothing", async () => {
        const element = await start({src: undefined, options: undefined, card: CARD});
        await announce(true);
        expect(countOwn()).toBe(0);
        expect(element).not.toHaveAttribute("data-state");
    });

    test("a second outermost element loads it once", async () => {
        const html = `<div id="wrapwrap"><p id="wrapwrap"></p></div>`;
        const element = await start({consent: "always"}, html);
        expect(countOwn()).toBe(1);
        expect(element).toHaveAttribute("data-state", "loading");
    });
});

describe("the cookies bar", () => {
    for (const [name, html, answer] of [
        ["was not answered", BAR, null],
        ["is open", OPEN_BAR, true],
        ["can be opened by a button", `<a class="o_cookies_bar_toggle"></a>`, true],
    ]) {
        test(`the badge makes room while the bar ${name}`, async () => {
            if (answer !== null) {
                storeAnswer(answer);
            }
            const element = await start({consent: "always"}, html);
            expect(element).toHaveAttribute("data-state", "waiting");
            expect(countOwn()).toBe(0);
        });

        test(`the card comes while the bar ${name}, without the badge`, async () => {
            await start({consent: "always", card: CARD}, html);
            expect(isHidden()).toBe(true);
        });
    }

    test("a bar that was answered before and is closed is in no way", async () => {
        storeAnswer(false);
        const element = await start({consent: "always"}, BAR);
        expect(element).toHaveAttribute("data-state", "loading");
        expect(isHidden()).toBe(false);
    });

    test("the badge comes when the bar goes", async () => {
        const element = await start({consent: "always"}, OPEN_BAR);
        storeAnswer(false);
        document.querySelector(".modal").classList.remove("show");
        await show("hidden");
        expect(element).toHaveAttribute("data-state", "loading");
    });

    test("the badge goes while the bar is opened again", async () => {
        const told = addDrawing();
        storeAnswer(true);
        const element = await start({}, BAR);
        await load();
        const bar = document.querySelector(".modal");
        bar.classList.add("show");
        await show("shown");
        expect(element).toHaveAttribute("data-state", "waiting");
        expect(told).toEqual(["remove"]);
        bar.classList.remove("show");
        await show("hidden");
        expect(element).toHaveAttribute("data-state", "loaded");
        expect(told).toEqual(["remove", "reInitialize"]);
        expect(countOwn()).toBe(1);
    });
});

describe("the script", () => {
    test("it gets source, options and charset, right behind the settings", async () => {
        const options = {
            "data-desktop-position": "left",
            "data-color-scheme": "dark",
            "data-desktop-y-offset": "0",
        };
        const element = await start({consent: "always", options});
        const script = element.nextSibling;
        expect(script).toBe(getOwn());
        expect(script.getAttributeNames().sort()).toEqual([
            "async",
            "charset",
            "data-color-scheme",
            "data-desktop-position",
            "data-desktop-y-offset",
            "data-trustedshops-loader",
            "src",
            "type",
        ]);
        expect(script).toHaveAttribute("src", LOADER);
        expect(script).toHaveAttribute("charset", "UTF-8");
        expect(script).toHaveAttribute("data-desktop-position", "left");
        expect(script).toHaveAttribute("data-color-scheme", "dark");
        expect(script).toHaveAttribute("data-desktop-y-offset", "0");
    });

    for (const name of ["onload", "src", "data-X", "data-1", "xdata-a", "data-a b"]) {
        test(`the unknown option "${name}" is dropped`, async () => {
            const options = {[name]: "window.hacked = true"};
            await start({consent: "always", options});
            expect(getOwn().getAttributeNames().includes(name)).toBe(name === "src");
            expect(getOwn()).toHaveAttribute("src", LOADER);
        });
    }

    for (const [name, source] of [
        ["another host", `https://foreign.example/js/${TS_ID}.js`],
        [
            "a host that begins like theirs",
            `https://widgets.trustedshops.com.foreign.example/js/${TS_ID}.js`,
        ],
        [
            "theirs as a user of another host",
            `https://widgets.trustedshops.com@foreign.example/js/${TS_ID}.js`,
        ],
        [
            "theirs as a part of another page",
            `https://foreign.example#widgets.trustedshops.com/js/${TS_ID}.js`,
        ],
        [
            "another script of theirs",
            `https://widgets.trustedshops.com/other.js?/js/${TS_ID}.js`,
        ],
        ["a longer path", `https://widgets.trustedshops.com/js/${TS_ID}.js/other`],
        ["a longer ID", `https://widgets.trustedshops.com/js/${TS_ID}0.js`],
        ["a shorter ID", "https://widgets.trustedshops.com/js/XABC.js"],
        ["code", `javascript://localhost/js/${TS_ID}.js`],
        ["data", `data:text/javascript,/js/${TS_ID}.js`],
        ["what is no address", "http://[broken"],
    ]) {
        test(`a source that is not trusted is not loaded: ${name}`, async () => {
            const element = await start({consent: "always", src: source});
            await announce(true);
            expect(countOwn()).toBe(0);
            expect(element).toHaveAttribute("data-state", "waiting");
        });
    }

    for (const [name, source] of [
        ["theirs", `//widgets.trustedshops.com/js/${TS_ID}.js`],
        [
            "the one for tests",
            `https://widgets-qa.trustedshops.com/js/${TS_ID.toLowerCase()}.js`,
        ],
        ["a sandbox", `http://localhost:8080/js/${TS_ID}.js`],
    ]) {
        test(`a source that is trusted is loaded: ${name}`, async () => {
            await start({consent: "always", src: source});
            expect(getOwn()).toHaveAttribute("src", source);
        });
    }
});

describe("another loader", () => {
    const held = `src="about:blank" data-need-cookies-approval="true"`;
    const another = "other-loader";
    for (const [name, markup, state] of [
        [
            "one of this host",
            `<script type="t" src="/js/${TS_ID}.js"></script>`,
            another,
        ],
        ["one of theirs", `<script type="t" src="${LOADER}"></script>`, another],
        [
            "one that waits for consent",
            `<script ${held} data-nocookie-src="${LOADER}"></script>`,
            another,
        ],
        [
            "one without a source that waits for consent",
            `<script data-nocookie-src="${LOADER}"></script>`,
            another,
        ],
        [
            "one without a scheme that waits for consent",
            `<script ${held}
                data-nocookie-src="//widgets.trustedshops.com/js/${TS_ID}.js"></script>`,
            another,
        ],
        [
            "one for tests that another tool holds back",
            `<script type="text/plain"
                src="https://widgets-qa.trustedshops.com/js/${TS_ID}.js"></script>`,
            another,
        ],
        [
            "a path without an ID",
            `<script type="t" src="/js/XABC.js"></script>`,
            "loading",
        ],
        [
            "one of a stranger",
            `<script type="t" src="https://evil.example/js/${TS_ID}.js"></script>`,
            "loading",
        ],
        [
            "what is no address",
            `<script type="t" src="http://[broken"></script>`,
            "loading",
        ],
        ["what is no script", `<link href="${LOADER}"/>`, "loading"],
    ]) {
        test(`${state} beside ${name}`, async () => {
            addToHead(markup);
            const element = await start({consent: "always"});
            expect(element).toHaveAttribute("data-state", state);
            expect(countOwn()).toBe(state === "loading" ? 1 : 0);
        });
    }

    test("it is told of before consent, too, and after it", async () => {
        addToHead(`<script type="t" src="${LOADER}"></script>`);
        const element = await start();
        expect(element).toHaveAttribute("data-state", "other-loader");
        await announce(true);
        expect(element).toHaveAttribute("data-state", "other-loader");
        expect(countOwn()).toBe(0);
    });
});

describe("while it is loaded", () => {
    test("it is there when the second script is", async () => {
        const element = await start({consent: "always"});
        await load();
        expect(element).toHaveAttribute("data-state", "loading");
        addDrawing();
        const second = addToHead("<script type='t'></script>");
        await load(second);
        expect(element).toHaveAttribute("data-state", "loaded");
    });

    test("a refusal takes the badge away, a new consent brings it back", async () => {
        const told = addDrawing();
        const element = await start();
        await announce(true);
        await load();
        expect(element).toHaveAttribute("data-state", "loaded");
        await announce(false);
        expect(element).toHaveAttribute("data-state", "waiting");
        expect(told).toEqual(["remove"]);
        await announce(false);
        expect(told).toEqual(["remove"]);
        await announce(true);
        expect(element).toHaveAttribute("data-state", "loaded");
        await announce(true);
        expect(told).toEqual(["remove", "reInitialize"]);
        expect(countOwn()).toBe(1);
    });

    test("what always comes stays after a refusal", async () => {
        const told = addDrawing();
        const element = await start({consent: "always"});
        await load();
        await announce(false);
        expect(element).toHaveAttribute("data-state", "loaded");
        expect(told).toEqual([]);
    });

    test("a refusal before the first script is heard", async () => {
        const element = await start();
        await announce(true);
        await announce(false);
        expect(element).toHaveAttribute("data-state", "waiting");
        const told = addDrawing();
        await load();
        expect(told).toEqual(["remove"]);
        expect(element).toHaveAttribute("data-state", "waiting");
    });

    test("a refusal between the two scripts is heard", async () => {
        const element = await start();
        await announce(true);
        await load();
        await announce(false);
        expect(element).toHaveAttribute("data-state", "waiting");
        const told = addDrawing();
        await load(addToHead("<script type='t'></script>"));
        expect(told).toEqual(["remove"]);
        expect(element).toHaveAttribute("data-state", "waiting");
    });

    test("a second acceptance between the two scripts draws one badge", async () => {
        const element = await start();
        await announce(true);
        await announce(false);
        await announce(true);
        expect(element).toHaveAttribute("data-state", "loading");
        const told = addDrawing();
        await load();
        expect(element).toHaveAttribute("data-state", "loaded");
        expect(told).toEqual([]);
        expect(countOwn()).toBe(1);
    });

    test("a script that draws but cannot be told breaks nothing", async () => {
        addDrawing();
        const element = await start();
        await announce(true);
        await load();
        window.trustbadge = {};
        await announce(false);
        expect(element).toHaveAttribute("data-state", "waiting");
    });

    test("the first script that fails is removed, for good", async () => {
        const element = await start();
        await announce(true);
        await fail(getOwn());
        expect(element).toHaveAttribute("data-state", "failed");
        expect(countOwn()).toBe(0);
        await announce(false);
        await announce(true);
        expect(element).toHaveAttribute("data-state", "failed");
        expect(countOwn()).toBe(0);
    });

    const host = "https://widgets.trustedshops.com";
    for (const [name, markup, state] of [
        [
            "the second script",
            `<script type="t" src="${host}/b.js"></script>`,
            "failed",
        ],
        [
            "a script of others",
            `<script type="t" src="https://other.example/b.js"></script>`,
            "loading",
        ],
        ["a script in the page", `<script type="t"></script>`, "loading"],
        [
            "a script whose address is none",
            `<script type="t" src="http://[x"></script>`,
            "loading",
        ],
        ["a picture", `<img alt="" src="${host}/b.png" loading="lazy"/>`, "loading"],
    ]) {
        test(`${state} after an error of ${name}`, async () => {
            const element = await start({consent: "always"});
            await fail(addToHead(markup));
            expect(element).toHaveAttribute("data-state", state);
        });
    }

    test("an error after the badge is there changes nothing", async () => {
        addDrawing();
        const element = await start({consent: "always"});
        await load();
        await fail(getOwn());
        expect(element).toHaveAttribute("data-state", "loaded");
        expect(countOwn()).toBe(1);
    });
});

describe("the place of the badge", () => {
    const CART = `<div class="o_website_sale_checkout"></div>`;
    const PORTAL = `<div class="o_portal_wrap"></div>`;
    for (const [width, name, html, isShown] of [
        [390, "the cart", CART, false],
        [390, "the portal", PORTAL, false],
        [390, "another page", "<p></p>", true],
        [991, "the cart", CART, false],
        [992, "the cart", CART, true],
        [1366, "the portal", PORTAL, true],
    ]) {
        test(`${name} in a window of ${width} pixels: shown: ${isShown}`, async () => {
            await resize({width});
            const element = await start({consent: "always"}, html);
            const state = isShown ? "loading" : "waiting";
            expect(element).toHaveAttribute("data-state", state);
        });
    }

    test("the card comes to a crowded page, without the badge", async () => {
        await resize({width: 390});
        await start({consent: "always", card: CARD}, CART);
        expect(isHidden()).toBe(true);
    });

    test("a crowded page without a badge breaks nothing", async () => {
        await resize({width: 390});
        await start({src: undefined, options: undefined}, CART);
        expect(countOwn()).toBe(0);
    });

    for (const [name, html, isCertified, isShown] of [
        ["a seal", `<p class="s_trustedshops_badge">x</p>`, true, false],
        [
            "stars",
            `<p class="s_trustedshops_badge" data-variant="stars">x</p>`,
            true,
            false,
        ],
        [
            "a seal that nothing certifies",
            `<p class="s_trustedshops_badge">x</p>`,
            false,
            true,
        ],
        [
            "a text",
            `<p class="s_trustedshops_badge" data-variant="text">x</p>`,
            true,
            true,
        ],
        [
            "a hidden seal",
            `<p class="d-none"><b class="s_trustedshops_badge">x</b></p>`,
            true,
            true,
        ],
    ]) {
        test(`a page with ${name}: shown: ${isShown}`, async () => {
            const element = await start({consent: "always", isCertified}, html);
            const state = isShown ? "loading" : "waiting";
            expect(element).toHaveAttribute("data-state", state);
        });
    }
});
