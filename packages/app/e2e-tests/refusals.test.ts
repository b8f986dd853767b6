import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { personas } from './support/personas';
import { PortalApi } from './support/PortalApi';
import { signIn } from './support/signIn';
import { WorkingCopy } from './support/WorkingCopy';

const CATALOG_FILE = 'catalog-info.yaml';

test('a tenant administrator sees what was refused in a broken catalog file, and where', async ({
  page,
  request,
  baseURL,
}) => {
  const kim = await PortalApi.create(request, personas.auroraDeveloper);
  const name = await kim.componentOf('aurora');
  const copy = await WorkingCopy.clone({
    url: `${baseURL}/api/git-host/aurora/${name}.git`,
    token: kim.token,
  });
  const original = await copy.read(CATALOG_FILE);
  try {
    const stolen = `stolen-${Date.now().toString(36)}`;
    const beginning = `${original.trimEnd()}\n---\n`;
    await copy.push(
      CATALOG_FILE,
      `${beginning}apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${stolen}
  namespace: borealis
spec:
  type: service
  lifecycle: experimental
  owner: group:borealis/bookings
`,
      'Take a component of another tenant',
    );

    await signIn(page, personas.auroraAdmin, '/tenancy/sources');
    const refusals = page.getByRole('grid').last();
    await expect
      .poll(
        async () => {
          await page
            .getByRole('button', { name: `Read again: ${name}` })
            .click();
          return refusals.innerText();
        },
        { intervals: [1_000], timeout: 30_000 },
      )
      .toContain('borealis');
    const row = refusals
      .getByRole('row')
      .filter({ hasText: 'borealis' })
      .first();
    await expect(row).toContainText(/catalog-info\.yaml, line \d+/);
    const line = Number(
      /line (\d+)/.exec((await row.textContent()) ?? '')?.[1],
    );
    expect(line).toBeGreaterThan(beginning.split('\n').length - 1);
    // The notice fades in and out; half faded it is nobody's to judge.
    await expect(page.getByText(/^Reading .* again$/)).toHaveCount(0);
    await expectAccessible(page);

    await page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: 'Home' })
      .click();
    const inbox = page.getByRole('region', { name: 'Waits for you' });
    await inbox
      .getByRole('link', {
        name: new RegExp(`catalog-info.yaml, line ${line}`),
      })
      .first()
      .click();
    await expect(
      page.getByRole('heading', { level: 2, name: 'Refused' }),
    ).toBeVisible();
  } finally {
    await copy.push(CATALOG_FILE, original, 'Correct the catalog file');
    await copy.remove();
  }
});
