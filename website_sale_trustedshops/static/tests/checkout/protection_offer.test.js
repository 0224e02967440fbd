/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {addSettings, makeOption, makeWords} from "../helpers";
import {
    Deferred,
    advanceTime,
    beforeEach,
    click,
    delay,
    describe,
    expect,
    freezeTime,
    getFixture,
    queryAllTexts,
    queryOne,
    test,
} from "@odoo/hoot";
import {
    getService,
    makeServerError,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {PaymentButton} from "@payment/interactions/payment_button";
import {PaymentForm} from "@payment/interactions/payment_form";
import {ProtectionOffer} from "@website_sale_trustedshops/checkout/protection_offer";
import {browser} from "@web/core/browser/browser";
import {rpc} from "@web/core/network/rpc";
import {startInteraction} from "@web/../tests/public/helpers";

const ROUTE = "/shop/trustedshops/protection";
const STATE = `${ROUTE}/state`;
const PLACE = "website_sale_trustedshops.place";
const BOX = "input[name='trustedshops_protection']";
const OFFER = ".o_trustedshops_offer";
const ANSWER = "[name='trustedshops_answer']";
const NOTICE = "Unticked because you came back.";
const SAVING = "Saving";
const FAILED = "Not saved, try again";
const OFFLINE = "No connection";
const UNSAVED = ".o_trustedshops_unsaved";
const FEE_ROW = "tr[name='o_order_trustedshops_protection']";
const TERMS = "#website_sale_tc_checkbox";
const BUTTON = "button[name='o_payment_submit_button']";
const ADDED = {
    enabled: true,
    amount: 544.27,
    amount_untaxed: "<b>457.37</b> €",
    amount_tax: "<b>86.90</b> €",
    amount_total: "<b>544.27</b> €",
    answer: "Added. New total: 544.27 €.",
};
const REMOVED = {
    enabled: false,
    amount: 541.33,
    amount_untaxed: "454.90 €",
    amount_tax: "86.43 €",
    amount_total: "541.33 €",
    answer: "Removed. New total: 541.33 €.",
};
const LOST = new Response("", {status: 502});

const SUMS = `
    <table>
        <tr name="o_order_trustedshops_protection" class="d-none">
            <td><span class="monetary_field">2.94 €</span></td>
        </tr>
        <tr name="o_order_total_untaxed">
            <td><span class="monetary_field">454.90 €</span></td>
        </tr>
        <tr name="o_order_total_taxes">
            <td><span class="monetary_field">86.43 €</span></td>
        </tr>
        <tr name="o_order_total">
            <td><span class="monetary_field">541.33 €</span></td>
        </tr>
    </table>`;
const WORDS = makeWords({saving: SAVING, failed: FAILED, offline: OFFLINE});
const CHOICE = `
    <input type="checkbox" name="trustedshops_protection" disabled="disabled"/>`;

function makePage({
    options = [makeOption("demo")],
    offer = CHOICE,
    form = true,
    notice = NOTICE,
} = {}) {
    const paymentForm = `
        <form id="o_payment_form" data-amount="541.33">${options.join("")}</form>`;
    return `<div id="wrapwrap">
        <header><span id="amount_total_summary">541.33 €</span></header>
        <aside inert="inert">Hidden by the theme</aside>
        <main>
            <div>${form ? paymentForm : ""}</div>
            <div class="o_trustedshops_checkout">
                <fieldset class="o_trustedshops_offer">
                    ${offer}
                    <b name="trustedshops_answer" tabindex="-1"
                        data-answer="The offer came back.">${notice}</b>
                    ${WORDS}
                </fieldset>
                <form id="other_row"><input type="checkbox"/></form>
            </div>
            <p><a href="#" id="another">a link</a></p>
            <p><input type="checkbox" id="website_sale_tc_checkbox"/></p>
            <button name="o_payment_submit_button">Pay</button>
        </main>
        <div>${SUMS}</div><div>${SUMS}</div>
    </div>`;
}

/** Answer what the box sends, one call after the other; each is a step of the test. */
function answer(...answers) {
    for (const route of [ROUTE, STATE]) {
        onRpc(route, async (request) => {
            const {params} = await request.json();
            expect.step(route === STATE ? "read" : params);
            const next = await answers.shift();
            if (next instanceof Error) {
                throw next;
            }
            return next;
        });
    }
}

function refuse(name, message) {
    return makeServerError({errorName: name, message});
}

async function start(page, options) {
    addSettings({offer: "key-1"});
    const interactions = [PaymentForm, PaymentButton, ProtectionOffer];
    await startInteraction(interactions, makePage(page), options);
}

/** Press the box and wait until an answer is shown. */
async function tick() {
    await click(BOX);
    await delay(10);
}

function getBlocked() {
    return [...document.querySelectorAll("#wrapwrap [inert]")];
}

beforeEach(() => {
    browser.location.addEventListener("reload", () => expect.step("reload"));
});

describe("a tick", () => {
    test("the box can be used, and nothing else changes before", async () => {
        await start();
        expect(BOX).not.toHaveAttribute("disabled");
        expect(OFFER).toHaveAttribute("aria-busy", "false");
        expect(UNSAVED).toHaveCount(0);
        expect(ANSWER).toHaveText(NOTICE);
    });

    test("the server hears of the choice, the offer that was read, and the amount", async () => {
        answer(ADDED, REMOVED);
        await start();
        await tick();
        expect.verifySteps([{enable: true, offer: "key-1", amount: 541.33}]);
        await tick();
        expect.verifySteps([{enable: false, offer: "key-1", amount: 544.27}]);
    });

    test("the page shows what the cart contains", async () => {
        answer(ADDED, REMOVED);
        await start();
        await tick();
        expect(BOX).toBeChecked();
        expect("#o_payment_form").toHaveAttribute("data-amount", "544.27");
        expect(`${FEE_ROW}.d-none`).toHaveCount(0);
        const names = ["untaxed", "taxes"].map((name) => `o_order_total_${name}`);
        for (const [name, total] of [
            [names[0], "457.37 €"],
            [names[1], "86.90 €"],
            ["o_order_total", "544.27 €"],
        ]) {
            const shown = queryAllTexts(`tr[name='${name}'] .monetary_field`);
            expect(shown).toEqual([total, total]);
        }
        expect("#amount_total_summary").toHaveText("544.27 €");
        expect("#amount_total_summary b").toHaveCount(1);
        expect(queryOne(`${FEE_ROW}:first .monetary_field`)).toHaveText("2.94 €");
        await tick();
        expect(BOX).not.toBeChecked();
        expect("#o_payment_form").toHaveAttribute("data-amount", "541.33");
        expect(`${FEE_ROW}.d-none`).toHaveCount(2);
        expect("#amount_total_summary").toHaveText("541.33 €");
        expect.verifySteps([
            {enable: true, offer: "key-1", amount: 541.33},
            {enable: false, offer: "key-1", amount: 544.27},
        ]);
    });

    test("the answer takes the place of a notice", async () => {
        answer(ADDED, REMOVED);
        await start();
        await tick();
        expect(ANSWER).toHaveText(ADDED.answer);
        await tick();
        expect(ANSWER).toHaveText(REMOVED.answer);
        expect.verifySteps([
            {enable: true, offer: "key-1", amount: 541.33},
            {enable: false, offer: "key-1", amount: 544.27},
        ]);
    });

    test("a form that cannot be told wants a new page", async () => {
        answer({enabled: true, reload: true});
        await start({options: [makeOption("other", "", "<div><p>A form</p></div>")]});
        await tick();
        expect.verifySteps([{enable: true, offer: "key-1", amount: null}, "reload"]);
        expect("#o_payment_form").toHaveAttribute("data-amount", "541.33");
    });

    test("a form that is not ready has no amount to tell", async () => {
        answer({enabled: true, reload: true});
        patchWithCleanup(PaymentForm.prototype, {willStart: () => new Deferred()});
        await start({}, {waitForStart: false});
        await delay(10);
        await tick();
        expect.verifySteps([{enable: true, offer: "key-1"}, "reload"]);
    });

    test("a page without a payment has no amount to tell", async () => {
        answer({enabled: true, reload: true});
        await start({form: false});
        await tick();
        expect.verifySteps([{enable: true, offer: "key-1"}, "reload"]);
    });
});

describe("while the answer is awaited", () => {
    test("nothing but the offer can be used, whatever comes then", async () => {
        const answers = [new Deferred(), new Deferred()];
        answer(...answers);
        await start();
        const [byTheme] = getBlocked();
        for (const given of [ADDED, refuse("odoo.exceptions.UserError", "No.")]) {
            await click(BOX);
            await delay();
            expect(OFFER).toHaveAttribute("aria-busy", "true");
            expect(ANSWER).toHaveText(SAVING);
            for (const blocked of [
                "header",
                "#other_row",
                "#o_payment_form",
                "#another",
                TERMS,
                BUTTON,
                "table",
            ]) {
                expect(document.querySelector(blocked).closest("[inert]")).not.toBe(
                    null
                );
            }
            expect(queryOne(OFFER).closest("[inert]")).toBe(null);
            answers.shift().resolve(given);
            await delay(10);
            expect(OFFER).toHaveAttribute("aria-busy", "false");
            expect(getBlocked()).toEqual([byTheme]);
        }
        expect.verifySteps([
            {enable: true, offer: "key-1", amount: 541.33},
            {enable: false, offer: "key-1", amount: 544.27},
        ]);
    });

    test("the page says so at once, however the box was changed", async () => {
        answer(ADDED);
        await start();
        const box = queryOne(BOX);
        box.checked = true;
        box.dispatchEvent(new Event("change"));
        expect(OFFER).toHaveAttribute("aria-busy", "true");
        await delay(10);
        expect(OFFER).toHaveAttribute("aria-busy", "false");
        expect.verifySteps([{enable: true, offer: "key-1", amount: 541.33}]);
    });

    test("a second press does nothing", async () => {
        const given = new Deferred();
        answer(given);
        await start();
        await click(BOX);
        await click(BOX);
        expect(BOX).toBeChecked();
        given.resolve(ADDED);
        await delay(10);
        expect(BOX).toBeChecked();
        expect.verifySteps([{enable: true, offer: "key-1", amount: 541.33}]);
    });

    test("the page stays blocked until a new one is there", async () => {
        answer({enabled: true, reload: true});
        await start();
        await tick();
        expect(OFFER).toHaveAttribute("aria-busy", "true");
        expect(getBlocked().length).toBeGreaterThan(1);
        expect.verifySteps([{enable: true, offer: "key-1", amount: 541.33}, "reload"]);
    });

    test("a script of a provider that fails loads the page anew", async () => {
        expect.errors(1);
        patchWithCleanup(PaymentForm.prototype, {
            _trustedshopsTell() {
                throw new Error("no elements");
            },
        });
        answer(ADDED);
        await start();
        await tick();
        expect(OFFER).toHaveAttribute("aria-busy", "true");
        expect.verifySteps([{enable: true, offer: "key-1", amount: 541.33}, "reload"]);
        expect.verifyErrors(["no elements"]);
    });

    test("nothing can be ordered, whoever enables the button", async () => {
        const given = new Deferred();
        answer(given);
        await start({options: [makeOption("demo", "checked")]});
        await click(TERMS);
        expect(queryOne(BUTTON).disabled).toBe(false);
        await click(BOX);
        getService("public.interactions").env.bus.trigger("enablePaymentButton");
        expect(queryOne(BUTTON).disabled).toBe(true);
        given.resolve(ADDED);
        await delay(10);
        expect(queryOne(BUTTON).disabled).toBe(false);
        expect.verifySteps([{enable: true, offer: "key-1", amount: 541.33}]);
    });

    test("the button stays off until the form of a provider is ready", async () => {
        const prepared = new Deferred();
        answer(ADDED);
        await start({options: [makeOption("demo", "checked"), makeOption("custom")]});
        await click(TERMS);
        patchWithCleanup(PaymentForm.prototype, {_prepareInlineForm: () => prepared});
        await click("#option_custom");
        await tick();
        expect(BOX).toBeChecked();
        expect(queryOne(BUTTON).disabled).toBe(true);
        prepared.resolve();
        await delay();
        expect(queryOne(BUTTON).disabled).toBe(false);
        expect.verifySteps([{enable: true, offer: "key-1", amount: 541.33}]);
    });

    test("the box waits while a payment starts", async () => {
        await start();
        const {interactions} = getService("public.interactions");
        const [{interaction: paymentForm}] = interactions;
        paymentForm._disableButton();
        await delay();
        expect(BOX).not.toHaveAttribute("disabled");
        paymentForm._disableButton(true);
        await delay();
        expect(BOX).toHaveAttribute("disabled");
        paymentForm._enableButton();
        await delay();
        expect(BOX).not.toHaveAttribute("disabled");
    });
});

describe("a refusal", () => {
    const words = "Your cart is being changed.";
    for (const [name, expected] of [
        ["odoo.exceptions.UserError", words],
        ["odoo.exceptions.ValidationError", FAILED],
        ["builtins.KeyError", FAILED],
    ]) {
        test(`by ${name} says so and changes nothing`, async () => {
            answer(refuse(name, words));
            await start();
            await tick();
            expect(ANSWER).toHaveText(expected);
            expect(BOX).not.toBeChecked();
            expect("#o_payment_form").toHaveAttribute("data-amount", "541.33");
            expect("#amount_total_summary").toHaveText("541.33 €");
            expect(getBlocked()).toHaveLength(1);
            expect.verifySteps([{enable: true, offer: "key-1", amount: 541.33}]);
        });
    }

    test("goes with the next try", async () => {
        const second = new Deferred();
        answer(refuse("odoo.exceptions.UserError", words), second);
        await start();
        await tick();
        await click(BOX);
        await delay();
        expect(ANSWER).toHaveText(SAVING);
        second.resolve(ADDED);
        await delay(10);
        expect(ANSWER).toHaveText(ADDED.answer);
        expect(BOX).toBeChecked();
        expect.verifySteps([
            {enable: true, offer: "key-1", amount: 541.33},
            {enable: true, offer: "key-1", amount: 541.33},
        ]);
    });

    test("of what is taken away leaves the tick", async () => {
        answer(ADDED, refuse("builtins.KeyError", "KeyError"));
        await start();
        await tick();
        await tick();
        expect(BOX).toBeChecked();
        expect("#amount_total_summary").toHaveText("544.27 €");
        expect.verifySteps([
            {enable: true, offer: "key-1", amount: 541.33},
            {enable: false, offer: "key-1", amount: 544.27},
        ]);
    });
});

describe("a lost answer", () => {
    const tick_ = {enable: true, offer: "key-1", amount: 541.33};
    const untick = {enable: false, offer: "key-1", amount: 544.27};
    const options = [makeOption("demo", "checked")];

    /** Press a box, and lose what is answered. */
    async function press(isTicked, ...answers) {
        answer(...(isTicked ? [ADDED] : []), ...answers);
        await start({options});
        queryOne(TERMS).checked = true;
        if (isTicked) {
            await tick();
            expect.verifySteps([tick_]);
        }
        freezeTime();
        await click(BOX);
        await advanceTime(20);
        expect.verifySteps([isTicked ? untick : tick_]);
    }

    async function waitForNothing() {
        for (const milliseconds of [1000, 2000, 4000]) {
            await advanceTime(milliseconds + 20);
        }
        expect.verifySteps(["read", "read", "read"]);
    }

    function check(isTicked, words, isOrdering) {
        expect(queryOne(BOX).checked).toBe(isTicked);
        expect(ANSWER).toHaveText(words);
        expect(queryOne(BUTTON).disabled).toBe(!isOrdering);
        expect(UNSAVED).toHaveCount(isOrdering ? 0 : 1);
        expect("#o_payment_form").toHaveAttribute(
            "data-amount",
            isTicked ? "544.27" : "541.33"
        );
    }

    for (const [name, first] of [
        ["that never comes", LOST],
        ["that is late", new Deferred()],
    ]) {
        test(`${name} is read after 1, 2 and 4 s`, async () => {
            await press(false, first, LOST, new Deferred(), LOST);
            await advanceTime(first === LOST ? 0 : 5000);
            for (const [milliseconds, patience] of [
                [1000, 0],
                [2000, 5000],
                [4000, 0],
            ]) {
                expect(ANSWER).toHaveText(SAVING);
                expect(OFFER).toHaveAttribute("aria-busy", "true");
                expect(queryOne(BUTTON).disabled).toBe(true);
                await advanceTime(milliseconds - 100);
                expect.verifySteps([]);
                await advanceTime(200);
                expect.verifySteps(["read"]);
                await advanceTime(patience);
            }
            check(false, FAILED, true);
            expect(getBlocked()).toHaveLength(1);
        });
    }

    for (const isTicked of [false, true]) {
        const press_ = isTicked ? "an untick" : "a tick";
        test(`${press_} that arrived is shown by a new page`, async () => {
            await press(isTicked, LOST, {enabled: !isTicked, reload: true});
            await advanceTime(1100);
            expect.verifySteps(["read", "reload"]);
            expect(OFFER).toHaveAttribute("aria-busy", "true");
            expect(queryOne(BUTTON).disabled).toBe(true);
        });

        test(`${press_} that did not arrive is shown as before`, async () => {
            const refusal = refuse("odoo.exceptions.UserError", "Busy.");
            await press(isTicked, LOST, refusal, {enabled: isTicked, reload: false});
            await advanceTime(1100);
            await advanceTime(2100);
            expect.verifySteps(["read", "read"]);
            check(isTicked, FAILED, true);
        });

        test(`${press_} without a connection is not sent`, async () => {
            await press(isTicked, LOST, {enabled: isTicked, reload: false});
            await advanceTime(1100);
            expect.verifySteps(["read"]);
            patchWithCleanup(browser.navigator, {onLine: false});
            await click(BOX);
            await advanceTime(20);
            check(isTicked, OFFLINE, true);
        });
    }

    test("a tick of which nothing is known is shown unticked", async () => {
        await press(false, LOST, LOST, LOST, LOST);
        patchWithCleanup(browser.navigator, {onLine: false});
        await waitForNothing();
        check(false, OFFLINE, true);
    });

    test("an untick of which nothing is known asks for a reload", async () => {
        await press(true, LOST, LOST, LOST, LOST, REMOVED);
        await waitForNothing();
        check(true, "Not removed. Reload the page", false);
        expect(`${ANSWER} a`).toHaveAttribute("href", "/shop/payment");
        // Nobody else can enable the button, only another answer.
        getService("public.interactions").env.bus.trigger("enablePaymentButton");
        expect(queryOne(BUTTON).disabled).toBe(true);
        patchWithCleanup(browser.navigator, {onLine: false});
        await click(BOX);
        await advanceTime(20);
        check(true, OFFLINE, false);
        patchWithCleanup(browser.navigator, {onLine: true});
        await click(BOX);
        await advanceTime(20);
        expect.verifySteps([untick]);
        check(false, REMOVED.answer, true);
    });
});

describe("an order that the server refuses", () => {
    const PAY_ROUTE = "/shop/payment/transaction/7";

    async function pay(error) {
        onRpc(PAY_ROUTE, async (request) => {
            const {params} = await request.json();
            expect.step(params.trustedshops_protection);
            throw error;
        });
        await rpc(PAY_ROUTE, {trustedshops_protection: true}).catch(() => null);
    }

    test("because the fee is gone loads the page, which says so", async () => {
        await start();
        const error = refuse("odoo.exceptions.UserError", "Nothing was ordered.");
        error.data.context = {trustedshops_reload: true};
        await pay(error);
        expect.verifySteps([true, "reload"]);
        const {words} = JSON.parse(browser.sessionStorage.getItem(PLACE));
        expect(words).toBe("Nothing was ordered.");
    });

    test("for another reason stays", async () => {
        await start();
        await pay(refuse("odoo.exceptions.UserError", "Paid already."));
        expect.verifySteps([true]);
    });
});

describe("a new page", () => {
    // A busy machine must not be late.
    beforeEach(() => freezeTime());

    for (const [name, isPersisted, expected] of [
        ["out of the history of the browser", true, ["reload"]],
        ["from the server", false, []],
    ]) {
        test(`a page ${name}`, async () => {
            await start();
            window.dispatchEvent(
                new PageTransitionEvent("pageshow", {persisted: isPersisted})
            );
            expect.verifySteps(expected);
            expect(browser.sessionStorage.getItem(PLACE)).toBe(null);
        });
    }

    for (const [isChosen, hasTerms] of [
        [true, true],
        [true, false],
        [false, true],
        [false, false],
    ]) {
        const chosen = isChosen ? "a method" : "no method";
        const terms = hasTerms ? "accepted terms" : "no terms";
        test(`it is told of ${chosen} and ${terms}`, async () => {
            answer({enabled: true, reload: true});
            await start({options: [makeOption("demo"), makeOption("custom")]});
            if (isChosen) {
                await click("#option_custom");
            }
            if (hasTerms) {
                await click(TERMS);
            }
            await tick();
            expect(JSON.parse(browser.sessionStorage.getItem(PLACE))).toEqual({
                scroll: window.scrollY,
                ...(isChosen ? {method: "option_custom"} : {}),
                terms: hasTerms,
            });
            expect.verifySteps([
                {enable: true, offer: "key-1", amount: 541.33},
                "reload",
            ]);
        });
    }

    function remember(place) {
        browser.sessionStorage.setItem(PLACE, JSON.stringify({scroll: 0, ...place}));
    }

    test("it is where the page before was", async () => {
        const options = [makeOption("demo"), makeOption("custom")];
        remember({method: "option_custom", terms: true, scroll: 120});
        patchWithCleanup(window, {scrollTo: (place) => expect.step(place)});
        await start({options, notice: ""});
        expect.verifySteps([{top: 120, behavior: "instant"}]);
        expect("#option_custom").toBeChecked();
        expect(TERMS).toBeChecked();
        expect(BOX).toBeFocused();
        expect(browser.sessionStorage.getItem(PLACE)).toBe(null);
        await advanceTime(790);
        expect(ANSWER).toHaveText("");
        await advanceTime(20);
        expect(ANSWER).toHaveText("The offer came back.");
    });

    test("what the page before was told is said", async () => {
        remember({terms: false, words: "Nothing was ordered."});
        patchWithCleanup(Element.prototype, {
            scrollIntoView() {
                expect.step(this.getAttribute("name"));
            },
        });
        await start();
        expect.verifySteps(["trustedshops_answer"]);
        await advanceTime(810);
        expect(ANSWER).toHaveText("Nothing was ordered.");
    });

    test("its notice is read out", async () => {
        remember({terms: false});
        await start();
        await advanceTime(790);
        const [text] = queryOne(ANSWER).childNodes;
        await advanceTime(20);
        expect(ANSWER).toHaveText(NOTICE);
        expect(queryOne(ANSWER).childNodes[0]).not.toBe(text);
    });

    test("a link in what is said keeps leading there", async () => {
        remember({terms: false});
        await start({notice: `Not removed. <a href="/shop/payment">Reload</a>`});
        await advanceTime(810);
        expect(`${ANSWER} a[href="/shop/payment"]`).toHaveText("Reload");
    });

    test("it accepts no terms that were not accepted, chooses no method", async () => {
        remember({terms: false});
        await start();
        expect(TERMS).not.toBeChecked();
        expect("input[name='o_payment_radio']:checked").toHaveCount(0);
    });

    test("what it has already is not pressed again", async () => {
        remember({method: "option_demo", terms: true});
        const presses = [];
        getFixture().addEventListener(
            "click",
            ({target}) => presses.push(target.id),
            true
        );
        const options = [makeOption("demo", "checked")];
        addSettings({offer: "key-1"});
        const page = makePage({options}).replace(
            `id="website_sale_tc_checkbox"`,
            `id="website_sale_tc_checkbox" checked="checked"`
        );
        await startInteraction([PaymentForm, ProtectionOffer], page);
        expect(presses).toEqual([]);
        expect(TERMS).toBeChecked();
        expect("#option_demo").toBeChecked();
    });

    test("a method that is gone is no error", async () => {
        remember({method: "option_gone", terms: false});
        await start();
        expect(BOX).toBeFocused();
    });

    test("a notice is read where there is no box", async () => {
        remember({terms: false});
        await start({offer: ""});
        expect(ANSWER).toBeFocused();
        await advanceTime(1000);
        expect(ANSWER).toHaveText(NOTICE);
    });

    test("a page without a place before it has the focus where it was", async () => {
        await start();
        await advanceTime(1000);
        expect(BOX).not.toBeFocused();
        expect(ANSWER).toHaveText(NOTICE);
    });
});
