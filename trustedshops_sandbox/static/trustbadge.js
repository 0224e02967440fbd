/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

/* A stand-in for the script of Trusted Shops: a box at the edge of the window, and a
   card after an order. Only attributes, ids and events are those of the real one. It
   draws nothing by itself: the script of the shop, which brought it, calls `load`. */
(function () {
    const ELEMENT = "data-tb-element";
    const BADGE = "trustbadge_minimised_container";
    const PHONE_WIDTH = 768;
    const FADE_OUT_AFTER = 5000;
    const OFFSETS = {desktop: [-54, 999], mobile: [-10, 999]};
    const SIDES = {desktop: ["left", "right"], mobile: ["left", "right", "center"]};
    const COLOURS = {light: ["#ffffff", "#212121"], dark: ["#212121", "#ffffff"]};
    const site = new URL(document.currentScript.src).origin;
    const nodes = [];
    // The shop, and the script tag of its page, which has the options.
    let shop = null;
    let script = null;

    function isSet(name) {
        return script.getAttribute(`data-${name}`) === "true";
    }

    function getOffset(device) {
        const value = parseInt(script.getAttribute(`data-${device}-y-offset`), 10) || 0;
        const [lowest, highest] = OFFSETS[device];
        return Math.min(highest, Math.max(lowest, value));
    }

    function getSide(device) {
        const side = script.getAttribute(`data-${device}-position`);
        return SIDES[device].includes(side) ? side : "right";
    }

    function getScheme() {
        const scheme = script.getAttribute("data-color-scheme");
        if (scheme in COLOURS) {
            return scheme;
        }
        return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    }

    function make(tag, text, style) {
        const node = document.createElement(tag);
        node.textContent = text;
        Object.assign(node.style, style);
        return node;
    }

    function draw(node) {
        nodes.push(node);
        document.body.append(node);
    }

    function tell(name) {
        document.dispatchEvent(new Event(`trustbadge_event_${name}`));
    }

    function isWanted(device) {
        const isHidden = device === "mobile" && isSet("disable-mobile");
        return !isHidden && !isSet("disable-trustbadge");
    }

    function getText(device) {
        const stars = isSet(`${device}-disable-reviews`) ? "" : shop.stars;
        const marks = [shop.isCertified && "✔ Trusted Shops", stars && `★ ${stars}`];
        return marks.filter(Boolean).join(" · ");
    }

    function drawBadge() {
        const device = innerWidth < PHONE_WIDTH ? "mobile" : "desktop";
        const text = getText(device);
        if (!text || !isWanted(device)) {
            return;
        }
        const [background, colour] = COLOURS[getScheme()];
        const badge = make("a", text, {
            position: "fixed",
            zIndex: 2147483646,
            bottom: `${getOffset(device)}px`,
            padding: "12px 16px",
            border: "2px solid #ffdc0f",
            borderRadius: "4px",
            background,
            color: colour,
            font: "14px sans-serif",
            textDecoration: "none",
            transition: "opacity 1s",
        });
        const side = getSide(device);
        if (side === "center") {
            Object.assign(badge.style, {left: "50%", transform: "translateX(-50%)"});
        } else {
            badge.style[side] = "0px";
        }
        badge.href = `${site}/shop/certificate.php?shop_id=${shop.tsId}`;
        badge.title = shop.name;
        badge.target = "_blank";
        badge.rel = "noopener";
        badge.setAttribute(ELEMENT, BADGE);
        draw(badge);
        if (isSet(`${device}-enable-fadeout`)) {
            setTimeout(() => (badge.style.opacity = "0.2"), FADE_OUT_AFTER);
        }
    }

    function readOrder(block) {
        const read = (name) => block.querySelector(`#tsCheckout${name}`)?.textContent;
        return {
            shop_id: shop.tsId,
            ordernr: read("OrderNr"),
            email: read("BuyerEmail"),
            amount: read("OrderAmount"),
            curr: read("OrderCurrency"),
            paymentType: read("OrderPaymentType"),
        };
    }

    function drawCard() {
        const block = document.getElementById("trustedShopsCheckout");
        if (!block) {
            return;
        }
        const order = readOrder(block);
        const card = make("div", "", {
            position: "fixed",
            zIndex: 2147483647,
            top: "20%",
            left: "50%",
            transform: "translateX(-50%)",
            width: "min(420px, 90vw)",
            padding: "16px",
            border: "2px solid #ffdc0f",
            borderRadius: "4px",
            background: "#ffffff",
            color: "#212121",
            font: "14px sans-serif",
        });
        card.id = `checkoutTrustcardResponsive_${shop.tsId}`;
        card.setAttribute("role", "dialog");
        card.setAttribute("aria-label", "Trusted Shops");
        const items = [...block.querySelectorAll(".tsCheckoutProductName")];
        card.append(
            make("strong", "Trusted Shops"),
            make("p", `Order ${order.ordernr}: ${order.amount} ${order.curr}`),
            make("p", items.map((item) => item.textContent).join(", "))
        );
        const form = make("form", "");
        form.method = "post";
        form.target = "_blank";
        form.action = `${site}/shop/protection.php`;
        for (const [name, value] of Object.entries(order)) {
            const field = make("input", "");
            Object.assign(field, {type: "hidden", name, value: value || ""});
            form.append(field);
        }
        const isProtected = shop.isProtected && Number(order.amount);
        const send = make("button", isProtected ? "Protect purchase" : "Review later");
        send.type = "submit";
        form.addEventListener("submit", () => tell("xhr_call_done"));
        const close = make("button", "Close", {marginLeft: "8px"});
        close.type = "button";
        close.addEventListener("click", () => {
            card.remove();
            tell("card_closed");
        });
        form.append(send, close);
        card.append(form);
        draw(card);
        tell("checkout_card_prepared");
    }

    const api = {
        load(values, tag) {
            shop = values;
            script = tag;
            api.reInitialize();
        },
        reInitialize() {
            api.remove();
            drawBadge();
            drawCard();
        },
        remove() {
            for (const node of nodes.splice(0)) {
                node.remove();
            }
        },
    };
    window.trustbadge = api;
})();
