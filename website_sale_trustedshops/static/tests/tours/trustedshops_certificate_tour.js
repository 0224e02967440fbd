import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

/** Address of the form of a new certificate. */
const NEW_FORM =
    "/odoo/action-website_sale_trustedshops.trustedshops_certificate_action/new";

/**
 * Type into a field of the form.
 *
 * @param {string} name technical name
 * @param {string} text replaces what is there
 */
function type(name, text) {
    return {
        content: `Type into ${name}`,
        trigger: `.o_field_widget[name='${name}'] input`,
        run: `edit ${text}`,
    };
}

/**
 * See what the form says about a certificate.
 *
 * @param {string} cause of the finding
 * @param {string} level `ok`, `hint` or `problem`
 * @param {string} text part of its words
 */
function seeFinding(cause, level, text) {
    return {
        content: `See that ${cause} is told`,
        trigger: `li.o_trustedshops_${level}[data-cause='${cause}']:contains("${text}")`,
    };
}

registry.category("web_tour.tours").add("trustedshops_classic", {
    url: NEW_FORM,
    steps: () => [
        type("ts_id", "xc1a551c0000000000000000000000000"),
        ...stepUtils.saveForm(),
        seeFinding("state", "ok", "The certificate is valid."),
        {
            content: "See that a certificate is all that Classic needs",
            trigger:
                ".o_form_view:not(:has([name='ws_user'])):not(:has([name='item_ids']))",
        },
    ],
});

registry.category("web_tour.tours").add("trustedshops_excellence", {
    url: NEW_FORM,
    steps: () => [
        type("ts_id", "XE0CE11E0000000000000000000000000"),
        ...stepUtils.saveForm(),
        seeFinding("login_missing", "problem", "The web service login is missing."),
        type("ws_user", "shop-4711"),
        type("new_ws_password", "wrong"),
        ...stepUtils.saveForm(),
        seeFinding("login", "problem", "does not accept the web service login"),
        type("new_ws_password", "right"),
        ...stepUtils.saveForm(),
        seeFinding("login", "ok", "accepts the web service login"),
        {
            content: "See the fees",
            trigger: "[name='item_ids'] tr.o_data_row:contains('19.60')",
        },
    ],
});
