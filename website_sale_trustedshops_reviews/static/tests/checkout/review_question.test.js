/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {
    Deferred,
    advanceTime,
    beforeEach,
    click,
    delay,
    describe,
    expect,
    freezeTime,
    queryOne,
    test,
} from "@odoo/hoot";
import {ReviewQuestion} from "@website_sale_trustedshops_reviews/checkout/review_question";
import {browser} from "@web/core/browser/browser";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";
import {startInteraction} from "@web/../tests/public/helpers";

const BOX = "input[name='ticked']";
const ANSWER = "[name='trustedshops_review_answer']";
const PAY = "button[name='o_payment_submit_button']";
const OPTIONAL = "optional";
const TICKED = "We mail you to confirm";
const SAVED = "Saved";
const FAILED = "Not saved, try again";
const LOST = new TypeError("Failed to fetch");

/** Let the shop answer, one call after the other; what it is told is a step. */
function answer(...answers) {
    patchWithCleanup(window, {
        async fetch(url, options) {
            if (!new URL(url).pathname.startsWith("/shop/trustedshops/reviews")) {
                return super.fetch(url, options);
            }
            const {body, keepalive, method} = options;
            expect.step(body.has("ticked") ? "tick" : "untick");
            expect([method, keepalive]).toEqual(["POST", true]);
            expect(body.get("in_place")).toBe("1");
            expect(body.get("key")).toBe("key-1");
            const next = await answers.shift();
            if (next instanceof Error) {
                throw next;
            }
            return new Response(JSON.stringify({ticked: next}));
        },
    });
}

async function start(checked = "", route = "/shop/trustedshops/reviews") {
    await startInteraction(
        ReviewQuestion,
        `<form class="o_trustedshops_question" method="post"
            action="${route}">
            <input type="hidden" name="key" value="key-1"/>
            <input type="checkbox" name="ticked" value="1" ${checked}/>
            <span role="status" name="trustedshops_review_answer"
                data-ticked="${TICKED}" data-saved="${SAVED}" data-failed="${FAILED}"
                >${OPTIONAL}</span>
        </form>
        <a href="#" id="link">A link</a>
        <button name="o_payment_submit_button"><i>Pay</i></button>`
    );
    for (const selector of [PAY, "#link"]) {
        queryOne(selector).addEventListener("click", () => expect.step(selector));
    }
}

/** Press the box and wait until the page says something. */
async function press() {
    await click(BOX);
    await delay(10);
}

function check(isTicked, words, steps) {
    expect(queryOne(BOX).checked).toBe(isTicked);
    expect(ANSWER).toHaveText(words);
    expect.verifySteps(steps);
}

describe("a choice", () => {
    test("is kept, and taken back", async () => {
        await start();
        answer(true, false);
        check(false, OPTIONAL, []);
        await press();
        check(true, TICKED, ["tick"]);
        await press();
        check(false, SAVED, ["untick"]);
    });

    test("that was kept before can be taken back", async () => {
        await start("checked");
        answer(false);
        await press();
        check(false, SAVED, ["untick"]);
    });

    test("says nothing while it is under way", async () => {
        await start();
        const second = new Deferred();
        answer(true, second);
        await press();
        await press();
        check(false, "", ["tick", "untick"]);
        second.resolve(false);
        await delay(10);
        check(false, SAVED, []);
    });

    for (const [presses, isTicked, steps] of [
        [1, true, ["tick"]],
        [2, false, ["tick", "untick"]],
        [3, true, ["tick"]],
        [4, false, ["tick", "untick"]],
    ]) {
        test(`ends as the box shows after ${presses} quick presses`, async () => {
            await start();
            const first = new Deferred();
            answer(first, false);
            for (let press_ = 0; press_ < presses; press_++) {
                await click(BOX);
            }
            expect.verifySteps(["tick"]);
            first.resolve(true);
            await delay(10);
            check(isTicked, isTicked ? TICKED : SAVED, steps.slice(1));
        });
    }

    test("that changes while the answer is lost is sent as it is then", async () => {
        await start();
        const first = new Deferred();
        answer(first, true, false);
        await click(BOX);
        await click(BOX);
        first.reject(LOST);
        await delay(10);
        check(false, SAVED, ["tick", "tick", "untick"]);
    });
});

