import { expect, type Page, test } from '@playwright/test';
import { readFile } from 'fs/promises';
import { expectAccessible } from './support/accessibility';
import { enterAs } from './support/enterAs';
import { personas } from './support/personas';

function sectionLink(page: Page, name: string) {
  return page
    .getByRole('navigation', { name: 'Sections of Delivery' })
    .getByRole('link', { name, exact: true });
}

/** Nothing is on its way any more. */
async function expectSettled(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
}

test('an administrator stops the line with a reason and lifts the stop; a developer reads of it', async ({
  page,
  browser,
}) => {
  const reason = `The database is being moved ${Date.now().toString(36)}`;
  await enterAs(page, personas.auroraAdmin, '/delivery/calendar');
  await page.getByRole('button', { name: 'Stop the line' }).click();
  const form = page.getByRole('dialog', { name: 'Stop the line' });
  await form.getByRole('button', { name: 'Environment' }).click();
  await page.getByRole('option', { name: 'prod', exact: true }).click();
  await form.getByLabel(/^Reason/).fill(reason);
  await expectAccessible(page);
  await form.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(form).toBeHidden();
  const stop = page.getByRole('listitem').filter({ hasText: reason });
  await expect(stop).toContainText('Stop of prod');

  const context = await browser.newContext();
  const developer = await context.newPage();
  await enterAs(developer, personas.auroraDeveloper, '/delivery/calendar');
  await expect(developer.getByText(reason, { exact: true })).toBeVisible();
  await expect(
    developer.getByRole('button', { name: /Stop the line|Lift/ }),
  ).toHaveCount(0);
  await context.close();

  await stop.getByRole('button', { name: /^Lift/ }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: 'Lift the stop' })
    .click();
  await expect(page.getByText(reason, { exact: true })).toHaveCount(0);
});

test('the calendar leafs through the months and keeps the month in its address', async ({
  page,
}) => {
  await enterAs(
    page,
    personas.auroraDeveloper,
    '/delivery/calendar?month=2026-12',
  );
  await expect(
    page.getByRole('heading', { name: 'December 2026' }),
  ).toBeVisible();
  await page.getByRole('button', { name: 'The month after' }).click();
  await expect(
    page.getByRole('heading', { name: 'January 2027' }),
  ).toBeVisible();
  await expect(page).toHaveURL(/month=2027-01$/);
});

test('the figures say what they are made of, over another window, and leave as a file', async ({
  page,
}) => {
  await enterAs(
    page,
    personas.auroraDeveloper,
    '/delivery/figures?scope=component:aurora/order-intake',
  );
  await expectSettled(page);
  for (const name of [
    'Deployment frequency',
    'Lead time for changes',
    'Change failure rate',
    'Time to restore',
  ]) {
    await expect(page.getByRole('region', { name })).toContainText(/from \d+ /);
  }
  await page.getByRole('button', { name: /Window/ }).click();
  await page.getByRole('option', { name: 'Last 90 days' }).click();
  await expect(page).toHaveURL(/days=90/);
  await expectSettled(page);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download as CSV' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(
    /^delivery-figures-\d{4}-\d\d-\d\d\.csv$/,
  );
  const text = await readFile(await file.path(), 'utf8');
  expect(text.split('\r\n')[1]).toMatch(
    /^component:aurora\/order-intake,.*,deploymentFrequency,/,
  );
});

test('the list of drift keeps its filters in the address', async ({ page }) => {
  await enterAs(page, personas.auroraAdmin, '/delivery/drift?environment=prod');
  await expectSettled(page);
  await page.getByRole('button', { name: /Which/ }).click();
  await page.getByRole('option', { name: 'Resolved' }).click();
  await expect(page).toHaveURL(/environment=prod&state=resolved$/);
  await expectSettled(page);
  await sectionLink(page, 'Board').click();
  await expect(page).toHaveURL(/\/delivery\/board$/);
});

test('another organisation sees nothing of it', async ({ page }) => {
  await enterAs(
    page,
    personas.borealisDeveloper,
    '/delivery/figures?scope=component:aurora/order-intake',
  );
  await expect(page.getByText('Not found')).toBeVisible();
  await page.goto('/delivery/board');
  await expectSettled(page);
  await expect(page.getByText('order-intake')).toHaveCount(0);
});
