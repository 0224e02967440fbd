/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {
    addSettings,
    addToHead,
    announce,
    answerBlocks,
    holdScripts,
    showInEditor,
    storeAnswer,
} from "../helpers";
import {beforeEach, describe, expect, queryAllTexts, test} from "@odoo/hoot";
import {
    setupInteractionWhiteList,
    startInteractions,
} from "@web/../tests/public/helpers";

setupInteractionWhiteList([
    "website_sale_trustedshops.reviews_snippet",
    "website_sale_trustedshops.checkout_widget",
]);

const ID = "wdg-01234567-89ab-cdef-0123-456789abcdef";
const SCRIPT = "https://integrations.etrusted.com/applications/widget.js/v2";
const WIDGET = "etrusted-widget";
const NOTICE = ".o_trustedshops_notice";
const DATA = {
    consent: "consent_or_confirmation",
    cookiesBar: true,
    widgetScript: SCRIPT,
    notice: `<div class="o_trustedshops_notice">How reviews are checked.</div>`,
};
let scripts = [];

beforeEach(() => {
    scripts = holdScripts();
});

function makeBlock(attributes = `data-widget-id="${ID}"`) {
    return `<section class="s_trustedshops_reviews" ${attributes}>Old content</section>`;
}

async function start(changes, html = makeBlock()) {
    await answerBlocks({...DATA, ...changes});
    return startInteractions(html);
}

function getSources() {
    const loaded = scripts.filter((each) => each.localName === "script");
    return loaded.map((script) => script.getAttribute("src"));
}

describe("when a widget shows", () => {
    for (const [consent, cookiesBar, expected] of [
        ["always", true, {none: true, refused: true, accepted: true}],
        ["always", false, {none: true, refused: true, accepted: true}],
        ["consent", true, {none: false, refused: false, accepted: true}],
        ["consent", false, {none: true, refused: true, accepted: true}],
        [
            "consent_or_confirmation",
            true,
            {none: false, refused: false, accepted: true},
        ],
        ["consent_or_confirmation", false, {none: true, refused: true, accepted: true}],
        [undefined, undefined, {none: false, refused: false, accepted: true}],
    ]) {
        for (const [stored, isShown] of Object.entries(expected)) {
            const bar = cookiesBar ? "with a bar" : "without a bar";
            test(`${consent} ${bar}, cookie: ${stored}: shown: ${isShown}`, async () => {
                if (stored !== "none") {
                    storeAnswer(stored === "accepted");
                }
                await start({consent, cookiesBar});
                expect(WIDGET).toHaveCount(isShown ? 1 : 0);
                expect(getSources()).toEqual(isShown ? [SCRIPT] : []);
                // An answer on this page counts, too.
                await announce(true);
                expect(WIDGET).toHaveCount(1);
                expect(getSources()).toEqual([SCRIPT]);
            });
        }
    }

    for (const [consent, cookiesBar, isKept] of [
        ["always", true, true],
        ["consent", true, false],
        ["consent_or_confirmation", true, false],
        ["consent", false, true],
    ]) {
        const bar = cookiesBar ? "with a bar" : "without a bar";
        test(`${consent} ${bar}, withdrawn: kept: ${isKept}`, async () => {
            storeAnswer(true);
            await start({consent, cookiesBar});
            await announce(false);
            expect(WIDGET).toHaveCount(isKept ? 1 : 0);
            expect(NOTICE).toHaveCount(isKept ? 1 : 0);
            await announce(true);
            await announce(true);
            expect(WIDGET).toHaveCount(1);
            expect(NOTICE).toHaveCount(1);
            expect(getSources().slice(1)).toEqual([]);
        });
    }

    test("a refusal before a widget shows breaks nothing", async () => {
        await start();
        await announce(false);
        expect(WIDGET).toHaveCount(0);
    });

    test("the editor loads nothing", async () => {
        showInEditor();
        await start({consent: "always"});
        await announce(true);
        expect(WIDGET).toHaveCount(0);
        expect(getSources()).toEqual([]);
    });

    test("where nothing is certified nothing shows", async () => {
        await start({consent: "always", widgetScript: undefined});
        await announce(true);
        expect(WIDGET).toHaveCount(0);
        expect(NOTICE).toHaveCount(0);
    });

    test("what is stored in the block does not stay", async () => {
        await start();
        expect(".s_trustedshops_reviews").toHaveText("");
    });
});

