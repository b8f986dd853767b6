import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { personas } from './support/personas';
import { PortalApi } from './support/PortalApi';
import { signIn } from './support/signIn';

const navigationPages = [
  'Catalog',
  'Create',
  'Docs',
  'APIs',
  'Repositories',
  'Search',
  'Notifications',
  'Audit',
  'Administration',
  'Settings',
];

test('every page of the navigation has one heading and nothing that shuts people out', async ({
  page,
}) => {
  test.slow();
  await signIn(page, personas.auroraAdmin);
  for (const name of navigationPages) {
    const link = page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name });
    await link.click();
    await expect(link).toHaveAttribute('aria-current', /page|true/);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await expect(page.getByRole('progressbar')).toHaveCount(0);
    await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
    // A table that waits for its rows is pale.
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    await expectAccessible(page);
  }
});

test('a component, its API, its graph and its repository shut nobody out', async ({
  page,
  request,
}) => {
  test.slow();
  const api = await PortalApi.create(request, personas.auroraDeveloper);
  const name = await api.componentOf('aurora');
  await signIn(page, personas.auroraDeveloper);
  for (const path of [
    `/catalog/aurora/component/${name}`,
    `/git/aurora/${name}`,
    '/catalog-graph',
    '/catalog/default/template/typescript-service',
    '/nothing-here',
  ]) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await expect(page.getByRole('progressbar')).toHaveCount(0);
    await expectAccessible(page);
  }
});

test('the choice of a theme in the settings holds after a reload', async ({
  page,
}) => {
  await signIn(page, personas.auroraDeveloper, '/settings');
  await page.getByText('Dark', { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme-mode', 'dark');
  await page.reload();
  await expect(page.locator('body').first()).toHaveAttribute(
    'data-theme-mode',
    'dark',
  );
  await expect(page.locator('html')).toHaveAttribute('data-theme-mode', 'dark');
});
