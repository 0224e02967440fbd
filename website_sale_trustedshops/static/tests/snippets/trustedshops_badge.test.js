/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {describe, expect, queryFirst, test} from "@odoo/hoot";
import {
    setupInteractionWhiteList,
    startInteractions,
} from "@web/../tests/public/helpers";
import {answerBlocks} from "../helpers";

setupInteractionWhiteList("website_sale_trustedshops.badge_snippet");

const BOX = ".o_trustedshops_box";
const SEAL = ".o_trustedshops_seal";
const URL = "https://www.trustedshops.com/certificate";
const REVIEWS = "https://www.trustedshops.com/reviews";
const HOSTILE = "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;";
const DATA = {
    url: URL,
    image: "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
    isOwn: false,
    background: "",
    label: "Certified by Trusted Shops",
    hint: "See the certificate",
    reviewsUrl: REVIEWS,
    reviewsHint: "See the reviews",
    notice: "How reviews are checked.",
    rating: {
        percent: 96.6,
        text: "4.83 of 5",
        count: "123 reviews",
        link: "All reviews",
    },
};

async function start(attributes = "", changes = {}) {
    await answerBlocks({...DATA, ...changes});
    await startInteractions(`
        <div class="s_trustedshops_badge" ${attributes}>Old content</div>
        <footer><div class="o_trustedshops_seal">Seal</div></footer>`);
}

function getStars() {
    const icons = [...document.querySelectorAll(`${BOX} .fa`)];
    return icons.map(({className}) => className.replace("fa ", ""));
}

describe("what shows", () => {
    test("a seal by default, which leads to the certificate", async () => {
        await start();
        expect(`${BOX} img`).toHaveCount(1);
        expect(`${BOX} img`).toHaveAttribute("alt", "");
        expect(`${BOX} img`).toHaveStyle({height: "56px"});
        expect(".s_trustedshops_badge").toHaveText("Certified by Trusted Shops");
        expect(`${BOX} a`).toHaveAttribute("href", URL);
        expect(`${BOX} a`).toHaveAttribute("title", "See the certificate");
        expect(`${BOX} a`).toHaveAttribute("target", "_blank");
        expect(`${BOX} a`).toHaveAttribute("rel", "noopener nofollow");
        expect(`${BOX} .o_trustedshops_notice`).toHaveCount(0);
        expect(BOX).toHaveClass("rounded");
    });

    for (const [variant, isOwn, images, text] of [
        ["seal", false, 1, "Certified by Trusted Shops"],
        ["seal", true, 1, ""],
        ["text", false, 0, "Certified by Trusted Shops"],
        ["text", true, 0, "Certified by Trusted Shops"],
        [HOSTILE, false, 1, "Certified by Trusted Shops"],
    ]) {
        const picture = isOwn ? "the merchant's picture" : "our drawing";
        test(`variant ${variant} with ${picture}`, async () => {
            await start(`data-variant="${variant}"`, {isOwn});
            expect(`${BOX} img`).toHaveCount(images);
            expect(BOX).toHaveText(text);
            if (images) {
                const alt = isOwn ? "Certified by Trusted Shops" : "";
                expect(`${BOX} img`).toHaveAttribute("alt", alt);
            }
        });
    }

    for (const [percent, stars] of [
        [0, "ooooo"],
        [4, "ooooo"],
        [5, "hoooo"],
        [50, "sshoo"],
        [84.9, "sssso"],
        [85, "ssssh"],
        [94.9, "ssssh"],
        [95, "sssss"],
        [100, "sssss"],
    ]) {
        test(`stars of ${percent} percent: ${stars}`, async () => {
            const icons = {s: "fa-star", h: "fa-star-half-o", o: "fa-star-o"};
            await start(`data-variant="stars"`, {rating: {...DATA.rating, percent}});
            expect(getStars()).toEqual([...stars].map((each) => icons[each]));
        });
    }

    test("stars with what the law asks for beside them", async () => {
        await start(`data-variant="stars"`);
        expect(`${BOX} [role='img']`).toHaveAttribute("aria-label", "4.83 of 5");
        expect(`${BOX} .o_trustedshops_notice`).toHaveText("How reviews are checked.");
        expect(`${BOX} .o_trustedshops_rating`).toHaveText(
            "4.83 of 5 (123 reviews)\nAll reviews"
        );
        expect(`${BOX} .o_trustedshops_rating a`).toHaveAttribute("href", REVIEWS);
    });

    test("stars without a rating are a seal", async () => {
        await start(`data-variant="stars"`, {rating: null});
        expect(getStars()).toEqual([]);
        expect(`${BOX} .o_trustedshops_notice`).toHaveCount(0);
        expect(`${BOX} img`).toHaveCount(1);
    });

    test("nothing without a certificate, not even what is stored", async () => {
        await start("", {url: undefined});
        expect(BOX).toHaveCount(0);
        expect(".s_trustedshops_badge").toHaveText("");
    });
});

