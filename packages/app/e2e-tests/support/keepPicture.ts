import { type Page, type TestInfo } from '@playwright/test';

/**
 * Keeps pictures of a page with the output of the test: light and dark, at the width of
 * a laptop and of a tablet.
 */
export async function keepPicture(
  page: Page,
  testInfo: TestInfo,
  name: string,
): Promise<void> {
  const before = page.viewportSize();
  for (const width of [1280, 768]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      const path = testInfo.outputPath(`${name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true });
      await testInfo.attach(`${name} ${width} ${colorScheme}`, { path });
    }
  }
  if (before) {
    await page.setViewportSize(before);
  }
}