describe("what a widget gets", () => {
    for (const id of [
        "",
        "wdg-01234567",
        `x${ID}`,
        `${ID}0`,
        `${ID}&quot;&gt;&lt;img src=x onerror=alert(1)&gt;`,
        "wdg-0123456g-89ab-cdef-0123-456789abcdef",
        "01234567-89ab-cdef-0123-456789abcdef",
    ]) {
        test(`"${id}" is no id`, async () => {
            await start({consent: "always"}, makeBlock(`data-widget-id="${id}"`));
            expect(WIDGET).toHaveCount(0);
            expect(getSources()).toEqual([]);
        });
    }

    test("an id in capitals is one", async () => {
        const id = ID.toUpperCase().replace("WDG", "wdg");
        await start({consent: "always"}, makeBlock(`data-widget-id="${id}"`));
        expect(WIDGET).toHaveAttribute("data-etrusted-widget-id", id);
    });

    for (const [name, sku, expected] of [
        ["none", "", null],
        ["blanks", "   ", null],
        ["one", "4711", "4711"],
        ["one between blanks", "  4711 ", "4711"],
        ["markup", "&quot;&gt;&lt;img src=x&gt;", '"><img src=x>'],
        ["too long a one", "x".repeat(501), "x".repeat(500)],
    ]) {
        test(`the SKU of a product: ${name}`, async () => {
            const block = makeBlock(`data-widget-id="${ID}" data-sku="${sku}"`);
            await start({consent: "always"}, block);
            expect(WIDGET).toHaveAttribute("data-etrusted-widget-id", ID);
            expect(document.querySelector(WIDGET).getAttribute("data-sku")).toBe(
                expected
            );
            expect("img").toHaveCount(0);
        });
    }
});

describe("the sentence on how reviews are checked", () => {
    const other = `<p class="o_trustedshops_notice">Said already.</p>`;
    const own = "How reviews are checked.";
    for (const [name, html, expected] of [
        ["stands below the widget", makeBlock(), [own]],
        ["stands once for two widgets", makeBlock() + makeBlock(), [own]],
        [
            "is not said again in the same part",
            `<main>${other}${makeBlock()}</main>`,
            ["Said already."],
        ],
        [
            "is said in each part",
            `<header>${other}</header><main>${makeBlock()}</main>
            <footer>${makeBlock()}</footer>`,
            ["Said already.", own, own],
        ],
        [
            "is not said again outside of all parts",
            `<main>${other}</main>${makeBlock()}`,
            ["Said already."],
        ],
        [
            "is said where the other one is hidden",
            `<main><div class="d-none">${other}</div>${makeBlock()}</main>`,
            [own],
        ],
    ]) {
        test(`it ${name}`, async () => {
            await start({consent: "always"}, html);
            const shown = queryAllTexts(`${NOTICE}:visible`);
            expect(shown).toEqual(expected);
        });
    }
});

describe("the script that draws widgets", () => {
    test("it is loaded once for all of them", async () => {
        await start({consent: "always"}, makeBlock() + makeBlock());
        expect(WIDGET).toHaveCount(2);
        expect(getSources()).toEqual([SCRIPT]);
        expect(scripts[0].async).toBe(true);
    });

    for (const [name, markup, isLoaded] of [
        ["the same", `<script type="t" src="${SCRIPT}"></script>`, false],
        [
            "one that Odoo holds back",
            `<script type="t" data-nocookie-src="//integrations.etrusted.com/applications/widget.js/v2"></script>`,
            false,
        ],
        [
            "one of another version",
            `<script type="t" src="https://integrations.etrusted.com/applications/widget.js/v1"></script>`,
            true,
        ],
        [
            "one whose address is none",
            `<script type="t" src="http://[x"></script>`,
            true,
        ],
        ["one that is written in the page", `<script type="t"></script>`, true],
    ]) {
        test(`it is loaded beside ${name}: ${isLoaded}`, async () => {
            addToHead(markup);
            scripts.length = 0;
            await start({consent: "always"});
            expect(WIDGET).toHaveCount(1);
            expect(getSources()).toEqual(isLoaded ? [SCRIPT] : []);
        });
    }

    for (const [url, isLoaded] of [
        ["https://integrations.etrusted.site/applications/widget.js/v2", true],
        ["http://localhost:8080/applications/widget.js/v2", true],
        ["https://foreign.example/applications/widget.js/v2", false],
        ["https://integrations.etrusted.com.foreign.example/widget.js/v2", false],
    ]) {
        test(`it is loaded from ${url}: ${isLoaded}`, async () => {
            await start({consent: "always", widgetScript: url});
            expect(getSources()).toEqual(isLoaded ? [url] : []);
        });
    }
});

describe("the widget after an order", () => {
    async function startWidget(cookiesBar, settings) {
        addSettings({widget: {id: ID, widgetScript: SCRIPT, cookiesBar}, ...settings});
        await startInteractions(`<div class="o_trustedshops_widget"></div>`);
    }

    for (const isShown of [true, false]) {
        test(`shown before consent: ${isShown}`, async () => {
            await startWidget(!isShown);
            expect(WIDGET).toHaveCount(isShown ? 1 : 0);
            expect(getSources()).toEqual(isShown ? [SCRIPT] : []);
            await announce(true);
            expect(WIDGET).toHaveAttribute("data-etrusted-widget-id", ID);
            expect(NOTICE).toHaveCount(0);
            await announce(false);
            expect(WIDGET).toHaveCount(isShown ? 1 : 0);
        });
    }

    test("what the server does not name is not drawn", async () => {
        await startWidget(false, {widget: undefined});
        expect(WIDGET).toHaveCount(0);
        expect(getSources()).toEqual([]);
    });
});
