import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { enterAs } from './support/enterAs';
import { personas } from './support/personas';

test('the board says what runs where since when, of all or of one team, and leads to what waits', async ({
  page,
}, testInfo) => {
  await enterAs(page, personas.auroraTechLead, '/delivery/board');
  const rowOf = (name: string) =>
    page
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: new RegExp(name) }) });
  for (const environment of ['dev', 'staging', 'prod']) {
    await expect(
      page.getByRole('columnheader', { name: environment, exact: true }),
    ).toBeVisible();
  }
  // The demo asked for a promotion of it to production.
  const row = rowOf('order-intake');
  await expect(row.getByText(/^\d+\.\d+\.\d+/).first()).toBeVisible();
  await expect(row.locator('time').first()).toBeVisible();
  await expectAccessible(page);
  await page.screenshot({
    path: testInfo.outputPath('board.png'),
    fullPage: true,
  });

  await page.getByRole('button', { name: /Owner/ }).click();
  await page.getByRole('option', { name: 'Owned by warehouse' }).click();
  await expect(page).toHaveURL(/owner=group%3Aaurora%2Fwarehouse$/);
  await expect(rowOf('picking-slots')).toBeVisible();
  await expect(rowOf('order-intake')).toHaveCount(0);
  // The choice is in the address, for others too.
  await page.reload();
  await expect(rowOf('picking-slots')).toBeVisible();
  await expect(rowOf('order-intake')).toHaveCount(0);

  await page.goto('/delivery/board?owner=group:aurora/checkout');
  await rowOf('order-intake')
    .getByRole('link', { name: /: the promotion of order-intake to prod$/ })
    .click();
  await expect(
    page.getByRole('heading', {
      level: 2,
      name: /^Promote order-intake .* to prod$/,
    }),
  ).toBeVisible();
});
