/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

module.exports = {
    bracketSpacing: false,
    printWidth: 88,
    proseWrap: "always",
    trailingComma: "es5",
    // Blanks are part of what views, pages and mails show.
    xmlWhitespaceSensitivity: "strict",
    plugins: [require.resolve("@prettier/plugin-xml")],
};
