module.exports = {
    bracketSpacing: false,
    printWidth: 88,
    proseWrap: "always",
    trailingComma: "es5",
    xmlSelfClosingSpace: false,
    // Blanks are part of what views, pages and mails show.
    xmlWhitespaceSensitivity: "strict",
    plugins: [require.resolve("@prettier/plugin-xml")],
};
