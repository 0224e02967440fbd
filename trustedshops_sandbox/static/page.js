/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */
"use strict";

const REFRESH_MS = 2000;
const NOTICE_MS = 6000;
const notice = document.getElementById("notice");
// HTML of each section as the server sent it last: only what changed is replaced,
// so that an open mail is not loaded again and the focus stays where it is.
const shown = new Map();
let noticeTimer = 0;
let lost = false;

function say(text, isError) {
    clearTimeout(noticeTimer);
    notice.textContent = text;
    notice.classList.toggle("error", isError);
    notice.hidden = false;
    noticeTimer = setTimeout(() => {
        notice.hidden = true;
    }, NOTICE_MS);
}

function loadFrames(root) {
    for (const frame of root.querySelectorAll("details[open] iframe[data-src]")) {
        frame.src = frame.dataset.src;
        delete frame.dataset.src;
    }
}

/* What has the focus keeps it; where it is gone, its section has it. */
function describeFocus(section) {
    const active = document.activeElement;
    if (!section.contains(active)) {
        return null;
    }
    if (active.id) {
        return `#${CSS.escape(active.id)}`;
    }
    const row = active.closest("details");
    return row ? `#${CSS.escape(row.id)} ${active.tagName.toLowerCase()}` : "h2";
}

function replaceSection(fresh) {
    const old = document.getElementById(fresh.id);
    const open = new Map();
    for (const details of old.querySelectorAll("details[open]")) {
        open.set(details.id, details.querySelector("iframe"));
    }
    const focus = describeFocus(old);
    for (const details of fresh.querySelectorAll("details")) {
        details.open = open.has(details.id);
    }
    old.replaceWith(fresh);
    loadFrames(fresh);
    if (focus) {
        (fresh.querySelector(focus) || fresh.querySelector("h2")).focus();
    }
}

function readSections(html) {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    return [...parsed.querySelectorAll("[data-live]")];
}

async function refresh() {
    try {
        const response = await fetch("/_page/sections");
        if (!response.ok) {
            throw new Error(response.statusText);
        }
        for (const section of readSections(await response.text())) {
            const html = section.outerHTML;
            if (shown.get(section.id) !== html) {
                shown.set(section.id, html);
                replaceSection(document.adoptNode(section));
            }
        }
        if (lost) {
            say("The sandbox is back.", false);
        }
        lost = false;
    } catch {
        if (!lost) {
            say("The sandbox does not answer.", true);
        }
        lost = true;
    }
}

// The forms work without this script, too: it only keeps the page in place.
async function send(form, button) {
    const body = new URLSearchParams(new FormData(form, button));
    try {
        const response = await fetch(form.action, {method: "POST", body});
        say(response.ok ? "Done." : await response.text(), !response.ok);
        await refresh();
    } catch {
        say("The sandbox does not answer.", true);
    }
}

function takesTime(kind) {
    return kind.startsWith("hang") || kind === "slow" || kind === "http_429";
}

function showFields(form) {
    const kind = new FormData(form).get("kind");
    form.querySelector(".for-code").hidden = kind !== "code";
    form.querySelector(".for-seconds").hidden = !takesTime(kind);
}

document.addEventListener("submit", (ev) => {
    ev.preventDefault();
    send(ev.target, ev.submitter);
});

document.addEventListener("toggle", (ev) => loadFrames(ev.target.parentNode), true);

const faultForm = document.getElementById("fault-form");
faultForm.addEventListener("change", () => showFields(faultForm));
showFields(faultForm);

for (const section of readSections(document.documentElement.outerHTML)) {
    shown.set(section.id, section.outerHTML);
}
setInterval(() => document.hidden || refresh(), REFRESH_MS);
