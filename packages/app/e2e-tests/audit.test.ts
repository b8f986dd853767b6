import { execFile } from 'child_process';
import { expect, type Page, test } from '@playwright/test';
import path from 'path';
import { promisify } from 'util';
import { expectAccessible } from './support/accessibility';
import { personas } from './support/personas';
import { PortalApi } from './support/PortalApi';
import { signIn } from './support/signIn';

const run = promisify(execFile);

const repositoryRoot = path.resolve(__dirname, '../../..');

/** Runs the command line as people do. */
async function portico(...args: string[]): Promise<string> {
  const { stdout } = await run(
    process.execPath,
    [path.join(repositoryRoot, 'packages/cli/bin/portico.mjs'), ...args],
    { timeout: 60_000 },
  );
  return stdout;
}

/** A name that no other run has used. */
function uniqueName(prefix: string): string {
  return `${prefix}-${Date.now().toString(36)}`;
}

function rowOf(page: Page, text: string) {
  return page.getByRole('row').filter({ hasText: text });
}

/** The relay needs a moment, and the list is as it was when it was asked for. */
async function expectRow(page: Page, text: string): Promise<void> {
  await expect(async () => {
    await page.getByRole('button', { name: 'Refresh' }).click();
    await expect(rowOf(page, text).first()).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
}

test('a tenant administrator finds what they did, sees what changed, and verifies the export offline', async ({
  page,
}, testInfo) => {
  test.slow();
  const name = uniqueName('audited');
  await signIn(page, personas.auroraAdmin, '/tenancy/members');
  await page.getByRole('button', { name: 'Add a group' }).click();
  const form = page.getByRole('dialog', { name: 'Add a group' });
  await form.getByLabel('Short name').fill(name);
  await form.getByLabel(/^Name/).fill('Audited group');
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(form).toBeHidden();

  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: 'Audit' })
    .click();
  const act = page.getByRole('combobox', { name: 'Act' });
  await act.fill('tenancy.group.*');
  await act.press('Escape');
  await expect(page).toHaveURL(/act=tenancy\.group\.\*/);
  await expectRow(page, name);
  await expect(page.getByRole('row').nth(1)).toContainText(name);
  await expect(rowOf(page, name)).toContainText('Succeeded');
  await expectAccessible(page);

  await rowOf(page, name).click();
  const panel = page.getByRole('region', { name: /^Entry \d+ of aurora$/ });
  await expect(panel).toContainText('user:aurora/alex');
  const change = panel.getByRole('row', { name: /displayName/ });
  await expect(change).toContainText('Added');
  await expect(change).toContainText('Audited group');
  await expectAccessible(page);
  // the view with its open entry can be handed on
  await page.reload();
  await expect(panel).toContainText(name);

  await panel.getByRole('link', { name: 'Open' }).click();
  await expect(page).toHaveURL(/\/audit\/aurora\/\d+$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await page.getByText('Canonical text', { exact: true }).click();
  await expect(
    page.getByText('Your browser computes the same hash'),
  ).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'All entries of this request' }).click();
  await expect(rowOf(page, name)).toHaveCount(1);
  await expect(
    page.getByRole('group', { name: 'Active filters' }),
  ).toContainText('Request:');

  await page.getByRole('link', { name: 'Evidence' }).click();
  await expect(
    page.getByRole('heading', { name: 'Chain of aurora' }),
  ).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export entries' });
  await expectAccessible(page);
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  const bundle = testInfo.outputPath((await download).suggestedFilename());
  await (await download).saveAs(bundle);
  const command = await page
    .getByRole('dialog')
    .getByRole('region', { name: 'Command to verify the bundle' })
    .innerText();
  const keys = command.slice(command.indexOf('--key ') + '--key '.length);
  const report = await portico(
    'audit',
    'verify',
    bundle,
    '--key',
    ...keys.trim().split(' '),
  );
  expect(report).toContain('aurora');
});

test('the auditor of the platform reads every tenant, and a tenant learns no name of the platform', async ({
  page,
  request,
}) => {
  test.slow();
  const name = uniqueName('from-platform');
  const pat = await PortalApi.create(request, personas.platformAdmin);
  const response = await request.put(
    `/api/tenancy/tenants/aurora/groups/${name}`,
    {
      headers: { authorization: `Bearer ${pat.token}` },
      data: { displayName: 'From the platform' },
    },
  );
  expect(response.ok()).toBe(true);

  await signIn(page, personas.auditor, `/audit?text=${name}`);
  await page.goto(`/audit/entries?subject=group:aurora/${name}`);
  await expectRow(page, name);
  await expect(rowOf(page, name)).toContainText('default/pat');
  await expect(rowOf(page, name)).toContainText('aurora');
  await expectAccessible(page);
  await page
    .getByRole('search', { name: 'Filter the entries' })
    .getByRole('button', { name: 'Tenant' })
    .click();
  await page.getByRole('option', { name: 'borealis' }).click();
  await expect(page.getByText('No entry matches')).toBeVisible();
  await expect(page).toHaveURL(/chain=borealis/);

  await page.goto('/audit/evidence');
  await page.getByRole('button', { name: /^borealis/ }).click();
  await expect(
    page.getByRole('heading', { name: 'Chain of borealis' }),
  ).toBeVisible();
  await expect(
    page.getByRole('button', { name: 'Erase a person…' }),
  ).toHaveCount(0);
  await expectAccessible(page);

  const alex = await PortalApi.create(request, personas.auroraAdmin);
  const seen = await alex.get(
    `/api/audit/entries?subject=group:aurora/${name}`,
  );
  expect(await seen.text()).toContain(name);
  expect(await seen.text()).not.toContain('default/pat');
});

test('the list goes on by itself, and the keyboard alone opens and leaves an entry', async ({
  page,
  request,
}) => {
  const name = uniqueName('live');
  await signIn(page, personas.auroraAdmin, '/audit/entries?act=tenancy.*');
  await page.getByText('Live', { exact: true }).click();
  await expect(page.getByText('Listening for new entries')).toBeVisible();

  const alex = await PortalApi.create(request, personas.auroraAdmin);
  await request.put(`/api/tenancy/tenants/aurora/groups/${name}`, {
    headers: { authorization: `Bearer ${alex.token}` },
    data: { displayName: 'Live' },
  });
  await expect(rowOf(page, name)).toBeVisible();
  await page.getByText('Live', { exact: true }).click();

  await page.getByRole('button', { name: 'Export…' }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('region', { name: /^Entry \d+ of aurora$/ });
  await expect(panel).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await expect(page.locator(':focus')).toHaveRole('row');
});

test('a viewer finds no way to the audit and is told whom to ask', async ({
  page,
}) => {
  await signIn(page, personas.auroraViewer);
  const navigation = page.getByRole('navigation', { name: 'Main' });
  await expect(
    navigation.getByRole('link', { name: 'Administration' }),
  ).toBeVisible();
  await expect(navigation.getByRole('link', { name: 'Audit' })).toHaveCount(0);
  for (const address of ['/audit', '/audit/evidence', '/audit/aurora/1']) {
    await page.goto(address);
    await expect(
      page.getByText('You have no access to the audit'),
    ).toBeVisible();
    await expectAccessible(page);
  }
});
