import { expect, test } from '@playwright/test';
import { personas } from './support/personas';
import { PortalApi } from './support/PortalApi';
import { accountMenu, signIn } from './support/signIn';

test('who switches to a persona of another tenant sees nothing of the first', async ({
  page,
  request,
}) => {
  test.slow();
  const kim = await PortalApi.create(request, personas.auroraDeveloper);
  const name = await kim.componentOf('aurora');
  const taskId = await kim.taskId();
  const main = page.getByRole('main');

  // First what belongs to Aurora is really there for somebody of Aurora.
  await signIn(page, personas.auroraDeveloper, '/catalog');
  await expect(
    main.getByRole('link', { name: new RegExp(name) }),
  ).toBeVisible();
  // The index is written anew every minute: what the demo has just made may be missing.
  await expect(async () => {
    await page.goto(`/search?query=${name}`);
    await expect(
      main.getByRole('list').getByRole('link', { name }).first(),
    ).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 90_000 });
  await page.goto(`/git/aurora/${name}`);
  await expect(main.getByRole('link', { name: 'package.json' })).toBeVisible();
  await page.goto(`/create/tasks/${taskId}`);
  await expect(main).toContainText('Write the code');

  await accountMenu(page).click();
  await page.getByRole('menuitem', { name: /Lee Moreau/ }).click();
  await expect(accountMenu(page)).toContainText('Lee Moreau');
  await expect(page).toHaveURL(/\/$/);

  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: 'Catalog' })
    .click();
  await expect(main.getByRole('region', { name: 'Components' })).toBeVisible();
  await expect(main.getByRole('status').first()).toContainText(/entries/);
  await expect(main).not.toContainText(name);

  await page.goto(`/search?query=${name}`);
  await expect(main).toContainText('Nothing found');

  await page.goto(`/catalog/aurora/component/${name}`);
  await expect(main).toContainText(/not found|no entity/i);
  await expect(main.getByRole('region', { name: 'About' })).toHaveCount(0);

  await page.goto(`/git/aurora/${name}`);
  await expect(main).toContainText(/not found|does not exist|not yours/i);
  await expect(main.getByRole('link', { name: 'package.json' })).toHaveCount(0);

  await page.goto(`/docs/aurora/component/${name}`);
  await expect(page.locator('body')).toContainText(/not found/i);

  await page.goto(`/create/tasks/${taskId}`);
  await expect(page.locator('body')).toContainText('Task not found');
  await expect(page.locator('body')).not.toContainText('Write the code');

  await page.goto('/git');
  await expect(
    page.getByRole('heading', { level: 1, name: 'Repositories' }),
  ).toBeVisible();
  await expect(main.getByRole('link', { name: 'booking-site' })).toBeVisible();
  await expect(main).not.toContainText(name);
});
