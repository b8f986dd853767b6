import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { PortalApi } from './support/PortalApi';
import { personas } from './support/personas';
import { accountMenu, signIn } from './support/signIn';

test('a person ends a session that they left open elsewhere', async ({
  page,
  request,
}) => {
  const elsewhere = await PortalApi.create(request, personas.auroraViewer);
  // Tokens of one second share a session, so this one waits for the next.
  const second = () => Math.floor(Date.now() / 1000);
  const signedIn = second();
  await expect.poll(second).toBeGreaterThan(signedIn);
  await signIn(page, personas.auroraViewer);
  await accountMenu(page).click();
  await page.getByRole('menuitem', { name: 'Your sessions' }).click();
  await expect(
    page.getByRole('heading', { name: 'Your sessions' }),
  ).toBeVisible();
  await expect(page.getByText('This session', { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.screenshot({
    path: test.info().outputPath('own-sessions.png'),
    fullPage: true,
  });

  expect((await elsewhere.get('/api/tenancy/me')).status()).toBe(200);
  await page.getByRole('button', { name: 'End all others' }).click();
  const dialog = page.getByRole('dialog');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'End all others' }).click();
  await expect(dialog).toBeHidden();
  await expect(
    page.getByRole('button', { name: /^End the session of/ }),
  ).toHaveCount(0);
  expect((await elsewhere.get('/api/tenancy/me')).status()).toBe(401);
});

test('a tenant administrator ends the sessions of a member', async ({
  page,
  request,
}) => {
  const member = await PortalApi.create(request, personas.auroraDeveloper);
  await signIn(page, personas.auroraAdmin, '/tenancy/sessions');
  await expect(
    page.getByRole('row', { name: /user:aurora\/kim/ }).first(),
  ).toBeVisible();
  await expectAccessible(page);
  await page.screenshot({
    path: test.info().outputPath('sessions.png'),
    fullPage: true,
  });

  await page.getByRole('button', { name: /Sessions of/ }).click();
  await page.getByRole('option', { name: /^Kim/ }).click();
  const endAll = page.getByRole('button', { name: /^End all of Kim/ });
  await endAll.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^End all of Kim/ }).click();
  await expect(page.getByText('Nobody is signed in.')).toBeVisible();
  expect((await member.get('/api/tenancy/me')).status()).toBe(401);
});

test('a viewer sees nothing of who is signed in', async ({ page }) => {
  await signIn(page, personas.auroraViewer, '/tenancy/sessions');
  await expect(page.getByRole('status')).toContainText(
    'Ask a tenant administrator',
  );
});
