import { expect, type Locator, type Page, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { enterAs } from './support/enterAs';
import { personas } from './support/personas';
import { PortalApi } from './support/PortalApi';
import { WorkingCopy } from './support/WorkingCopy';

/** A build on a busy machine, and two deployments by themselves. */
const DELIVERY_MILLISECONDS = 300_000;
/** The platform's pipeline asks for a minute in staging before production. */
const SOAK_MILLISECONDS = 120_000;

/** What runs in the environments of a component, by name of the environment. */
async function versionsOf(
  api: PortalApi,
  component: string,
): Promise<Record<string, string | undefined>> {
  const response = await api.get(
    `/api/promotions/delivery?component=component:aurora/${component}`,
  );
  expect(response.ok(), 'the lanes of the component').toBe(true);
  const body: {
    lanes: {
      environment: string;
      release?: { content: { version: string } };
    }[];
  } = await response.json();
  return Object.fromEntries(
    body.lanes.map(({ environment, release }) => [
      environment,
      release?.content.version,
    ]),
  );
}

/** The lane of an environment on the tab "Delivery". */
function laneOf(page: Page, environment: string): Locator {
  return page
    .getByRole('region', { name: 'Environments' })
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: environment }) });
}

test('a push reaches dev and staging by itself, and two clicks take it back', async ({
  page,
  request,
  baseURL,
}, testInfo) => {
  test.setTimeout(3 * DELIVERY_MILLISECONDS);
  const kim = await PortalApi.create(request, personas.auroraDeveloper);
  // No other journey pushes to this one.
  const name = 'parcel-tracking';
  // What staging goes back to.
  await expect
    .poll(async () => (await versionsOf(kim, name)).staging, {
      timeout: DELIVERY_MILLISECONDS,
    })
    .toBeDefined();
  const before = (await versionsOf(kim, name)).staging ?? '';

  const copy = await WorkingCopy.clone({
    url: `${baseURL}/api/git-host/aurora/${name}.git`,
    token: kim.token,
  });
  const version = `8.${Date.now() % 100_000}.0`;
  try {
    await copy.push(
      'package.json',
      (
        await copy.read('package.json')
      ).replace(/"version": "[^"]*"/, `"version": "${version}"`),
      `Release ${version}`,
    );
  } finally {
    await copy.remove();
  }

  await enterAs(
    page,
    personas.auroraDeveloper,
    `/catalog/aurora/component/${name}/delivery`,
  );
  await expect(laneOf(page, 'dev')).toContainText(version, {
    timeout: DELIVERY_MILLISECONDS,
  });
  await expect(laneOf(page, 'staging')).toContainText(version, {
    timeout: DELIVERY_MILLISECONDS,
  });
  await expect(laneOf(page, 'staging')).toContainText('Up to date with dev');
  await expect(laneOf(page, 'prod')).not.toContainText(version);
  await expectAccessible(page);
  await page.screenshot({
    path: testInfo.outputPath('lanes.png'),
    fullPage: true,
  });

  // Two clicks: the release before is preselected.
  await laneOf(page, 'staging')
    .getByRole('button', { name: 'Roll back staging' })
    .click();
  const dialog = page.getByRole('dialog', { name: 'Roll back staging' });
  await expect(dialog).toContainText(before);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Roll back', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(laneOf(page, 'staging')).toContainText('Automation is held', {
    timeout: DELIVERY_MILLISECONDS,
  });
  await expect(laneOf(page, 'staging')).toContainText(before);
  await expect(laneOf(page, 'dev')).toContainText(version);
  await expect(laneOf(page, 'staging')).toContainText('1 release behind dev');
});

