/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {registry} from "@web/core/registry";

/** The page *Payments* of the order form. */
const PAGE = ".o_notebook .tab-pane.active";

/**
 * See a text in a field of the page.
 *
 * @param {string} name technical name
 * @param {string} text part of what it shows
 */
function see(name, text) {
    return {
        content: `See ${text} in ${name}`,
        trigger: `${PAGE} .o_field_widget[name='${name}']:contains("${text}")`,
    };
}

/**
 * See a text on the card of the protection.
 *
 * @param {string} text part of what it shows
 */
function seeOnCard(text) {
    return {
        content: `See ${text} on the card`,
        trigger: `${PAGE} .o_kanban_record:contains("${text}")`,
    };
}

registry.category("web_tour.tours").add("trustedshops_staff", {
    steps: () => [
        {
            content: "See the stat button",
            trigger: ".oe_stat_button:contains('Buyer Protection')",
        },
        {
            content: "Open the page of the payments",
            trigger: ".o_notebook a[name='trustedshops_payments']",
            run: "click",
        },
        see("trustedshops_payments", "100.98"),
        seeOnCard("the shop is looking into it"),
        {
            content: "See that there is nothing to apply for",
            trigger: `${PAGE}:not(:has(button[name='action_apply_now']))`,
        },
        {
            content: "Enter the number",
            trigger: "button[name='action_enter_number']",
            run: "click",
        },
        {
            content: "Type it",
            trigger: ".modal .o_field_widget[name='number'] input",
            run: "edit 815",
        },
        {
            content: "Save it",
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        seeOnCard("815"),
        {
            content: "Pay the fee back",
            trigger: "button[name='action_refund_fee']",
            run: "click",
        },
        {
            content: "Read that the cover stays, and mean it",
            trigger: ".modal:contains('the cover stays') .btn-primary",
            run: "click",
        },
        seeOnCard("Not charged"),
        {
            content: "See that it cannot be paid back twice",
            trigger: `${PAGE}:not(:has(button[name='action_refund_fee']))`,
        },
    ],
});

registry.category("web_tour.tours").add("trustedshops_statement", {
    steps: () => [
        {
            content: "See what is not decided of the month",
            trigger: ".o_group_header:contains('Undecided')",
            run: "click",
        },
        {
            content: "See it in euro, and its rows",
            trigger: ".o_group_header:contains('EUR'):contains('0.00')",
            run: "click",
        },
        {
            content: "See a row",
            trigger: ".o_list_view tr.o_data_row td[name='application_number']",
        },
        {
            content: "Select every row",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Press the bill of one of them",
            trigger: ".o_data_row:first td[name='billed_ref']",
            run: "click",
        },
        {
            content: "Type the number of the invoice",
            trigger: ".o_data_row:first .o_field_widget[name='billed_ref'] input",
            run: "edit TS-2026-11 && press Enter",
        },
        {
            content: "Save it in all of them",
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            content: "See it in the other row",
            trigger: ".o_data_row:last td[name='billed_ref']:contains('TS-2026-11')",
        },
    ],
});
