import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { enterAs } from './support/enterAs';
import { PortalApi } from './support/PortalApi';
import { personas } from './support/personas';

test('nobody can tell others something, or everybody', async ({ request }) => {
  const kim = await PortalApi.create(request, personas.auroraDeveloper);
  for (const recipients of [
    { type: 'broadcast' },
    { type: 'entity', entityRef: personas.borealisDeveloper },
    { type: 'entity', entityRef: personas.auroraDeveloper },
  ]) {
    for (const path of [
      '/api/notifications',
      '/api/notifications/notifications',
    ]) {
      const response = await request.post(path, {
        headers: { authorization: `Bearer ${kim.token}` },
        data: { recipients, payload: { title: 'Hello' } },
      });
      expect(response.status()).toBe(403);
    }
  }
});

test('unread notifications are counted in the frame, and read on their page', async ({
  page,
}) => {
  // What the portal tells depends on what others do meanwhile: its answer is recorded here.
  let isRead = false;
  await page.route('**/api/notifications/status', route =>
    route.fulfill({ json: { unread: isRead ? 0 : 1, read: isRead ? 1 : 0 } }),
  );
  await page.route('**/api/notifications/notifications?*', route =>
    route.fulfill({
      json: {
        totalCount: isRead ? 0 : 1,
        notifications: isRead
          ? []
          : [
              {
                id: '5f0a7a0e-7f3e-4c43-9b39-0d1c4a0b3f11',
                user: personas.auroraDeveloper,
                created: '2026-11-21T09:30:00.000Z',
                origin: 'plugin:scaffolder',
                payload: {
                  title: 'The run for order-intake failed',
                  description: '2 of 14 tests failed.',
                  link: '/create/tasks',
                  severity: 'critical',
                },
              },
            ],
      },
    }),
  );
  await page.route('**/api/notifications/notifications/update', route => {
    isRead = true;
    return route.fulfill({ json: [] });
  });

  await enterAs(page, personas.auroraDeveloper, '/');
  await page.getByRole('link', { name: 'Notifications, 1 unread' }).click();
  await expect(
    page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: /Notifications.*1.*unread/ }),
  ).toHaveAttribute('aria-current', 'page');
  const list = page.getByRole('list', { name: 'Notifications, newest first' });
  await expect(list).toContainText('Critical');
  await expectAccessible(page);
  await list
    .getByRole('button', {
      name: 'Mark as read: The run for order-intake failed',
    })
    .click();
  await expect(page.getByText('Nothing unread')).toBeVisible();
  await expect(
    page.getByRole('link', { name: 'Notifications', exact: true }).first(),
  ).toBeVisible();
});