test('nobody approves what they asked for; two others do, one from the home page, and it reaches production', async ({
  browser,
  page,
  request,
}, testInfo) => {
  test.setTimeout(SOAK_MILLISECONDS + 2 * DELIVERY_MILLISECONDS);
  const kim = await PortalApi.create(request, personas.auroraDeveloper);
  // The demo asks for a promotion of the first service; this one has none.
  const name = 'payment-desk';
  await expect
    .poll(async () => (await versionsOf(kim, name)).staging, {
      timeout: DELIVERY_MILLISECONDS,
    })
    .toBeDefined();
  const version = (await versionsOf(kim, name)).staging ?? '';

  // Kim sees what changes before asking.
  await enterAs(
    page,
    personas.auroraDeveloper,
    `/catalog/aurora/component/${name}/delivery`,
  );
  const prod = laneOf(page, 'prod');
  await prod.getByRole('button', { name: 'Promote to prod' }).click();
  const dialog = page.getByRole('dialog', { name: 'Promote to prod' });
  await expect(dialog).toContainText(version);
  await expect(dialog).toContainText(/\d+ images?, \d+ commits?/);
  await dialog.getByLabel('Comment').fill('For the journey');
  await dialog.getByRole('button', { name: 'Ask for the promotion' }).click();
  await expect(dialog).toBeHidden();
  await prod.getByRole('link', { name: /^Promotion of/ }).click();

  await expect(
    page.getByRole('heading', {
      level: 2,
      name: `Promote ${name} ${version} to prod`,
    }),
  ).toBeVisible();
  const approve = page.getByRole('button', { name: 'Approve', exact: true });
  await expect(approve).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByRole('region', { name: 'Approvals' })).toContainText(
    'Can still approve',
  );
  await expect(
    page.getByRole('region', { name: 'What changes' }),
  ).toContainText('Images');
  await expectAccessible(page);
  await page.screenshot({
    path: testInfo.outputPath('promotion.png'),
    fullPage: true,
  });
  const address = new URL(page.url()).pathname;

  // The wall is the portal's, not the page's.
  const promotion = address.split('/').at(-1) ?? '';
  const detail = await (
    await kim.get(`/api/promotions/promotions/${promotion}`)
  ).json();
  await kim.post(`/api/promotions/promotions/${promotion}/votes`, {
    decision: 'approve',
    subject: detail.promotion.subject,
  });
  const after = await (
    await kim.get(`/api/promotions/promotions/${promotion}`)
  ).json();
  expect(after.approvals[0].rules[0].approvedBy).toEqual([]);

  // Robin: from the home page to the promotion, approve, sign.
  const context = await browser.newContext();
  const robin = await context.newPage();
  await enterAs(robin, personas.auroraApprover, '/');
  await robin
    .getByRole('link', { name: `Approve ${name} ${version} to prod` })
    .click();
  await expect(robin).toHaveURL(new RegExp(`${address}$`));
  await robin.getByRole('button', { name: 'Approve', exact: true }).click();
  const vote = robin.getByRole('dialog', { name: /^Approve/ });
  await expect(vote).toContainText('You sign exactly what is shown');
  await expectAccessible(robin);
  await vote.getByRole('button', { name: 'Approve' }).click();
  await expect(vote).toBeHidden();
  await expect(robin.getByRole('region', { name: 'Approvals' })).toContainText(
    'Approved by: Robin',
  );
  await context.close();

  // Kim's page follows by itself.
  const head = page.getByRole('main');
  await expect(head.getByText('Approved by: Robin')).toBeVisible();

  // Aurora's own pipeline asks for a tech lead besides.
  const leila = await PortalApi.create(request, personas.auroraTechLead);
  const shown = await (
    await leila.get(`/api/promotions/promotions/${promotion}`)
  ).json();
  const voted = await leila.post(
    `/api/promotions/promotions/${promotion}/votes`,
    { decision: 'approve', subject: shown.promotion.subject },
  );
  expect(voted.ok()).toBe(true);
  await expect(head.getByText('Succeeded').first()).toBeVisible({
    timeout: SOAK_MILLISECONDS + DELIVERY_MILLISECONDS,
  });
  await expect(
    page.getByRole('region', { name: 'Done outside' }),
  ).toContainText('Commit to the deployment repository');
  await expectAccessible(page);
  await page.goto(`/catalog/aurora/component/${name}/delivery`);
  await expect(laneOf(page, 'prod')).toContainText(version);
});

test('another tenant finds nothing of it', async ({ page, request }) => {
  const kim = await PortalApi.create(request, personas.auroraDeveloper);
  const response = await kim.get('/api/promotions/promotions?limit=1');
  const body: { items: { id: string }[] } = await response.json();
  await enterAs(
    page,
    personas.borealisDeveloper,
    `/delivery/promotions/${body.items.at(0)?.id}`,
  );
  await expect(page.getByText('There is no such promotion')).toBeVisible();
});
