/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {click, delay, describe, expect, queryOne, test} from "@odoo/hoot";
import {
    setupInteractionWhiteList,
    startInteractions,
} from "@web/../tests/public/helpers";
import {PaymentForm} from "@payment/interactions/payment_form";
import {makeOption, makeWords} from "../helpers";
import {makeServerError, onRpc, patchWithCleanup} from "@web/../tests/web_test_helpers";

setupInteractionWhiteList("payment.payment_form");

const EMPTY = "<div></div>";
const OPENED = "<div><p>A form</p></div>";

/** Return the payment form of a page with these options. */
async function start(options, amount = "541.33") {
    const {core} = await startInteractions(
        `<form id="o_payment_form" data-amount="${amount}">${options.join("")}</form>`
    );
    const [{interaction}] = core.interactions;
    return interaction;
}

describe("which forms can be told another amount", () => {
    // Provider, whether it is chosen, what of its form is there.
    for (const [code, state, content, expected] of [
        ["stripe", "", EMPTY, true],
        ["stripe", "", OPENED, true],
        ["stripe", "checked", OPENED, true],
        ["authorize", "checked", OPENED, true],
        ["demo", "checked", OPENED, true],
        ["paypal", "checked", OPENED, true],
        ["xendit", "checked", OPENED, true],
        ["adyen", "", "", true],
        ["adyen", "", EMPTY, true],
        ["adyen", "", OPENED, false],
        ["adyen", "checked", EMPTY, false],
        ["adyen", "checked", "", false],
        ["mercado_pago", "", "", true],
        ["mercado_pago", "", EMPTY, true],
        ["mercado_pago", "", OPENED, false],
        ["mercado_pago", "checked", EMPTY, false],
        ["other", "", "", true],
        ["other", "checked", "", true],
        ["other", "", EMPTY, false],
        ["other", "", OPENED, false],
        ["custom", "checked", "", true],
    ]) {
        const form = {[""]: "no form", [EMPTY]: "an empty form", [OPENED]: "a form"};
        const name = `${code} with ${form[content]} ${state}: ${expected}`;
        test(name, async () => {
            const paymentForm = await start([makeOption(code, state, content)]);
            const radio = queryOne("[name='o_payment_radio']");
            expect(paymentForm._trustedshopsCanTell(radio)).toBe(expected);
            const amount = expected ? 541.33 : null;
            expect(paymentForm._trustedshopsGetAmount()).toBe(amount);
        });
    }

    for (const code of ["stripe", "adyen", "mercado_pago", "other"]) {
        test(`${code} as a token, which has no inline form`, async () => {
            const paymentForm = await start([
                `<div name="o_payment_option"><input type="radio" name="o_payment_radio"
                    data-provider-code="${code}"/></div>`,
            ]);
            expect(paymentForm._trustedshopsGetAmount()).toBe(541.33);
        });
    }

    test("one that cannot be told is enough", async () => {
        const paymentForm = await start([
            makeOption("stripe", "checked", OPENED),
            makeOption("other", "", OPENED),
            makeOption("demo"),
        ]);
        expect(paymentForm._trustedshopsGetAmount()).toBe(null);
    });

    test("all that can be told", async () => {
        const paymentForm = await start([
            makeOption("stripe", "checked", OPENED),
            makeOption("adyen", "", EMPTY),
            makeOption("demo"),
        ]);
        expect(paymentForm._trustedshopsGetAmount()).toBe(541.33);
    });

    test("a page without any option pays the amount of the form", async () => {
        const paymentForm = await start([], "0.50");
        expect(paymentForm._trustedshopsGetAmount()).toBe(0.5);
    });
});

