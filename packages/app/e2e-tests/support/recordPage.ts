import { mkdir, writeFile } from 'fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, type TestInfo } from '@playwright/test';
import { showTheme, STANDARDS } from './accessibility';

/** Notes how much the page moves while it loads; call it before the first page. */
export async function watchLayoutShift(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { layoutShifts: shifts });
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput } = entry as PerformanceEntry & {
          value: number;
          hadRecentInput: boolean;
        };
        if (!hadRecentInput) {
          shifts.push(value);
        }
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

/** The sum of what moved by itself since the page was opened. */
export function layoutShift(page: Page): Promise<number> {
  return page.evaluate(() =>
    (window as unknown as { layoutShifts: number[] }).layoutShifts // Put there above.
      .reduce((sum, value) => sum + value, 0),
  );
}

/**
 * Keeps a picture of the page and what axe finds, light and dark, below the output of
 * the test; serious and critical findings fail it.
 */
export async function recordPage(
  page: Page,
  testInfo: TestInfo,
  name: string,
): Promise<void> {
  const folder = testInfo.outputPath('pages');
  await mkdir(folder, { recursive: true });
  const width = page.viewportSize()?.width ?? 0;
  for (const theme of ['dark', 'light'] as const) {
    await showTheme(page, theme);
    await page.screenshot({ path: `${folder}/${name}-${width}-${theme}.png` });
    const { violations } = await new AxeBuilder({ page })
      .withTags([...STANDARDS, 'best-practice'])
      .analyze();
    const findings = violations.map(({ id, impact, tags, nodes }) => ({
      id,
      impact,
      standard: tags.some(tag => STANDARDS.includes(tag)),
      nodes: nodes.map(node => node.html.slice(0, 300)),
    }));
    await writeFile(
      `${folder}/${name}-${width}-${theme}.json`,
      JSON.stringify(findings, undefined, 2),
    );
    expect
      .soft(
        findings.filter(
          ({ impact, standard }) =>
            standard && (impact === 'serious' || impact === 'critical'),
        ),
        `what axe finds on ${name}, ${width} pixels wide, ${theme}`,
      )
      .toEqual([]);
  }
}
