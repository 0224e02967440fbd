/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

import {_t} from "@web/core/l10n/translation";
import {
    linkToEditor,
    moreChecks,
    wrong,
} from "@website_sale_trustedshops/backend/website_check";

const STARS = ".o_trustedshops_stars";
const BLOCKS = "[class*='s_trustedshops_']";
// The sentence beside the stars of the server, and the blocks that say it themselves.
const NOTICE = ".o_trustedshops_notice";
const TELLING = `${BLOCKS}[data-widget-id], .s_trustedshops_badge[data-variant='stars']`;
const FOLDED = ".d-none, .collapse:not(.show)";
const PRODUCT_PAGE = "#product_detail";
const PRODUCT = /^(https?:\/\/schema\.org\/)?Product(Group)?$/;

/**
 * See that nobody reads stars without the sentence how reviews are checked.
 *
 * @param {Document} doc the page
 * @param {Object} page its path
 * @returns {Finding|null}
 */
export function checkNotice(doc, page) {
    const pasted = [...doc.querySelectorAll("etrusted-widget")].filter(
        (each) => !each.closest(BLOCKS)
    );
    const isUntold =
        doc.querySelector(STARS) || (pasted.length && !doc.querySelector(TELLING));
    if (!isUntold || hasNotice(doc)) {
        return null;
    }
    return wrong(
        "notice",
        _t("Stars are shown without the sentence on how reviews are checked."),
        pasted.length
            ? _t(
                  "By law it must be readable beside them, without a click. Replace " +
                      "the pasted widget with the block Trusted Shops Reviews or " +
                      "Trusted Shops Product Reviews, which contains the sentence."
              )
            : _t(
                  "By law it must be readable beside them, without a click. Look for " +
                      "a theme that hides it, or that has an old copy of this page."
              ),
        linkToEditor(page)
    );
}

function hasNotice(doc) {
    const notices = [...doc.querySelectorAll(NOTICE)];
    return notices.some((each) => each.textContent.trim() && !each.closest(FOLDED));
}

/**
 * See that search engines find one product in the page of one.
 *
 * @param {Document} doc the page
 * @param {Object} page its path
 * @returns {Finding|null}
 */
export function checkMarkup(doc, page) {
    if (!doc.querySelector(PRODUCT_PAGE)) {
        return null;
    }
    const scripts = [...doc.querySelectorAll("script[type='application/ld+json']")];
    const products = scripts.flatMap(readNodes).filter(isProduct);
    const count = products.length + countMicrodata(doc);
    if (count < 2) {
        return null;
    }
    return wrong(
        "markup",
        _t(
            "The structured data of this page describe %s products: search engines do" +
                " not know which of them is rated.",
            count
        ),
        _t(
            "Odoo describes the product already. Remove the other description from the" +
                " theme, the page, or the app that adds it."
        ),
        linkToEditor(page)
    );
}

/**
 * Return the outermost nodes of structured data; none where they cannot be read.
 */
function readNodes({textContent}) {
    try {
        const found = [JSON.parse(textContent)].flat();
        return found.flatMap((node) => node?.["@graph"] || [node]);
    } catch {
        return [];
    }
}

function isProduct(node) {
    return [node?.["@type"]].flat().some((type) => PRODUCT.test(type));
}

/**
 * Return how many products are described by attributes, without those in others.
 */
function countMicrodata(doc) {
    const items = [...doc.querySelectorAll("[itemscope][itemtype]")];
    const products = items.filter((each) =>
        PRODUCT.test(each.getAttribute("itemtype"))
    );
    return products.filter(
        (each) => !products.some((other) => other !== each && other.contains(each))
    ).length;
}

moreChecks.add("notice", checkNotice).add("markup", checkMarkup);
