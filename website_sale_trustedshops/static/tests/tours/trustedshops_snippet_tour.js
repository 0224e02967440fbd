/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {
    changeOption,
    changeOptionInPopover,
    clickOnSave,
    clickOnSnippet,
    goBackToBlocks,
    insertSnippet,
    registerWebsitePreviewTour,
} from "@website/js/tours/tour_utils";

const BADGE = {id: "s_trustedshops_badge", name: "Trusted Shops Badge"};
const REVIEWS = {id: "s_trustedshops_reviews", name: "Trusted Shops Reviews"};
const WIDGET_ID = "wdg-01234567-89ab-cdef-0123-456789abcdef";
const LABEL = '"><img src=x onerror=alert(1)>';

/**
 * See something in the page that is being edited.
 *
 * @param {string} content what it is
 * @param {string} selector
 */
function see(content, selector) {
    return {content: `See ${content}`, trigger: `:iframe ${selector}`};
}

/**
 * Type into an option.
 *
 * @param {string} block name of the block
 * @param {string} label of the option
 * @param {string} text
 */
function type(block, label, text) {
    return {
        content: `Type into ${label}`,
        trigger: `.o_customize_tab [data-container-title='${block}'] [data-label='${label}'] input`,
        run: `edit ${text} && press Tab`,
    };
}

/**
 * See what is left in the field of the widget.
 *
 * @param {string} text
 */
function seeWidgetId(text) {
    return {
        content: `See "${text}" in the field`,
        trigger: ".o_customize_tab [data-label='Widget ID'] input",
        run() {
            if (this.anchor.value !== text) {
                throw new Error(`The field holds ${this.anchor.value}`);
            }
        },
    };
}

registerWebsitePreviewTour("trustedshops_snippets", {url: "/", edition: true}, () => [
    ...insertSnippet(BADGE),
    see("the seal at once", ".s_trustedshops_badge a img[src$='/seal.svg']"),
    see("its words", ".s_trustedshops_badge a:contains('Certified by Trusted Shops')"),
    see("that the seal of the footer steps back", ".o_trustedshops_seal:not(:visible)"),
    ...clickOnSnippet(BADGE),
    see(
        "where the link leads",
        ".s_trustedshops_badge a[title='See the certificate (opens a new window)']"
    ),
    ...changeOptionInPopover(BADGE.name, "Variant", "Text Link"),
    see(
        "a text of the usual size",
        ".s_trustedshops_badge span[style='font-size: 1em;']:contains('Certified')"
    ),
    ...changeOptionInPopover(BADGE.name, "Size", "Large"),
    see("a large text", ".s_trustedshops_badge span[style='font-size: 1.375em;']"),
    ...changeOptionInPopover(BADGE.name, "Link", "Reviews"),
    see(
        "where the link leads",
        ".s_trustedshops_badge a[title='See the reviews (opens a new window)']"
    ),
    ...changeOptionInPopover(BADGE.name, "Variant", "Seal with Stars"),
    see("the stars", ".s_trustedshops_badge:contains('4.83 of 5') .fa-star"),
    see("a large seal", ".s_trustedshops_badge img[height='88']"),
    ...changeOptionInPopover(BADGE.name, "Alignment", "Centre"),
    ...changeOptionInPopover(BADGE.name, "Corners", "Pill"),
    changeOption(BADGE.name, "[data-label='Background'] .o_we_color_preview"),
    {
        content: "Choose a colour",
        trigger: ".o_popover .o_color_button[data-color='#FF0000']",
        run: "click",
    },
    see("the colour", ".s_trustedshops_badge .rounded-5[style*='#FF0000']"),
    changeOption(BADGE.name, "[data-label='Background'] .o_we_color_preview"),
    {
        content: "See more colours",
        trigger: ".o_popover button:contains('Custom')",
        run: "click",
    },
    {
        content: "Choose a grey",
        trigger: ".o_popover .o_color_button[data-color='900']",
        run: "click",
    },
    see("the grey", ".s_trustedshops_badge .rounded-5.bg-900"),
    type(BADGE.name, "Label", LABEL),
    see("that the label is text", `.s_trustedshops_badge a:contains('${LABEL}')`),
    goBackToBlocks(),
    ...insertSnippet(REVIEWS),
    ...clickOnSnippet(REVIEWS),
    see("what is missing", ".s_trustedshops_reviews:contains('Enter the ID')"),
    type(REVIEWS.name, "Widget ID", "<script>alert(1)</script>"),
    {
        content: "See what is wrong with it",
        trigger: ".o_notification:contains('This contains no widget ID.')",
    },
    seeWidgetId(""),
    see("it is still missing", ".s_trustedshops_reviews:contains('Enter the ID')"),
    type(
        REVIEWS.name,
        "Widget ID",
        `<etrusted-widget data-etrusted-widget-id="${WIDGET_ID}"></etrusted-widget>`
    ),
    see("the placeholder", `.s_trustedshops_reviews:contains('${WIDGET_ID}')`),
    seeWidgetId(WIDGET_ID),
    type(REVIEWS.name, "Widget ID", "nonsense"),
    seeWidgetId(WIDGET_ID),
    type(REVIEWS.name, "Product SKU", '"><b>4711</b>'),
    see("no widget", ".s_trustedshops_reviews:not(:has(etrusted-widget))"),
    ...clickOnSave(),
]);