describe("what is stored in the page", () => {
    for (const [link, href, title] of [
        ["certificate", URL, "See the certificate"],
        ["reviews", REVIEWS, "See the reviews"],
        ["javascript:alert(1)", URL, "See the certificate"],
        ["__proto__", URL, "See the certificate"],
        ["constructor", URL, "See the certificate"],
        ["none", null, null],
    ]) {
        test(`link ${link}`, async () => {
            await start(`data-link="${link}"`);
            const element = queryFirst(`${BOX} > *`);
            expect(element.localName).toBe(href ? "a" : "span");
            for (const [name, value] of Object.entries({href, title})) {
                expect(element.getAttribute(name)).toBe(value);
            }
        });
    }

    for (const [size, height, fontSize] of [
        ["small", "32px", "0.875em"],
        ["medium", "56px", "1em"],
        ["large", "88px", "1.375em"],
        ["huge", "56px", "1em"],
        ["__proto__", "56px", "1em"],
        ["constructor", "56px", "1em"],
    ]) {
        test(`size ${size}`, async () => {
            await start(`data-size="${size}"`);
            expect(queryFirst(`${BOX} img`).style.height).toBe(height);
            expect(queryFirst(`${BOX} .text-break`).style.fontSize).toBe(fontSize);
        });
    }

    for (const [corners, expected] of [
        ["none", "rounded-0"],
        ["rounded", "rounded"],
        ["pill", "rounded-pill"],
        ["constructor", "rounded"],
        ["d-none", "rounded"],
    ]) {
        test(`corners ${corners}`, async () => {
            await start(`data-corners="${corners}"`);
            const classes = [...queryFirst(BOX).classList];
            expect(classes.filter((name) => /^(rounded|d-none)/.test(name))).toEqual([
                expected,
            ]);
        });
    }

    for (const [name, label, expected] of [
        ["words", "Safe shopping", "Safe shopping"],
        ["blanks", "   ", "Certified by Trusted Shops"],
        ["markup", HOSTILE, '"><img src=x onerror=alert(1)>'],
        ["too many words", "x".repeat(121), "x".repeat(120)],
    ]) {
        test(`label of ${name}`, async () => {
            await start(`data-label="${label}"`);
            expect(`${BOX} .text-break`).toHaveText(expected);
            expect(`${BOX} img`).toHaveCount(1);
        });
    }

    test("a label stands beside the merchant's own picture, too", async () => {
        await start(`data-label="Safe shopping"`, {isOwn: true});
        expect(BOX).toHaveText("Safe shopping");
        expect(`${BOX} img`).toHaveAttribute("alt", "");
    });

    for (const [color, background, text] of [
        ["#ffffff", "rgb(255, 255, 255)", "rgb(0, 0, 0)"],
        ["#000000", "rgb(0, 0, 0)", "rgb(255, 255, 255)"],
        ["#ffdc0f", "rgb(255, 220, 15)", "rgb(0, 0, 0)"],
        ["#2f6f4e", "rgb(47, 111, 78)", "rgb(255, 255, 255)"],
        ["#e60000", "rgb(230, 0, 0)", "rgb(255, 255, 255)"],
        ["#009600", "rgb(0, 150, 0)", "rgb(0, 0, 0)"],
        // Just dark and just bright enough: the contrast is the same for both.
        ["rgb(117, 117, 117)", "rgb(117, 117, 117)", "rgb(255, 255, 255)"],
        ["rgb(118, 118, 118)", "rgb(118, 118, 118)", "rgb(0, 0, 0)"],
        ["rgba(0, 0, 0, 0.4)", "rgba(0, 0, 0, 0.4)", ""],
        ["transparent", "rgba(0, 0, 0, 0)", ""],
        ["900", "rgb(1, 2, 3)", "rgb(255, 255, 255)"],
        ["o-color-1", "rgb(250, 250, 250)", "rgb(0, 0, 0)"],
        ["red;background:url(javascript:alert(1))", "rgba(0, 0, 0, 0)", ""],
        ["url(javascript:alert(1))", "rgba(0, 0, 0, 0)", ""],
        ["", "rgba(0, 0, 0, 0)", ""],
    ]) {
        test(`colour "${color}"`, async () => {
            const theme = "--900: rgb(1, 2, 3); --o-color-1: rgb(250, 250, 250);";
            await start(`style="${theme}" data-background-color="${color}"`);
            const {style} = queryFirst(BOX);
            expect(getComputedStyle(queryFirst(BOX)).backgroundColor).toBe(background);
            expect(style.color).toBe(text);
            expect(style.backgroundImage).not.toMatch("url");
        });
    }

    test("without a colour of its own it has that of the certificate", async () => {
        await start("", {background: "#000000"});
        expect(queryFirst(BOX).style.color).toBe("rgb(255, 255, 255)");
    });
});

describe("one seal per page", () => {
    for (const [name, attributes, changes, isHidden] of [
        ["a seal", "", {}, true],
        ["stars", `data-variant="stars"`, {}, true],
        ["a text, which is no seal", `data-variant="text"`, {}, false],
        ["a seal that nothing certifies", "", {url: undefined}, false],
    ]) {
        test(`that of the footer is hidden by ${name}: ${isHidden}`, async () => {
            await start(attributes, changes);
            const [seal] = document.querySelectorAll(SEAL);
            expect(seal.classList.contains("d-none")).toBe(isHidden);
        });
    }

    test("a page may have no seal in its footer", async () => {
        await answerBlocks(DATA);
        await startInteractions(`<div class="s_trustedshops_badge"></div>`);
        expect(BOX).toHaveCount(1);
    });
});