describe("what is told", () => {
    /** Put what a provider keeps into an element of the form. */
    function keep(provider, values) {
        const name = `data-${provider}-inline-form-values`;
        return `<p ${name}='${JSON.stringify(values)}'></p>`;
    }

    function read(provider) {
        return [
            ...document.querySelectorAll(`[data-${provider}-inline-form-values]`),
        ].map((element) => JSON.parse(element.dataset[`${provider}InlineFormValues`]));
    }

    test("the form itself pays the new amount", async () => {
        const paymentForm = await start([makeOption("demo")]);
        paymentForm._trustedshopsTell(544.27);
        expect("#o_payment_form").toHaveAttribute("data-amount", "544.27");
        expect(paymentForm.paymentContext.amount).toBe("544.27");
        expect(paymentForm._trustedshopsGetAmount()).toBe(544.27);
    });

    // Before and after in the currency, and in the units of the provider.
    for (const [name, before, minor, after, expected] of [
        ["two decimals", "541.33", 54133, 544.27, 54427],
        ["two decimals, which floats do not have", "1.15", 115, 19.99, 1999],
        ["two decimals, half a unit", "100.00", 10000, 1.005, 100],
        ["no decimals", "1000", 1000, 1299, 1299],
        [
            "no decimals, which the provider counts in hundredths",
            "1000",
            100000,
            1299,
            129900,
        ],
        ["three decimals", "10.500", 10500, 12.345, 12345],
        ["an amount below one", "0.25", 25, 0.3, 30],
        ["more decimals than the provider takes", "0.333", 33, 1000, 100000],
        ["one more digit", "999.99", 99999, 1002.93, 100293],
    ]) {
        test(`an amount in minor units: ${name}`, async () => {
            const paymentForm = await start(
                [
                    keep("stripe", {minor_amount: minor, currency_name: "xxx"}),
                    keep("adyen", {
                        formatted_amount: {value: minor, currency: "XXX"},
                        partner_id: 1,
                    }),
                ],
                before
            );
            const told = [];
            paymentForm.stripeElements = {1: {update: (values) => told.push(values)}};
            paymentForm._trustedshopsTell(after);
            expect(read("stripe")).toEqual([
                {minor_amount: expected, currency_name: "xxx"},
            ]);
            expect(read("adyen")).toEqual([
                {formatted_amount: {value: expected, currency: "XXX"}, partner_id: 1},
            ]);
            expect(told).toEqual([{amount: expected}]);
        });
    }

    test("there and back again", async () => {
        const paymentForm = await start([keep("stripe", {minor_amount: 54133})]);
        paymentForm._trustedshopsTell(544.27);
        paymentForm._trustedshopsTell(541.33);
        expect(read("stripe")).toEqual([{minor_amount: 54133}]);
        expect("#o_payment_form").toHaveAttribute("data-amount", "541.33");
    });

    test("each form of each provider", async () => {
        const paymentForm = await start([
            keep("stripe", {minor_amount: 54133}),
            keep("stripe", {minor_amount: 54133}),
            keep("adyen", {formatted_amount: {value: 54133}}),
            keep("adyen", {formatted_amount: {value: 54133}}),
        ]);
        const told = [];
        paymentForm.stripeElements = {
            1: {update: ({amount}) => told.push(amount)},
            2: {update: ({amount}) => told.push(amount)},
        };
        paymentForm._trustedshopsTell(544.27);
        expect(read("stripe").map((each) => each.minor_amount)).toEqual([54427, 54427]);
        expect(read("adyen").map((each) => each.formatted_amount.value)).toEqual([
            54427, 54427,
        ]);
        expect(told).toEqual([54427, 54427]);
    });
});

describe("the words of the order button", () => {
    for (const [attribute, isLater, expected] of [
        ["data-trustedshops-words=''", true, "Order with obligation to pay"],
        ["data-trustedshops-words=''", false, "Order with obligation to pay"],
        ["", true, "Confirm"],
        ["", false, "Order with obligation to pay"],
    ]) {
        const when = isLater ? "later" : "now";
        test(`${attribute || "without the law"}, to be paid ${when}`, async () => {
            patchWithCleanup(PaymentForm.prototype, {
                _isPayLaterPaymentMethod: () => isLater,
            });
            await startInteractions(
                `<div ${attribute}>
                    <form id="o_payment_form" data-amount="1">
                        ${makeOption("custom", "checked")}
                    </form>
                </div>
                <button name="o_payment_submit_button">Order with obligation to pay</button>`
            );
            expect("button[name='o_payment_submit_button']").toHaveText(expected);
        });
    }
});

describe("an order", () => {
    const ROUTE = "/shop/payment/transaction/7";
    const PAGE = `
        <form id="o_payment_form" data-amount="541.33" data-transaction-route="${ROUTE}">
        ${makeOption("demo", "checked")}</form>
        <input type="checkbox" data-trustedshops-sent-as="one" checked="checked"/>
        <input type="checkbox" data-trustedshops-sent-as="other"/>
        ${makeWords({})}
        <button name="o_payment_submit_button">Pay</button>`;

    /** Press the button of a page; return what the page says, and whether it waits. */
    async function pay(answer) {
        const told = [];
        patchWithCleanup(PaymentForm.prototype, {
            _displayErrorDialog: (...words) => told.push(words),
            _processRedirectFlow: () => told.push("goes on"),
        });
        onRpc(ROUTE, async (request) => {
            const {one, other} = (await request.json()).params;
            expect.step([one, other]);
            if (answer instanceof Error) {
                throw answer;
            }
            return answer;
        });
        const {core} = await startInteractions(PAGE);
        const [{interaction}] = core.interactions;
        interaction.env.bus.addEventListener("ui", ({detail}) => told.push(detail));
        interaction.paymentContext.flow = "redirect";
        await click("button");
        await delay(10);
        return told;
    }

    test("says what the page shows of each box", async () => {
        expect(await pay({})).toEqual(["block", "goes on"]);
        expect.verifySteps([[true, false]]);
    });

    test("that the shop refuses leaves no error in the console", async () => {
        const refusal = {errorName: "odoo.exceptions.UserError", message: "No."};
        expect(await pay(makeServerError(refusal))).toEqual([
            "block",
            ["Payment processing failed", "No."],
            "unblock",
        ]);
        expect.verifySteps([[true, false]]);
    });

    test("whose answer is lost is not sent again by itself", async () => {
        expect(await pay(new Response("", {status: 502}))).toEqual([
            "block",
            ["No answer", "Look at your orders"],
            "unblock",
        ]);
        expect.verifySteps([[true, false]]);
    });
});
