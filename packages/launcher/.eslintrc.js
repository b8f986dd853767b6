module.exports = require('../../.eslintrc.package.js')(__dirname, {
  overrides: [
    {
      // run on any Node ≥ 20, as they are
      files: ['bin/*.mjs', 'bin/*.cjs'],
      parserOptions: { ecmaVersion: 'latest' },
    },
  ],
});
