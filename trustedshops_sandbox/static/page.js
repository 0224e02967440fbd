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

function describeFocus(section) {
    const active = document.activeElement;
    if (!section.contains(active)) {
        return null;
    }
    const row = active.closest("details");
    const selector =
        active.tagName === "SUMMARY" ? "summary" : active.tagName.toLowerCase();
    return row ? `#${CSS.escape(row.id)} ${selector}` : null;
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
    const target = focus && fresh.querySelector(focus);
    if (target) {
        target.focus();
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

async function send(method, url, data) {
    const options = {method, headers: {"Content-Type": "application/json"}};
    if (method === "POST") {
        options.body = JSON.stringify(data);
    }
    try {
        const response = await fetch(url, options);
        const answer = await response.json();
        say(response.ok ? "Done." : answer.error, !response.ok);
        await refresh();
        return response.ok ? answer : null;
    } catch {
        say("The sandbox does not answer.", true);
        return null;
    }
}

function fillSettings(settings) {
    const form = document.getElementById("settings-form");
    for (const [name, value] of Object.entries(settings)) {
        form.elements[name].value = value;
    }
}

// What cannot be undone needs a second click while the button asks for it.
function isConfirmed(button) {
    const label = button.textContent;
    const question = button.dataset.confirm;
    if (!question || label === question) {
        return true;
    }
    button.textContent = question;
    setTimeout(() => {
        button.textContent = label;
    }, NOTICE_MS);
    return false;
}

async function press(button) {
    const {post, body} = button.dataset;
    if (!isConfirmed(button)) {
        return;
    }
    if (post) {
        await send("POST", post, JSON.parse(body || "{}"));
    } else {
        await send("DELETE", button.dataset.delete);
    }
    if (post === "/_control/reset") {
        fillSettings(await (await fetch("/_control/settings")).json());
    }
}

function takesTime(kind) {
    return kind.startsWith("hang") || kind === "slow";
}

function readFault(form) {
    const data = Object.fromEntries(new FormData(form));
    const fault = {operation: data.operation, kind: data.kind, times: null};
    if (data.times) {
        fault.times = Number(data.times);
    }
    if (data.kind === "code") {
        const isNumber = /^[-−]?\d+$/.test(data.code.trim());
        fault.code = isNumber ? Number(data.code.replace("−", "-")) : data.code.trim();
    }
    if (takesTime(data.kind) && data.seconds) {
        fault.seconds = Number(data.seconds);
    }
    return fault;
}

function showFields(form) {
    const kind = new FormData(form).get("kind");
    form.querySelector(".for-code").hidden = kind !== "code";
    form.querySelector(".for-seconds").hidden = !takesTime(kind);
}

document.addEventListener("click", (ev) => {
    const button = ev.target.closest("button[data-post], button[data-delete]");
    if (button) {
        press(button);
    }
});

document.addEventListener("toggle", (ev) => loadFrames(ev.target.parentNode), true);

const faultForm = document.getElementById("fault-form");
faultForm.addEventListener("change", () => showFields(faultForm));
faultForm.addEventListener("submit", (ev) => {
    ev.preventDefault();
    send("POST", "/_control/faults", readFault(faultForm));
});
showFields(faultForm);

document.getElementById("settings-form").addEventListener("submit", async (ev) => {
    ev.preventDefault();
    const data = Object.fromEntries(new FormData(ev.target));
    const answer = await send("POST", "/_control/settings", {
        pending_seconds: Number(data.pending_seconds),
        duplicates: data.duplicates,
        delay_ms: Number(data.delay_ms),
        mails: data.mails,
    });
    if (answer) {
        fillSettings(answer);
    }
});

for (const section of readSections(document.documentElement.outerHTML)) {
    shown.set(section.id, section.outerHTML);
}
setInterval(() => document.hidden || refresh(), REFRESH_MS);
