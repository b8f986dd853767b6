import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { keepPicture } from './support/keepPicture';
import { personas } from './support/personas';
import { PortalApi } from './support/PortalApi';
import { signIn } from './support/signIn';

/** A part of the home page by its heading. */
const part = (page: Page, name: string) =>
  page.getByRole('region', { name, exact: true });

const roles = [
  {
    name: 'developer',
    persona: personas.auroraDeveloper,
    own: 'Who owns what',
  },
  { name: 'viewer', persona: personas.auroraViewer, own: 'Who owns what' },
  { name: 'administrator', persona: personas.auroraAdmin, own: 'Your tenant' },
  { name: 'platform', persona: personas.platformAdmin, own: 'Tenants' },
  { name: 'auditor', persona: personas.auditor, own: 'Audit evidence' },
];

for (const { name, persona, own } of roles) {
  test(`the home page of a ${name} says what is theirs, what waits and what to read`, async ({
    page,
  }, testInfo) => {
    await signIn(page, persona);
    for (const title of ['Waits for you', 'What your groups own', own]) {
      await expect(part(page, title)).toBeVisible();
    }
    await expect(
      part(page, 'Your first day').getByRole('link'),
    ).not.toHaveCount(0);
    await expectAccessible(page);
    await keepPicture(page, testInfo, `home-${name}`);
  });
}

test('every step of the first day leads to a page that exists', async ({
  page,
}) => {
  test.slow();
  for (const { persona } of roles) {
    await page.goto('/');
    await page.evaluate(
      userRef => window.localStorage.setItem('portico.persona', userRef),
      persona,
    );
    await page.goto('/');
    const links = part(page, 'Your first day').getByRole('link');
    await expect(links).not.toHaveCount(0);
    const addresses = await links.evaluateAll(all =>
      all.map(link => link.getAttribute('href') ?? ''),
    );
    for (const address of addresses) {
      await page.goto(address);
      // Documentation brings a title of its own below that of the page.
      await expect(
        page.getByRole('heading', { level: 1 }).first(),
      ).toBeVisible();
      await expect(
        page.getByRole('heading', { name: 'Page not found' }),
      ).toHaveCount(0);
      if (address.startsWith('/docs/')) {
        await expect(
          page.getByText('The documentation has no pages yet'),
        ).toHaveCount(0);
      }
    }
  }
});

test('what was visited is listed for the same person in the same tenant alone', async ({
  page,
  request,
}) => {
  const api = await PortalApi.create(request, personas.auroraDeveloper);
  const name = await api.componentOf('aurora');
  await signIn(
    page,
    personas.auroraDeveloper,
    `/catalog/aurora/component/${name}`,
  );
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.goto('/');
  const visits = part(page, 'Recently visited');
  await expect(visits.getByRole('link', { name })).toBeVisible();

  await page.evaluate(
    userRef => window.localStorage.setItem('portico.persona', userRef),
    personas.borealisDeveloper,
  );
  await page.goto('/');
  await expect(visits).toBeVisible();
  await expect(visits.getByRole('link')).toHaveCount(0);
  await expect(page.getByText(name, { exact: true })).toHaveCount(0);

  await page.evaluate(
    userRef => window.localStorage.setItem('portico.persona', userRef),
    personas.auroraDeveloper,
  );
  await page.goto('/');
  await visits.getByRole('button', { name: 'Clear' }).click();
  await expect(visits.getByRole('link')).toHaveCount(0);
  await page.reload();
  await expect(visits).toBeVisible();
  await expect(visits.getByRole('link')).toHaveCount(0);
});

test('nothing on the home page moves while it loads', async ({ page }) => {
  await signIn(page, personas.auroraDeveloper);
  await page.addInitScript(() => {
    Object.assign(window, { movedBy: 0 });
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) {
        if ('value' in entry && 'hadRecentInput' in entry) {
          const { movedBy } = window as unknown as { movedBy: number }; // set above
          Object.assign(window, {
            movedBy: movedBy + (entry.hadRecentInput ? 0 : Number(entry.value)),
          });
        }
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.reload();
  await expect(part(page, 'Who owns what')).toBeVisible();
  await expect(part(page, 'What your groups own')).toBeVisible();
  await page.waitForLoadState('networkidle');
  const movedBy = await page.evaluate(() =>
    Number(Reflect.get(window, 'movedBy')),
  );
  expect(movedBy).toBeLessThan(0.02);
});
