import { expect, test } from '@playwright/test';
import { enterAs } from './support/enterAs';
import { personas } from './support/personas';
import {
  layoutShift,
  recordPage,
  watchLayoutShift,
} from './support/recordPage';
import { signInHeading } from './support/signIn';

/** Every page, with somebody who may see it. */
const pages: [name: string, path: string, userRef: string][] = [
  ['home', '/', personas.auroraDeveloper],
  ['home-of-platform', '/', personas.platformAdmin],
  ['catalog', '/catalog', personas.auroraDeveloper],
  [
    'component',
    '/catalog/aurora/component/order-intake',
    personas.auroraDeveloper,
  ],
  ['api', '/catalog/aurora/api/order-intake-api', personas.auroraDeveloper],
  [
    'delivery-of-component',
    '/catalog/aurora/component/order-intake/delivery',
    personas.auroraDeveloper,
  ],
  ['delivery-board', '/delivery/board', personas.auroraDeveloper],
  ['delivery-promotions', '/delivery/promotions', personas.auroraApprover],
  ['delivery-calendar', '/delivery/calendar', personas.auroraAdmin],
  ['delivery-figures', '/delivery/figures', personas.auroraDeveloper],
  ['delivery-drift', '/delivery/drift', personas.auroraDeveloper],
  ['group', '/catalog/aurora/group/checkout', personas.auroraViewer],
  ['user', '/catalog/aurora/user/kim', personas.auroraViewer],
  ['graph', '/catalog-graph', personas.auroraDeveloper],
  ['templates', '/create', personas.auroraDeveloper],
  [
    'form',
    '/create/templates/default/typescript-service',
    personas.auroraDeveloper,
  ],
  ['tasks', '/create/tasks', personas.auroraDeveloper],
  ['repositories', '/git', personas.auroraDeveloper],
  ['repository', '/git/aurora/order-intake', personas.auroraDeveloper],
  ['docs', '/docs', personas.auroraDeveloper],
  ['apis', '/api-docs', personas.auroraDeveloper],
  ['search', '/search?query=orders', personas.auroraDeveloper],
  ['notifications', '/notifications', personas.auroraDeveloper],
  ['settings', '/settings', personas.auroraDeveloper],
  ['audit', '/audit/entries', personas.auditor],
  ['evidence', '/audit/evidence', personas.auditor],
  ['members', '/tenancy/members', personas.auroraAdmin],
  ['sources', '/tenancy/sources', personas.auroraAdmin],
  ['tokens', '/tenancy/tokens', personas.auroraAdmin],
  ['tenants', '/tenancy/tenants', personas.platformAdmin],
  ['no-access', '/tenancy/tokens', personas.auroraViewer],
  ['not-found', '/nothing-here', personas.auroraDeveloper],
];

for (const width of [1280, 768]) {
  test.describe(`${width} pixels wide`, () => {
    test.use({ viewport: { width, height: 850 } });

    for (const [name, path, userRef] of pages) {
      test(`the page "${name}" shuts nobody out and stands still`, async ({
        page,
      }, testInfo) => {
        await watchLayoutShift(page);
        await enterAs(page, userRef, path);
        await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
        await expect(page.getByRole('main')).toHaveCount(1);
        await expect(page.getByRole('progressbar')).toHaveCount(0);
        await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(
          0,
        );
        expect
          .soft(await layoutShift(page), 'how much the page moved by itself')
          .toBeLessThan(0.1);
        expect
          .soft(
            await page.evaluate(
              () =>
                document.documentElement.scrollWidth -
                document.documentElement.clientWidth,
            ),
            'how far the page reaches beyond the window',
          )
          .toBeLessThanOrEqual(0);
        await recordPage(page, testInfo, name);
      });
    }

    test('the page of sign-in shuts nobody out', async ({ page }, testInfo) => {
      await page.goto('/');
      await expect(signInHeading(page)).toBeVisible();
      await expect(
        page.getByRole('button', { name: personas.auroraDeveloper }),
      ).toBeVisible();
      await recordPage(page, testInfo, 'sign-in');
    });
  });
}
