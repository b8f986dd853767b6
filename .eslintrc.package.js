const path = require('path');
const createConfig = require('@backstage/cli/config/eslint-factory');

/** Imports that no package may use, and what to use instead. */
const restrictedImports = [
  {
    name: 'react-router',
    message:
      'Use route refs and @backstage/ui links; the framework owns the router.',
  },
  {
    name: 'react-router-dom',
    message:
      'Use route refs and @backstage/ui links; the framework owns the router.',
  },
  {
    name: '@backstage/core-plugin-api',
    message: 'Use @backstage/frontend-plugin-api.',
  },
  {
    name: '@backstage/core-compat-api',
    message: 'Portico has no parts of the old frontend system.',
  },
  {
    name: '@backstage/test-utils',
    message: 'Use @backstage/frontend-test-utils.',
  },
  { name: 'zod/v3', message: "Use zod, or the callback's z." },
];

/**
 * The lint rules of every Portico package: Backstage's own, and the additions
 * that CONTRIBUTING.md explains.
 *
 * @param {string} packageDirectory - the folder of the package
 * @param {object} [additions] - further options of Backstage's factory
 */
module.exports = function createPorticoConfig(
  packageDirectory,
  additions = {},
) {
  const config = createConfig(packageDirectory, {
    ...additions,
    restrictedImports: [
      ...restrictedImports,
      ...(additions.restrictedImports ?? []),
    ],
    restrictedSyntax: [
      {
        selector:
          "CallExpression[callee.property.name='getOwnServiceCredentials']",
        message:
          'Tenant isolation is lost here: pass the caller’s credentials, or disable this line with the reason.',
      },
      ...(additions.restrictedSyntax ?? []),
    ],
    rules: {
      '@backstage/no-mixed-plugin-imports': 'off',
      'no-console': 'error',
      ...additions.rules,
    },
  });
  config.overrides = [
    ...(config.overrides ?? []),
    {
      files: ['src/**/*.ts', 'src/**/*.tsx', 'e2e-tests/**/*.ts'],
      parserOptions: {
        project: path.join(__dirname, 'tsconfig.json'),
        tsconfigRootDir: __dirname,
      },
      rules: {
        '@typescript-eslint/no-explicit-any': 'error',
        '@typescript-eslint/no-floating-promises': 'error',
        '@typescript-eslint/no-non-null-assertion': 'error',
        '@typescript-eslint/consistent-type-imports': [
          'error',
          { fixStyle: 'inline-type-imports' },
        ],
        '@typescript-eslint/switch-exhaustiveness-check': 'error',
      },
    },
  ];
  config.overrides.push({
    // Tests run in Node, also those of the frontend.
    files: ['**/*.test.ts', '**/*.test.tsx', 'e2e-tests/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: restrictedImports }],
    },
  });
  return config;
};
