import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { enterAs } from './support/enterAs';
import { personas } from './support/personas';

const NAME = 'order-intake';
const DELIVERY = `/catalog/aurora/component/${NAME}/delivery`;
const SEEN = '2026-11-21T09:30:00.000Z';

test('who is told of drift finds where it is, and which field of which resource differs', async ({
  page,
}, testInfo) => {
  test.slow();
  // Drift is looked for every minute and told after five: what the portal answers then is
  // recorded here. That it does so is tested on a real database (DriftScan, NoticeSender).
  await page.route('**/api/notifications/status', route =>
    route.fulfill({ json: { unread: 1, read: 0 } }),
  );
  await page.route('**/api/notifications/notifications?*', route =>
    route.fulfill({
      json: {
        totalCount: 1,
        notifications: [
          {
            id: '5f0a7a0e-7f3e-4c43-9b39-0d1c4a0b3f12',
            user: personas.auroraDeveloper,
            created: SEEN,
            origin: 'plugin:promotions',
            payload: {
              title: `${NAME} does not run in staging as it is declared`,
              description:
                'It was changed where it runs; what is declared did not change',
              link: DELIVERY,
              severity: 'normal',
              topic: 'drift',
              scope: `drift:component:aurora/${NAME}:staging`,
            },
          },
        ],
      },
    }),
  );
  await page.route('**/api/promotions/delivery?*', async route => {
    const answer = await route.fetch();
    const body: { lanes: { environment: string; drift: number }[] } =
      await answer.json();
    await route.fulfill({
      response: answer,
      json: {
        ...body,
        lanes: body.lanes.map(lane =>
          lane.environment === 'staging' ? { ...lane, drift: 1 } : lane,
        ),
      },
    });
  });
  await page.route('**/api/promotions/drift?*', route => {
    const query = new URL(route.request().url()).searchParams;
    const isAsked =
      query.get('component') === `component:aurora/${NAME}` &&
      query.get('environment') === 'staging';
    return route.fulfill({
      json: {
        items: isAsked
          ? [
              {
                id: '5f0a7a0e-7f3e-4c43-9b39-0d1c4a0b3f13',
                component: `component:aurora/${NAME}`,
                environment: 'staging',
                class: 'liveDrift',
                resource: `apps/Deployment shop/${NAME}`,
                path: 'spec.replicas',
                declared: '2',
                live: '5',
                reason:
                  'It was changed where it runs; what is declared did not change',
                firstSeenAt: SEEN,
                lastSeenAt: SEEN,
                source: 'Argo CD main',
                sample: false,
              },
            ]
          : [],
      },
    });
  });

  await enterAs(page, personas.auroraDeveloper, '/');
  await page.getByRole('link', { name: 'Notifications, 1 unread' }).click();
  await page
    .getByRole('list', { name: 'Notifications, newest first' })
    .getByRole('link', { name: /does not run in staging as it is declared/ })
    .click();
  await expect(page).toHaveURL(new RegExp(`${DELIVERY}$`));
  const staging = page
    .getByRole('region', { name: 'Environments' })
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: 'staging' }) });
  const drift = staging.getByRole('link', {
    name: '1 difference from what is declared',
  });
  await expect(drift).toBeVisible();
  await expectAccessible(page);

  // The keyboard leads on.
  await drift.focus();
  await page.keyboard.press('Enter');
  const row = page.getByRole('row').filter({ hasText: NAME });
  await expect(row).toContainText(`apps/Deployment shop/${NAME}`);
  await expect(row).toContainText('spec.replicas');
  await expect(row).toContainText(/Declared\s*2/);
  await expect(row).toContainText(/Live\s*5/);
  await expect(row).toContainText('Argo CD main');
  await expectAccessible(page);
  await page.screenshot({
    path: testInfo.outputPath('drift.png'),
    fullPage: true,
  });
});
