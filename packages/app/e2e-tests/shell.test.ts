import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { enterAs } from './support/enterAs';
import { personas } from './support/personas';

const quickOpen = 'Search or go to';

test('keys search, go to a page, create and list themselves', async ({
  page,
}) => {
  test.slow();
  await enterAs(page, personas.auroraDeveloper, '/catalog');
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);

  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await expect(
    page.getByRole('heading', { level: 1, name: 'Repositories' }),
  ).toBeVisible();
  await page.keyboard.press('c');
  await expect(
    page.getByRole('heading', { level: 1, name: 'Create' }),
  ).toBeVisible();

  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(list).toContainText('Go to Catalog');
  await expectAccessible(page);
  await list.getByText('Shortcuts of single keys').click();
  await expect(list.getByRole('switch')).not.toBeChecked();
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();

  // Switched off, single keys do nothing; Ctrl K still works.
  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: quickOpen })).toBeVisible();
  await expect(page).toHaveURL(/\/create/);
});

test('quick open finds a component by a part of its name and opens it', async ({
  page,
}) => {
  await enterAs(page, personas.auroraDeveloper, '/');
  const entry = page.getByRole('button', { name: quickOpen });
  await entry.click();
  const field = page.getByRole('combobox');
  await expect(field).toBeFocused();
  await field.fill('intake');
  const option = page.getByRole('option', { name: /^order-intake Component/ });
  await expect(option).toBeVisible();
  await expect(option).toHaveAttribute('aria-selected', 'true');
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/catalog\/aurora\/component\/order-intake$/);
});

test('quick open never names what another tenant has', async ({ page }) => {
  await enterAs(page, personas.borealisDeveloper, '/');
  await page.getByRole('button', { name: quickOpen }).click();
  await page.getByRole('combobox').fill('order-intake');
  await expect(page.getByRole('status').last()).toContainText('1 entries');
  await expect(page.getByRole('option')).toHaveText([
    'Search everything for “order-intake”',
  ]);
});

test('typing is never taken for a shortcut', async ({ page }) => {
  await enterAs(page, personas.auroraDeveloper, '/search');
  const field = page.getByRole('searchbox').first();
  await field.pressSequentially('c?/gh');
  await expect(field).toHaveValue('c?/gh');
  await expect(page).toHaveURL(/\/search/);
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
