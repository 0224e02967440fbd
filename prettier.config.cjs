module.exports = {
    bracketSpacing: false,
    printWidth: 88,
    proseWrap: "always",
    trailingComma: "es5",
    xmlSelfClosingSpace: false,
    // Blanks are part of what views, pages and mails show.
    xmlWhitespaceSensitivity: "preserve",
    plugins: [require.resolve("@prettier/plugin-xml")],
};
