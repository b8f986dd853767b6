import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { personas } from './support/personas';
import { accountMenu, signIn, signInHeading, signOut } from './support/signIn';

test('a person chooses a persona, finds the home page and signs out', async ({
  page,
}) => {
  await page.goto('/');
  await expect(signInHeading(page)).toBeVisible();
  const aurora = page.getByRole('region', { name: 'Aurora' });
  await expect(
    aurora.getByRole('button', { name: personas.auroraDeveloper }),
  ).toContainText('Developer');
  await expectAccessible(page);

  await signIn(page, personas.auroraDeveloper);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Kim');
  await expect(page.getByRole('main')).toContainText('Developer at Aurora');
  await expect(
    page.getByRole('region', { name: 'What your groups own' }),
  ).toContainText('order-intake');
  await expectAccessible(page);

  await signOut(page);
  await page.reload();
  await expect(signInHeading(page)).toBeVisible();
});

test('a persona that is no more leads back to the choice', async ({ page }) => {
  await page.addInitScript(() => {
    window.localStorage.setItem('portico.persona', 'user:aurora/nobody');
  });
  await page.goto('/');
  await expect(page.getByRole('alert')).toContainText(
    'You could not be signed in',
  );
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Choose again' }).click();
  await expect(
    page.getByRole('button', { name: personas.auroraDeveloper }),
  ).toBeVisible();
});

test('the keyboard alone signs in and reaches every page of the navigation', async ({
  page,
}) => {
  await page.goto('/');
  const persona = page.getByRole('button', { name: personas.auroraDeveloper });
  await expect(persona).toBeVisible();
  await expect
    .poll(async () => {
      await page.keyboard.press('Tab');
      return persona.evaluate(element => element === document.activeElement);
    })
    .toBe(true);
  await page.keyboard.press('Enter');
  await expect(accountMenu(page)).toBeVisible();

  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#portico-content')).toBeFocused();

  const navigation = page.getByRole('navigation', { name: 'Main' });
  const catalog = navigation.getByRole('link', { name: 'Catalog' });
  await catalog.focus();
  await page.keyboard.press('Enter');
  await expect(catalog).toHaveAttribute('aria-current', 'page');
  await expect(
    navigation.getByRole('link', { name: 'Home' }),
  ).not.toHaveAttribute('aria-current');

  await accountMenu(page).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(accountMenu(page)).toBeFocused();
});

test('a narrow screen has the navigation behind a button', async ({ page }) => {
  await page.setViewportSize({ width: 768, height: 900 });
  await signIn(page, personas.auroraDeveloper);
  const navigation = page.getByRole('navigation', { name: 'Main' });
  await expect(navigation).toBeHidden();
  await page.getByRole('button', { name: 'Open navigation' }).click();
  await expectAccessible(page);
  await navigation.getByRole('link', { name: 'Repositories' }).click();
  await expect(
    page.getByRole('heading', { level: 1, name: 'Repositories' }),
  ).toBeVisible();
  await expect(navigation).toBeHidden();
});
