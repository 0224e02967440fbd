/* Copyright 2026 Trusted Shops for Odoo contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */

const globals = require("globals");
const js = require("@eslint/js");

module.exports = [
    js.configs.recommended,
    {
        rules: {
            "array-callback-return": "error",
            complexity: ["error", 10],
            curly: "error",
            "default-case-last": "error",
            eqeqeq: "error",
            "no-console": "error",
            "no-eval": "error",
            "no-extend-native": "error",
            "no-implied-eval": "error",
            "no-new-func": "error",
            "no-new-wrappers": "error",
            "no-return-assign": "error",
            "no-shadow": "error",
            "no-unused-expressions": "error",
            "no-use-before-define": ["error", {functions: false}],
            "no-useless-concat": "error",
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
            "prefer-template": "error",
        },
    },
    {
        // What Odoo bundles.
        files: ["website_sale_*/static/**/*.js"],
        languageOptions: {
            sourceType: "module",
            globals: {...globals.browser, odoo: "readonly"},
        },
        rules: {"no-alert": "error"},
    },
    {
        files: ["trustedshops_sandbox/static/**/*.js"],
        languageOptions: {sourceType: "script", globals: globals.browser},
    },
    {
        files: ["*.cjs"],
        languageOptions: {sourceType: "commonjs", globals: globals.node},
    },
];
