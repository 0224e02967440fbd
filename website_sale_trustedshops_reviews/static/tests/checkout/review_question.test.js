/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {
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
import {onRpc} from "@web/../tests/web_test_helpers";
import {PaymentButton} from "@payment/interactions/payment_button";
import {ReviewQuestion} from "@website_sale_trustedshops_reviews/checkout/review_question";
import {makeWords} from "@website_sale_trustedshops/../tests/helpers";
import {startInteraction} from "@web/../tests/public/helpers";

const ROUTE = "/shop/trustedshops/reviews";
const BOX = ".o_trustedshops_question input";
const ANSWER = "[name='trustedshops_review_answer']";
const PAY = "button[name='o_payment_submit_button']";
const OPTIONAL = "optional";
const TICKED = "We mail you to confirm";
const SAVED = "Saved";
const FAILED = "Not saved, try again";
const LOST = new Response("", {status: 502});

/** Let the shop answer, one call after the other; what it is told is a step. */
function answer(...answers) {
    async function getNext() {
        const ticked = await answers.shift();
        return ticked instanceof Response ? ticked : {ticked};
    }

    for (const route of [ROUTE, `${ROUTE}/ordered`]) {
        onRpc(route, async (request) => {
            const {key, ticked} = (await request.json()).params;
            expect.step(ticked ? "tick" : "untick");
            expect(key).toBe("key-1");
            return getNext();
        });
    }
    onRpc(`${ROUTE}/state`, async (request) => {
        const {is_ordered: isOrdered} = (await request.json()).params;
        expect.step(isOrdered ? "read the order" : "read");
        return getNext();
    });
}

async function start(checked = "", route = ROUTE) {
    await startInteraction(
        [PaymentButton, ReviewQuestion],
        `<div class="o_trustedshops_question" data-route="${route}" data-key="key-1">
            <input type="checkbox" ${checked} disabled="disabled"/>
            <span role="status" name="trustedshops_review_answer"
                data-ticked="${TICKED}" data-saved="${SAVED}">${OPTIONAL}</span>
            ${makeWords({saving: "Saving", failed: FAILED, offline: "Offline"})}
        </div>
        <form><input type="hidden" name="trustedshops_review" value="0"/></form>
        <button name="o_payment_submit_button">Pay</button>`
    );
}

/** Press the box and wait until the page says something. */
async function press() {
    await click(BOX);
    await delay(10);
}

function check(isTicked, words, steps, isOrdering = true) {
    expect(queryOne(BOX).checked).toBe(isTicked);
    // The form of an order without anything to pay says what the page shows.
    expect("input[name='trustedshops_review']").toHaveValue(isTicked ? "1" : "0");
    expect(ANSWER).toHaveText(words);
    expect(queryOne(PAY).disabled).toBe(!isOrdering);
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

    for (const [state, given] of [
        ["", false],
        ["checked", true],
    ]) {
        test(`that the shop did not accept is as before: ${given}`, async () => {
            await start(state);
            answer(given);
            await press();
            check(given, FAILED, [given ? "untick" : "tick"]);
        });
    }
});

describe("a choice after the order", () => {
    const route = `${ROUTE}/ordered`;

    test("counts at once, so it is not taken back here", async () => {
        await start("", route);
        answer(true);
        await press();
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

    test("whose answer is lost is read", async () => {
        await start("", route);
        answer(LOST, true);
        freezeTime();
        await click(BOX);
        await advanceTime(20);
        await advanceTime(1100);
        check(true, TICKED, ["tick", "read the order"]);
        expect(BOX).toHaveAttribute("aria-disabled", "true");
    });
});

describe("an answer that is lost", () => {
    // A busy machine must not be late.
    beforeEach(() => freezeTime());

    test("or says that the shop does not know is read", async () => {
        await start();
        answer(null, true);
        await click(BOX);
        await advanceTime(20);
        await advanceTime(1100);
        check(true, TICKED, ["tick", "read"]);
    });

    test("leaves an untick of which nothing is known unticked", async () => {
        await start("checked");
        answer(LOST, LOST, LOST, LOST);
        await click(BOX);
        await advanceTime(20);
        for (const milliseconds of [1020, 2020, 4020]) {
            await advanceTime(milliseconds);
        }
        check(false, FAILED, ["untick", "read", "read", "read"]);
    });
});
