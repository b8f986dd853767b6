import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { keepPicture } from './support/keepPicture';
import { personas } from './support/personas';
import { signIn } from './support/signIn';

const part = (page: Page, name: string) =>
  page.getByRole('region', { name, exact: true });

test('a component is read from the top down: what it is, whose, where it runs, what it needs', async ({
  page,
}, testInfo) => {
  await signIn(
    page,
    personas.auroraDeveloper,
    '/catalog/aurora/component/order-intake',
  );
  const about = part(page, 'About');
  await expect(about).toContainText('Takes orders from the shop');
  await expect(about.getByRole('link', { name: 'Checkout' })).toBeVisible();
  await expect(about.getByText(/Last change/)).toBeVisible();
  await expect(about.locator('time')).toHaveText(/(UTC|GMT|CET|[A-Z]{2,4})/);
  const apis = part(page, 'APIs');
  await expect(
    apis.getByRole('link', { name: 'order-intake-api', exact: true }),
  ).toBeVisible();
  await expect(
    apis.getByRole('link', { name: 'payment-desk-api', exact: true }),
  ).toBeVisible();
  await expect(part(page, 'Dependencies')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await part(page, 'Dependencies').scrollIntoViewIfNeeded();
  await expect(
    page.getByRole('button', { name: /Show what .* is related to$/ }).first(),
  ).toBeVisible();
  await expectAccessible(page);
  await keepPicture(page, testInfo, 'component');

  // The repository opens at the right place.
  await about.getByRole('link', { name: 'order-intake' }).click();
  await expect(page).toHaveURL(/\/git\/aurora\/order-intake/);
});

test('a system says what belongs to it, and whose it is', async ({
  page,
}, testInfo) => {
  await signIn(
    page,
    personas.auroraDeveloper,
    '/catalog/aurora/system/ordering',
  );
  const parts = part(page, 'What belongs to it');
  await expect(
    parts.getByRole('link', { name: 'order-intake', exact: true }),
  ).toBeVisible();
  await expect(
    parts.getByRole('link', { name: 'Checkout' }).first(),
  ).toBeVisible();
  await part(page, 'Dependencies').scrollIntoViewIfNeeded();
  await expectAccessible(page);
  await keepPicture(page, testInfo, 'system');
});

test('who breaks when an API is changed is known, with whom to tell', async ({
  page,
}, testInfo) => {
  await signIn(
    page,
    personas.auroraDeveloper,
    '/catalog/aurora/api/payment-desk-api',
  );
  const consumers = part(page, 'Used by');
  await expect(
    consumers.getByRole('link', { name: 'order-intake', exact: true }),
  ).toBeVisible();
  const impact = part(page, 'Who is affected by a change');
  await impact.getByRole('button').click();
  await expect(impact.getByRole('status')).toContainText(/\d+ are affected/);
  await expect(
    impact.getByRole('link', { name: 'Checkout' }).first(),
  ).toBeVisible();
  await expectAccessible(page);
  await keepPicture(page, testInfo, 'impact');
});

test('the graph opens node by node, by mouse and by keyboard, and is a list as well', async ({
  page,
}, testInfo) => {
  await signIn(
    page,
    personas.auroraDeveloper,
    '/catalog-graph?rootEntityRefs[]=component:aurora/order-intake',
  );
  const graph = page.getByRole('application', {
    name: 'Dependencies of order-intake as a graph',
  });
  const nodes = graph.locator('[data-id]');
  const toggles = graph.getByRole('button', {
    name: /Show what .* is related to$/,
  });
  await expect(toggles).not.toHaveCount(0);
  const before = await nodes.count();
  const batches: string[] = [];
  page.on('request', request => {
    if (request.url().endsWith('/entities/by-refs')) {
      batches.push(request.url());
    }
  });
  await toggles.first().click();
  await expect.poll(() => nodes.count()).toBeGreaterThan(before);
  expect(batches).toHaveLength(1);

  const opened = await nodes.count();
  const close = graph
    .getByRole('button', { name: /Hide what .* is related to$/ })
    .first();
  await close.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => nodes.count()).toBeLessThan(opened);
  await expectAccessible(page);
  await keepPicture(page, testInfo, 'graph');

  await page.getByRole('button', { name: 'List', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Needs' })).toBeVisible();
  await expect(
    page.getByRole('link', { name: 'payment-desk-api' }).first(),
  ).toBeVisible();
  await expectAccessible(page);
});

test('the graph of another tenant is no graph', async ({ page }) => {
  await signIn(
    page,
    personas.auroraDeveloper,
    '/catalog-graph?root=component:borealis/room-booking',
  );
  await expect(
    page.getByRole('heading', { level: 1, name: 'There is no such entity' }),
  ).toBeVisible();
});

for (const [name, path, first] of [
  ['group', '/catalog/aurora/group/checkout', 'People'],
  ['user', '/catalog/aurora/user/kim', 'About'],
  ['domain', '/catalog/aurora/domain/commerce', 'About'],
  ['resource', '/catalog/aurora/resource/ordering-database', 'About'],
  ['template', '/catalog/default/template/typescript-service', 'About'],
]) {
  test(`the page of a ${name} shuts nobody out`, async ({ page }, testInfo) => {
    await signIn(page, personas.auroraDeveloper, path);
    await expect(part(page, first)).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await expectAccessible(page);
    await keepPicture(page, testInfo, name);
  });
}
