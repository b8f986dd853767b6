import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** What axe is asked about: WCAG 2.2, levels A and AA. */
export const STANDARDS = [
  'wcag2a',
  'wcag2aa',
  'wcag21a',
  'wcag21aa',
  'wcag22aa',
];

/** Shows the page on a light or a dark ground, with nothing half way between. */
export async function showTheme(
  page: Page,
  colorScheme: 'light' | 'dark',
): Promise<void> {
  // Colours that are still changing would be measured half way.
  await page.addStyleTag({
    content: '*, ::before, ::after { transition: none !important; }',
  });
  await page.emulateMedia({ colorScheme });
  await expect(page.locator('body').first()).toHaveAttribute(
    'data-theme-mode',
    colorScheme,
  );
  await expect(page.locator('html').first()).toHaveAttribute(
    'data-theme-mode',
    colorScheme,
  );
}

/**
 * Fails when axe has a serious or critical finding on the page as it is, on a light
 * and on a dark ground.
 */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await showTheme(page, colorScheme);
    const { violations } = await new AxeBuilder({ page })
      .withTags(STANDARDS)
      .analyze();
    expect(
      violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => ({
          id,
          nodes: nodes.map(node => node.html.slice(0, 300)),
        })),
      `what axe finds on ${page.url()} (${colorScheme})`,
    ).toEqual([]);
  }
}
