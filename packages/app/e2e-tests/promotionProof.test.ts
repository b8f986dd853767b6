import { execFile } from 'child_process';
import { readFile, writeFile } from 'fs/promises';
import path from 'path';
import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { enterAs } from './support/enterAs';
import { personas } from './support/personas';
import { PortalApi } from './support/PortalApi';

/** No other journey asks for a promotion of it or pushes to it. */
const NAME = 'product-pages';
const COMPONENT = `component:aurora/${NAME}`;
/** A build on a busy machine, and two deployments by themselves. */
const DELIVERY_MILLISECONDS = 300_000;
const NOTICE_MILLISECONDS = 120_000;
const CANCEL = 'promotions.promotion.cancel';

const repositoryRoot = path.resolve(__dirname, '../../..');

interface Lane {
  environment: string;
  release?: { id: string; content: { version: string } };
}

interface Verified {
  code: number;
  output: string;
}

/** The command line as people run it; it asks no portal. */
function verify(bundle: string, keys: readonly string[]): Promise<Verified> {
  return new Promise(done => {
    execFile(
      process.execPath,
      [
        path.join(repositoryRoot, 'packages/cli/bin/portico.mjs'),
        ...['audit', 'verify', bundle, '--key', ...keys],
      ],
      { timeout: 60_000 },
      (error, output, errors) =>
        done({
          code: error ? Number(error.code) : 0,
          output: `${output}${errors}`,
        }),
    );
  });
}

/** What is told on the page "Notifications". */
function notices(page: Page) {
  return page.getByRole('list', { name: 'Notifications, newest first' });
}

/** The page is as it was when it was opened, so it is opened again until somebody told. */
async function expectTold(page: Page, text: RegExp): Promise<void> {
  await expect(async () => {
    await page.goto('/notifications');
    await expect(notices(page)).toContainText(text, { timeout: 5_000 });
  }).toPass({ timeout: NOTICE_MILLISECONDS });
}

test('whoever asks and whoever may approve are told, two clicks approve, and the audit proves it offline', async ({
  browser,
  page,
  request,
}, testInfo) => {
  test.setTimeout(DELIVERY_MILLISECONDS + 300_000);
  const kim = await PortalApi.create(request, personas.auroraDeveloper);
  const staging = async () => {
    const answer = await kim.get(
      `/api/promotions/delivery?component=${COMPONENT}`,
    );
    const { lanes }: { lanes: Lane[] } = await answer.json();
    return lanes.find(({ environment }) => environment === 'staging')?.release;
  };
  await expect.poll(staging, { timeout: DELIVERY_MILLISECONDS }).toBeDefined();
  const release = await staging();
  const version = release?.content.version ?? '';
  const asked = await kim.post('/api/promotions/promotions', {
    component: COMPONENT,
    environment: 'prod',
    release: release?.id,
    comment: 'For the proof',
  });
  expect(asked.ok(), await asked.text()).toBe(true);
  const { id }: { id: string } = await asked.json();

  // Kim is told whose word is missing, Robin that it is theirs.
  await enterAs(page, personas.auroraDeveloper, '/notifications');
  await expectTold(page, new RegExp(`${NAME} .*waits for review before prod`));
  const context = await browser.newContext();
  const robin = await context.newPage();
  await enterAs(robin, personas.auroraApprover, '/notifications');
  await expectTold(
    robin,
    new RegExp(`${NAME} .*waits for your approval before prod`),
  );
  await expect(notices(robin)).toContainText('Kim Nguyen asked for it.');
  await expectAccessible(robin);

  // Two clicks: the promotion from the home page, then approve; the signature follows.
  await robin.goto('/');
  await robin
    .getByRole('link', { name: `Approve ${NAME} ${version} to prod` })
    .click();
  await robin.getByRole('button', { name: 'Approve', exact: true }).click();
  const vote = robin.getByRole('dialog', { name: /^Approve/ });
  await vote.getByRole('button', { name: 'Approve' }).click();
  await expect(vote).toBeHidden();
  await expect(robin.getByRole('region', { name: 'Approvals' })).toContainText(
    'Approved by: Robin',
  );
  await context.close();

  // It is taken back, so that nothing of it waits for anybody any more.
  const cancelled = await kim.post(`/api/promotions/promotions/${id}/cancel`, {
    reason: 'The proof needs no deployment',
  });
  expect(cancelled.ok(), await cancelled.text()).toBe(true);

  // Entries reach the chain a moment after what they tell of.
  const alexApi = await PortalApi.create(request, personas.auroraAdmin);
  await expect
    .poll(
      async () => {
        const entries = await alexApi.get(`/api/audit/entries?subject=${id}`);
        return entries.text();
      },
      { timeout: NOTICE_MILLISECONDS },
    )
    .toContain(CANCEL);

  // The proof leaves the portal, and is read without it.
  const admin = await browser.newContext();
  const alex = await admin.newPage();
  await enterAs(alex, personas.auroraAdmin, '/audit/evidence');
  await expect(
    alex.getByRole('heading', { name: 'Chain of aurora' }),
  ).toBeVisible();
  await alex.getByRole('button', { name: 'Export…' }).click();
  const download = alex.waitForEvent('download');
  await alex
    .getByRole('dialog', { name: 'Export entries' })
    .getByRole('button', { name: 'Export', exact: true })
    .click();
  const bundle = testInfo.outputPath((await download).suggestedFilename());
  await (await download).saveAs(bundle);
  const command = await alex
    .getByRole('dialog')
    .getByRole('region', { name: 'Command to verify the bundle' })
    .innerText();
  await admin.close();
  const keys = command
    .slice(command.indexOf('--key ') + '--key '.length)
    .trim()
    .split(/\s+/);
  const whole = await verify(bundle, keys);
  expect(whole.output).toMatch(/aurora .*verified/);
  expect(whole.code).toBe(0);

  // What it says of the promotion: asked for, signed and taken back, and who signed.
  const text = await readFile(bundle, 'utf8');
  const entryOf = (act: string) =>
    text
      .split('\n')
      .find(line => line.includes(`"act":"${act}"`) && line.includes(id)) ?? '';
  for (const act of ['promotions.promotion.request', CANCEL]) {
    expect(entryOf(act), act).not.toBe('');
  }
  const signed = entryOf('promotions.vote.cast');
  const entry: { actor: { ref: { $personal: string } } } = JSON.parse(signed);
  expect(
    text
      .split('\n')
      .filter(
        line =>
          line.includes('"type":"disclosure"') &&
          line.includes(entry.actor.ref.$personal),
      ),
  ).toEqual([expect.stringContaining(`"value":"${personas.auroraApprover}"`)]);

  // Whoever turns the signature into a no is found out.
  const forged = testInfo.outputPath('forged.jsonl');
  await writeFile(
    forged,
    text.replace(signed, signed.replace('"approve"', '"reject"')),
  );
  const edited = await verify(forged, keys);
  expect(edited.output).toMatch(/edited at entry \d+/);
  expect(edited.code).toBe(1);
});
