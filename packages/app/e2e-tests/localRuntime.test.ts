import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { personas } from './support/personas';
import { PortalApi } from './support/PortalApi';
import { signIn } from './support/signIn';
import { WorkingCopy } from './support/WorkingCopy';

const TEST_FILE = 'test/configuration.test.ts';
/** A build on a busy machine, with its wait for others. */
const BUILD_MILLISECONDS = 240_000;

test('a pushed commit reaches dev without a click, and a failing test says why', async ({
  page,
  request,
  baseURL,
}, testInfo) => {
  test.setTimeout(3 * BUILD_MILLISECONDS);
  const kim = await PortalApi.create(request, personas.auroraDeveloper);
  const name = await kim.componentOf('aurora');
  const copy = await WorkingCopy.clone({
    url: `${baseURL}/api/git-host/aurora/${name}.git`,
    token: kim.token,
  });
  const main = page.getByRole('main');
  try {
    const packageFile = await copy.read('package.json');
    const version = `7.${Date.now() % 100_000}.0`;
    await copy.push(
      'package.json',
      packageFile.replace(/"version": "[^"]*"/, `"version": "${version}"`),
      `Release ${version}`,
    );

    // The card on the page of the component
    await signIn(
      page,
      personas.auroraDeveloper,
      `/catalog/aurora/component/${name}`,
    );
    const card = main.getByRole('region', { name: 'Environments' });
    await expect(card).toContainText('Local runtime', { timeout: 60_000 });
    await expect(card).toContainText(version, { timeout: BUILD_MILLISECONDS });
    await expect(card).toContainText('A promotion brings releases here.');
    const address = await card
      .getByRole('link', { name: /^http:\/\/127\.0\.0\.1:\d+/ })
      .first()
      .getAttribute('href');

    // The new version answers; a service that sleeps is woken by the question.
    await expect(async () => {
      const answer = await request.get(`${address}/healthz`);
      expect(answer.status()).toBe(200);
    }).toPass({ timeout: 60_000 });
    await expect(
      card.getByText('Running', { exact: true }).first(),
    ).toBeVisible({
      timeout: 60_000,
    });
    await expectAccessible(page);
    await page.screenshot({ path: testInfo.outputPath('environments.png') });

    // Its figures, log and build
    await page.goto(`/catalog/aurora/component/${name}/runs`);
    await expect(main.getByLabel('Figures of dev')).toBeVisible();
    await main.getByRole('button', { name: 'Show the log of dev' }).click();
    await expect(
      main.getByRole('region', { name: 'Log of dev', exact: true }),
    ).toContainText('/healthz');
    await expect(main.getByText('Succeeded').first()).toBeVisible();
    await expectAccessible(page);

    // A test that fails says so, with its log; what runs stays.
    const working = await copy.read(TEST_FILE);
    await copy.push(
      TEST_FILE,
      `${working}\ntest('the journey breaks this', () => assert.equal(1, 2));\n`,
      'Break a test',
    );
    await expect(
      main.getByRole('heading', { name: /: Break a test$/ }),
    ).toBeVisible({ timeout: 60_000 });
    await expect(main.getByText('Why it did not succeed')).toBeVisible({
      timeout: BUILD_MILLISECONDS,
    });
    await expect(
      main.getByRole('region', { name: /^Log of the build of/ }),
    ).toContainText('the journey breaks this');
    await expect(
      main.getByRole('article', { name: 'dev', exact: true }),
    ).toContainText(version);
    await expectAccessible(page);
    await page.screenshot({ path: testInfo.outputPath('runs.png') });

    // Mended, it is built again; other journeys push to this service too.
    await copy.push(TEST_FILE, working, 'Mend the test');
    await expect(
      main.getByRole('row', { name: /Mend the test/ }).getByText('Succeeded'),
    ).toBeVisible({ timeout: BUILD_MILLISECONDS });
  } finally {
    await copy.remove();
  }
});

test('who only looks on sees results without logs, and another tenant sees nothing', async ({
  page,
  request,
}) => {
  test.slow();
  const kim = await PortalApi.create(request, personas.auroraDeveloper);
  const name = await kim.componentOf('aurora');
  await signIn(
    page,
    personas.auroraViewer,
    `/catalog/aurora/component/${name}/runs`,
  );
  const main = page.getByRole('main');
  await expect(
    main.getByText(/^Logs are for developers/).first(),
  ).toBeVisible();
  await expect(main.getByRole('button', { name: /^Restart/ })).toHaveCount(0);
  await expectAccessible(page);

  const lee = await PortalApi.create(request, personas.borealisDeveloper);
  const answer = await lee.get(
    `/api/local-runtime/entities/component/aurora/${name}/status`,
  );
  expect(answer.status()).toBe(404);
});
