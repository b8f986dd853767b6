import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { personas } from './support/personas';
import { signIn } from './support/signIn';

test('a person approves the device whose code they compare', async ({
  page,
  request,
}) => {
  const start = await request.post('/api/tenancy/device/start', {
    data: { client: 'portico CLI' },
  });
  expect(start.ok()).toBe(true);
  const device: {
    deviceCode: string;
    userCode: string;
    verificationUri: string;
  } = await start.json();
  const poll = () =>
    request.get('/api/auth/device/refresh', {
      headers: { 'x-portico-device-code': device.deviceCode },
    });
  expect([401, 403]).toContain((await poll()).status());

  const { pathname, search } = new URL(device.verificationUri);
  await signIn(page, personas.auroraDeveloper, `${pathname}${search}`);
  const main = page.getByRole('main');
  await expect(main).toContainText(device.userCode);
  await expect(main).toContainText('portico CLI');
  await expectAccessible(page);
  await main.getByRole('button', { name: 'Approve' }).click();
  await expect(main.getByRole('status')).toContainText(
    'The device is signed in',
  );

  const answer = await poll();
  expect(answer.status()).toBe(200);
  const body: { backstageIdentity: { identity: { userEntityRef: string } } } =
    await answer.json();
  expect(body.backstageIdentity.identity.userEntityRef).toBe(
    personas.auroraDeveloper,
  );
});

test('a code that nobody asked for approves nothing', async ({ page }) => {
  await signIn(page, personas.auroraDeveloper, '/device');
  const main = page.getByRole('main');
  await main.getByLabel('Code').fill('not a code');
  await main.getByRole('button', { name: 'Continue' }).click();
  await expect(main).toContainText('Enter the eight letters');
  await main.getByLabel('Code').fill('bcdf-ghjk');
  await main.getByRole('button', { name: 'Continue' }).click();
  await expect(main.getByRole('alert')).toContainText(
    'There is no such request',
  );
  await expectAccessible(page);
});
