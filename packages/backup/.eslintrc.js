module.exports = require('../../.eslintrc.package.js')(__dirname, {
  overrides: [
    {
      // run as they are
      files: ['bin/*.mjs', 'src/**/*.cjs'],
      parserOptions: { ecmaVersion: 'latest' },
      rules: {
        // What brings the packages cannot be taken from one of them.
        '@backstage/no-relative-monorepo-imports': 'off',
      },
    },
  ],
});
