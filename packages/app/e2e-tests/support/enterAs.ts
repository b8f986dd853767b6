import { type Page } from '@playwright/test';

/** Opens a page as a persona that was chosen before, without the sign-in page. */
export async function enterAs(
  page: Page,
  userRef: string,
  path: string,
): Promise<void> {
  await page.addInitScript(persona => {
    window.localStorage.setItem('portico.persona', persona);
  }, userRef);
  await page.goto(path);
}
