/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {after, describe, expect, mockFetch, test} from "@odoo/hoot";

const NAME = "@website_sale_trustedshops/snippets/snippet_data";

/** Return the function of a page that has not asked yet. */
function getOfNewPage() {
    return odoo.loader.factories.get(NAME).fn(() => ({})).getSnippetData;
}

describe("what the blocks of a page show", () => {
    test("is asked for once, in the language of the page", async () => {
        const root = document.documentElement;
        const {lang} = root;
        root.lang = "de-DE";
        after(() => {
            root.lang = lang;
        });
        mockFetch((url) => {
            expect.step(url);
            return {label: "Geprüft"};
        });
        const getSnippetData = getOfNewPage();
        expect(await getSnippetData()).toEqual({label: "Geprüft"});
        expect(await getSnippetData()).toEqual({label: "Geprüft"});
        expect.verifySteps(["/shop/trustedshops/snippet?lang=de-DE"]);
    });

    test("is nothing when the shop cannot say it", async () => {
        mockFetch(() => new Response('{"label": "x"}', {status: 500}));
        expect(await getOfNewPage()()).toEqual({});
    });

    test("is nothing when the shop cannot be reached", async () => {
        mockFetch(() => {
            throw new TypeError("Failed to fetch");
        });
        expect(await getOfNewPage()()).toEqual({});
    });
});
