/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {OTHER_ID, TS_ID, addDrawing, addSettings, addToHead} from "../helpers";
import {
    advanceTime,
    beforeEach,
    delay,
    describe,
    expect,
    freezeTime,
    getFixture,
    test,
} from "@odoo/hoot";
import {Registration, Trustcard} from "@website_sale_trustedshops/checkout/trustcard";
import {browser} from "@web/core/browser/browser";
import {onRpc} from "@web/../tests/web_test_helpers";
import {startInteraction} from "@web/../tests/public/helpers";

const PREPARED = "trustbadge_event_checkout_card_prepared";
const LOADER = `<script type="t" src="//widgets.trustedshops.com/js/${TS_ID}.js"></script>`;
const OTHER = `<script type="t" src="//widgets.trustedshops.com/js/${OTHER_ID}.js"></script>`;

/** Note what a route is told; the first calls fail. */
function listen(route, failures = 0) {
    let left = failures;
    onRpc(route, async (request) => {
        expect.step((await request.json()).params);
        if (left-- > 0) {
            throw new Error("The shop is busy.");
        }
        return {noted: true};
    });
}

describe("the card", () => {
    // A busy machine must not be late.
    beforeEach(() => freezeTime());

    async function start(failures = 0, card = `<div id="trustedShopsCheckout"/>`) {
        listen("/shop/trustedshops/card_delivered", failures);
        addSettings({card: {orderId: 7, tsId: TS_ID}});
        await startInteraction(Trustcard, card);
    }

    async function prepare(target = document) {
        target.dispatchEvent(new Event(PREPARED));
        await delay();
    }

    async function load(html) {
        addToHead(html).dispatchEvent(new Event("load"));
        await delay();
    }

    for (const [name, getTarget] of [
        ["window", () => window],
        ["document", () => document],
        ["an element", () => getFixture()],
    ]) {
        test(`told by an event of ${name}`, async () => {
            await start();
            expect.verifySteps([]);
            await prepare(getTarget());
            expect.verifySteps([{order_id: 7}]);
        });
    }

    test("told once", async () => {
        await start();
        await prepare();
        await prepare();
        expect.verifySteps([{order_id: 7}]);
    });

    test("told again after a failure, and then no more", async () => {
        await start(1);
        await prepare();
        expect.verifySteps([{order_id: 7}]);
        await prepare();
        await prepare();
        expect.verifySteps([{order_id: 7}]);
    });

    test("a page without a card tells nothing", async () => {
        addDrawing();
        await start(0, "");
        await prepare();
        await load(LOADER);
        await advanceTime(10000);
        expect.verifySteps([]);
    });

    test("a silent script has drawn after three seconds", async () => {
        await start();
        addDrawing();
        await load(LOADER);
        await advanceTime(2990);
        expect.verifySteps([]);
        await advanceTime(20);
        await delay();
        expect.verifySteps([{order_id: 7}]);
    });

    test("a script that was there before the page is ready counts, too", async () => {
        addDrawing();
        addToHead(LOADER);
        await start();
        await advanceTime(3010);
        await delay();
        expect.verifySteps([{order_id: 7}]);
    });

    test("a silent script that speaks later is told of once", async () => {
        await start();
        addDrawing();
        await load(LOADER);
        await prepare();
        await advanceTime(10000);
        expect.verifySteps([{order_id: 7}]);
    });

    test("a script that draws nothing has drawn no card", async () => {
        await start();
        await load(LOADER);
        await advanceTime(10000);
        expect.verifySteps([]);
    });

    test("the script of another shop has drawn no card", async () => {
        await start();
        addDrawing();
        await load(OTHER);
        await advanceTime(10000);
        expect.verifySteps([]);
    });

    test("more scripts begin no second wait", async () => {
        await start(1);
        addDrawing();
        await load(LOADER);
        await advanceTime(1000);
        await load(OTHER);
        await advanceTime(2010);
        await delay();
        await advanceTime(1000);
        await delay();
        expect.verifySteps([{order_id: 7}]);
    });
});

describe("the button to register", () => {
    const FORM = `<div class="o_trustedshops_form"><form data-order-id="5"></form></div>`;

    async function press(failures) {
        listen("/my/orders/5/trustedshops_registration", failures);
        await startInteraction(Registration, FORM);
        document.querySelector("form").dispatchEvent(new Event("submit"));
        await delay();
    }

    test("it is told, with what lets a guest see the order", async () => {
        browser.location.search = "?access_token=abc";
        await press();
        expect.verifySteps([{access_token: "abc"}]);
    });

    test("it is told of an account, which needs no token", async () => {
        await press();
        expect.verifySteps([{access_token: null}]);
    });

    test("a shop that does not answer breaks nothing", async () => {
        await press(1);
        expect.verifySteps([{access_token: null}]);
    });

    test("another form is none of ours", async () => {
        listen("/my/orders/5/trustedshops_registration");
        await startInteraction(Registration, `<form data-order-id="5"></form>`);
        document.querySelector("form").dispatchEvent(new Event("submit"));
        await delay();
        expect.verifySteps([]);
    });
});
