import { existsSync } from 'fs';
import { defineConfig } from '@playwright/test';

/** A browser that is installed already is used before Playwright's own download. */
const executablePath = [
  process.env.PORTICO_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
].find(path => path !== undefined && path !== '' && existsSync(path));

/**
 * The journeys of packages/app/e2e-tests against a running portal with the demo. It is
 * started by `npm run test:e2e`, which also says where it is.
 */
export default defineConfig({
  testDir: 'packages/app/e2e-tests',
  outputDir: process.env.PORTICO_E2E_OUTPUT ?? 'node_modules/.cache/playwright',
  // One portal is shared, and two cores run it, its database and the browser.
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env.CI !== undefined,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    baseURL:
      process.env.PORTICO_E2E_URL ??
      process.env.PLAYWRIGHT_URL ??
      'http://localhost:7107',
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
    locale: 'en-GB',
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath && { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [{ name: 'chromium', use: { browserName: 'chromium' } }],
});
