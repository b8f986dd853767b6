import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { personas } from './support/personas';
import { signIn } from './support/signIn';

test('a tenant administrator adds a person and disables them again', async ({
  page,
}) => {
  const name = `sasha-${Date.now().toString(36)}`;
  await signIn(page, personas.auroraAdmin, '/tenancy/members');
  await expect(
    page.getByRole('row', { name: /user:aurora\/kim/ }),
  ).toContainText('Developer');
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a person' });
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog).toContainText('Choose at least one role.');
  await expectAccessible(page);
  await dialog.getByLabel('Short name').fill(name);
  await dialog.getByLabel(/^Name/).fill('Sasha Test');
  await dialog.getByRole('checkbox', { name: 'Viewer' }).check({ force: true });
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog).toBeHidden();
  const row = page.getByRole('row', { name: new RegExp(name) });
  await expect(row).toContainText('Enabled');

  await row.getByRole('button', { name: 'Disable Sasha Test' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: 'Disable' })
    .click();
  await expect(row).toContainText('Disabled');
});

test('the secret of a machine token is shown once, and a token can be revoked', async ({
  page,
  request,
}) => {
  const name = `ci-${Date.now().toString(36)}`;
  await signIn(page, personas.auroraAdmin, '/tenancy/tokens');
  await page.getByRole('button', { name: 'Create a token' }).click();
  const form = page.getByRole('dialog', { name: 'Create a token' });
  await form.getByLabel('Name of the machine').fill(name);
  await form
    .getByRole('checkbox', { name: 'Read the catalog' })
    .check({ force: true });
  await form.getByRole('button', { name: 'Create', exact: true }).click();

  const done = page.getByRole('dialog', { name: `The token of ${name}` });
  const token = await done.getByLabel('Token').innerText();
  expect(token).toMatch(/^portico_aurora_/);
  await expectAccessible(page);
  await done.getByRole('button', { name: 'Close' }).last().click();
  await expect(page.getByText(token)).toHaveCount(0);

  const exchange = () =>
    request.get('/api/auth/machine/refresh', {
      headers: { 'x-portico-machine-token': token },
    });
  expect((await exchange()).status()).toBe(200);

  const row = page.getByRole('row', { name: new RegExp(name) });
  await expect(row).toContainText('Active');
  await row.getByRole('button', { name: `Revoke ${name}` }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: 'Revoke' })
    .click();
  await expect(row).toContainText('Revoked');
  expect([401, 403]).toContain((await exchange()).status());
});

test('a viewer is told whom to ask', async ({ page }) => {
  await signIn(page, personas.auroraViewer, '/tenancy/tokens');
  await expect(page.getByRole('status')).toContainText(
    'Ask a tenant administrator',
  );
  await expect(
    page.getByRole('button', { name: 'Create a token' }),
  ).toHaveCount(0);
  await expectAccessible(page);
});

test('the platform lists tenants and is told at once that an id is reserved', async ({
  page,
}) => {
  await signIn(page, personas.platformAdmin, '/tenancy/tenants');
  await expect(page.getByRole('row', { name: /aurora/i })).toBeVisible();
  await page.getByRole('button', { name: 'Create a tenant' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a tenant' });
  await dialog.getByLabel('Id').fill('portico');
  await expect(dialog).toContainText('This id is reserved.');
  await expectAccessible(page);
});
