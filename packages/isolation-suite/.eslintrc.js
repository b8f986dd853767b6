module.exports = require('../../.eslintrc.package.js')(__dirname, {
  overrides: [
    {
      // run as they are
      files: ['bin/*.mjs', 'src/**/*.cjs'],
      parserOptions: { ecmaVersion: 'latest' },
    },
  ],
});