describe("a choice after the order", () => {
    const route = "/shop/trustedshops/reviews/ordered";

    test("counts at once, so it is not taken back here", async () => {
        await start("", route);
        const first = new Deferred();
        answer(first);
        await click(BOX);
        await click(BOX); // while it is under way
        first.resolve(true);
        await delay(10);
        check(true, TICKED, ["tick"]);
        expect(BOX).toHaveAttribute("aria-disabled", "true");
        await press();
        check(true, TICKED, []);
    });

    test("that could not be kept is tried again", async () => {
        await start("", route);
        answer(false, true);
        await press();
        check(false, FAILED, ["tick"]);
        expect(BOX).not.toHaveAttribute("aria-disabled");
        await press();
        check(true, TICKED, ["tick"]);
    });

    test("of which no answer comes shows what the shop has at the next press", async () => {
        await start("", route);
        answer(LOST, null, true);
        await press();
        check(true, FAILED, ["tick", "tick"]);
        await press();
        check(true, TICKED, ["untick"]);
    });
});

describe("an answer that is lost", () => {
    test("is asked for again", async () => {
        await start();
        answer(LOST, true);
        await press();
        check(true, TICKED, ["tick", "tick"]);
    });

    for (const [name, given] of [
        ["lost", LOST],
        ["no answer to the question", null],
    ]) {
        test(`hides no consent: ${name}, twice, after a tick`, async () => {
            await start();
            answer(given, given);
            await press();
            check(true, FAILED, ["tick", "tick"]);
        });

        test(`hides no consent: ${name}, twice, after a tick was taken back`, async () => {
            await start("checked");
            answer(given, given, false);
            await press();
            check(true, FAILED, ["untick", "untick"]);
            await press();
            check(false, SAVED, ["untick"]);
        });
    }

    test("once, with an answer without sense after it", async () => {
        await start();
        answer(LOST, null);
        await press();
        check(true, FAILED, ["tick", "tick"]);
    });
});

describe("an answer that is another one", () => {
    test("shows what the shop has", async () => {
        await start();
        answer(false, true);
        await press();
        check(false, FAILED, ["tick"]);
        await press();
        check(true, TICKED, ["tick"]);
    });

    test("shows what the shop still has", async () => {
        await start("checked");
        answer(true);
        await press();
        check(true, FAILED, ["untick"]);
    });
});

describe("a payment", () => {
    // A busy machine must not be late.
    beforeEach(() => freezeTime());

    for (const [name, given, words] of [
        ["is saved", true, TICKED],
        ["cannot be saved", false, FAILED],
    ]) {
        test(`waits until the choice ${name}, and begins once`, async () => {
            await start();
            const first = new Deferred();
            answer(first, true);
            await click(BOX);
            await click(PAY);
            await click(`${PAY} i`);
            expect.verifySteps(["tick"]);
            first.resolve(given);
            await delay(10);
            check(given, words, [PAY]);
            await click(PAY);
            expect.verifySteps([PAY]);
        });
    }

    test("waits no longer than a second", async () => {
        await start();
        answer(new Deferred());
        await click(BOX);
        await click(PAY);
        await advanceTime(990);
        expect.verifySteps(["tick"]);
        await advanceTime(20);
        await delay();
        expect.verifySteps([PAY]);
    });

    test("waits again when it is begun again", async () => {
        await start();
        const first = new Deferred();
        answer(first);
        await click(BOX);
        await click(PAY);
        await advanceTime(1010);
        await delay();
        expect.verifySteps(["tick", PAY]);
        await click(PAY);
        expect.verifySteps([]);
        first.resolve(true);
        await delay(10);
        expect.verifySteps([PAY]);
    });

    test("does not wait for what is kept", async () => {
        await start();
        answer(true);
        queryOne(PAY).click();
        expect.verifySteps([PAY]);
        await press();
        queryOne(PAY).click();
        expect.verifySteps(["tick", PAY]);
    });

    test("alone waits", async () => {
        await start();
        answer(new Deferred());
        await click(BOX);
        await click("#link");
        expect.verifySteps(["tick", "#link"]);
    });
});

describe("a page", () => {
    beforeEach(() => {
        browser.location.addEventListener("reload", () => expect.step("reload"));
    });

    for (const [name, persisted, expected] of [
        ["out of the history of the browser comes anew", true, ["reload"]],
        ["from the server stays", false, []],
    ]) {
        test(name, async () => {
            await start();
            window.dispatchEvent(new PageTransitionEvent("pageshow", {persisted}));
            expect.verifySteps(expected);
        });
    }
});
