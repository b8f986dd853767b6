import { expect, type Page } from '@playwright/test';

/** Chooses a persona on the sign-in page and waits until the portal shows. */
export async function signIn(
  page: Page,
  userRef: string,
  path = '/',
): Promise<void> {
  await page.goto(path);
  await page.getByRole('button', { name: userRef }).click();
  await expect(accountMenu(page)).toBeVisible();
}

/** Signs out by the menu of the header; the sign-in page follows. */
export async function signOut(page: Page): Promise<void> {
  await accountMenu(page).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(signInHeading(page)).toBeVisible();
}

/** The button of the header with the person and the tenant. */
export function accountMenu(page: Page) {
  return page.getByRole('button', {
    name: /change tenant, change persona or sign out/,
  });
}

export function signInHeading(page: Page) {
  return page.getByRole('heading', { level: 1, name: 'Sign in to Portico' });
}
