import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { personas } from './support/personas';
import { PortalApi } from './support/PortalApi';
import { signIn } from './support/signIn';

const rows = (page: Page) =>
  page
    .getByRole('region')
    .getByRole('row')
    .filter({ has: page.getByRole('link') });

async function choose(page: Page, field: string, option: RegExp) {
  await page.getByRole('button', { name: new RegExp(`${field}$`) }).click();
  await page.getByRole('option', { name: option }).click();
}

test('filters of the catalog stay in the address: shared, reloaded, gone back', async ({
  page,
  request,
}, testInfo) => {
  test.slow();
  const api = await PortalApi.create(request, personas.auroraDeveloper);
  const name = await api.componentOf('aurora');
  await signIn(page, personas.auroraDeveloper, '/catalog');
  const own = page.getByRole('link', { name, exact: true });
  await expect(own).toBeVisible();
  // What the platform shares does not hide what the organisation has.
  await expect(page.getByText('Platform', { exact: true })).toHaveCount(0);
  await expectAccessible(page);

  await choose(page, 'From', /^Both$/);
  await expect(page).toHaveURL(/\?scope=all$/);
  await expect(
    page.getByText('Platform', { exact: true }).first(),
  ).toBeVisible();
  await page.getByRole('searchbox', { name: 'Filter' }).fill(name);
  await expect(page).toHaveURL(new RegExp(`text=${name}`));
  await expect(own).toBeVisible();
  await expect(page.getByText('Platform', { exact: true })).toHaveCount(0);
  const shown = await rows(page).count();

  await page.reload();
  await expect(own).toBeVisible();
  await expect(page.getByRole('searchbox', { name: 'Filter' })).toHaveValue(
    name,
  );
  await expect(rows(page)).toHaveCount(shown);

  await choose(page, 'Kind', /^Systems/);
  await expect(page).toHaveURL(/kind=system/);
  await page.goBack();
  await expect(page).not.toHaveURL(/kind=system/);
  await expect(own).toBeVisible();
  await page.screenshot({
    path: testInfo.outputPath('catalog.png'),
    fullPage: true,
  });

  await page.getByRole('searchbox', { name: 'Filter' }).fill('no-such-thing');
  await expect(page.getByText('Nothing matches these filters')).toBeVisible();
  await expectAccessible(page);
  await page
    .getByRole('main')
    .getByRole('button', { name: 'Clear filters' })
    .last()
    .click();
  await expect(page).toHaveURL(/\?scope=all$/);
  await choose(page, 'From', /^My organisation$/);
  await expect(own).toBeVisible();

  await own.click();
  await expect(page).toHaveURL(new RegExp(`/catalog/aurora/component/${name}`));
});

test('the list is sorted and left by the keyboard alone', async ({ page }) => {
  await signIn(page, personas.auroraDeveloper, '/catalog?scope=all');
  const header = page.getByRole('columnheader', { name: 'Name' });
  await expect(header).toHaveAttribute('aria-sort', 'ascending');
  await header.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/sort=-name/);
  await expect(header).toHaveAttribute('aria-sort', 'descending');
});

test('the list of APIs has the same filters and nothing but APIs', async ({
  page,
}, testInfo) => {
  await signIn(page, personas.auroraDeveloper, '/api-docs');
  await expect(rows(page).first()).toBeVisible();
  for (const link of await rows(page).getByRole('link').all()) {
    const href = await link.getAttribute('href');
    expect(href).toMatch(/^\/catalog\/aurora\/(api|group|system)\//);
  }
  await expect(page.getByRole('button', { name: /Kind$/ })).toHaveCount(0);
  await page.setViewportSize({ width: 768, height: 1024 });
  await expectAccessible(page);
  await page.screenshot({
    path: testInfo.outputPath('apis.png'),
    fullPage: true,
  });
});

test('search finds a service by what it does, also with a slip, and nothing foreign', async ({
  page,
  request,
}, testInfo) => {
  test.slow();
  const foreign = await PortalApi.create(request, personas.borealisDeveloper);
  const foreignName = await foreign.componentOf('borealis');
  await signIn(page, personas.auroraDeveloper, '/search');
  const field = page.getByRole('searchbox', { name: 'Search the portal' });
  await expect(field).toBeFocused();
  await field.fill('warehouse orders');
  // Its documentation is found as well; this is the service itself.
  const found = page
    .getByRole('listitem')
    .filter({ hasText: 'Component · service' })
    .getByRole('link', { name: 'order-intake', exact: true });
  await expect(found).toBeVisible();
  await expect(page).toHaveURL(/query=warehouse/);
  await expectAccessible(page);

  await field.fill('wharehouse ordres');
  await expect(
    page.getByText('These are the results for “warehouse orders”'),
  ).toBeVisible();
  await expect(found).toBeVisible();
  await page.screenshot({
    path: testInfo.outputPath('search.png'),
    fullPage: true,
  });
  await page.reload();
  await expect(found).toBeVisible();

  await choose(page, 'Kind of entity', /^APIs$/);
  await expect(page).toHaveURL(/kind=api/);
  await page.goBack();
  await expect(found).toBeVisible();

  await field.fill(foreignName);
  await expect(
    page.getByText(`Nothing found for “${foreignName}”`),
  ).toBeVisible();
  await expectAccessible(page);
});
