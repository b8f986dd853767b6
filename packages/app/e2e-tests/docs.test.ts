import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { enterAs } from './support/enterAs';
import { keepPicture } from './support/keepPicture';
import { personas } from './support/personas';
import { PortalApi } from './support/PortalApi';
import { WorkingCopy } from './support/WorkingCopy';

/** The packages of MkDocs come once, and the demo has many sites. */
const BUILD_MILLISECONDS = 240_000;

/** Waits until the pages of a component are built; otherwise says why they are not. */
async function builtDocs(kim: PortalApi, name: string): Promise<string> {
  let build: { state: string; reason?: string } | undefined;
  await expect(async () => {
    const answer = await kim.get(
      `/api/techdocs/static/docs/aurora/component/${name}/portico-build.json`,
    );
    build = await answer.json();
    expect(build?.state).toMatch(/succeeded|failed|unavailable/);
  }).toPass({ timeout: BUILD_MILLISECONDS, intervals: [2_000] });
  test.skip(build?.state === 'unavailable', build?.reason);
  expect(build, JSON.stringify(build)).toMatchObject({ state: 'succeeded' });
  return `/docs/aurora/component/${name}`;
}

test('docs are built from the repository, follow a push and stay in the tenant', async ({
  page,
  request,
  baseURL,
}, testInfo) => {
  test.setTimeout(2 * BUILD_MILLISECONDS);
  const kim = await PortalApi.create(request, personas.auroraDeveloper);
  const name = await kim.componentOf('aurora');
  const path = await builtDocs(kim, name);
  const copy = await WorkingCopy.clone({
    url: `${baseURL}/api/git-host/aurora/${name}.git`,
    token: kim.token,
  });
  // The card of the entity above it is an article as well.
  const text = page.getByRole('article').last();
  try {
    await enterAs(page, personas.auroraDeveloper, path);
    await expect(text).toContainText(name);
    await expectAccessible(page);
    await keepPicture(page, testInfo, 'docs');

    const sentence = `Written at ${new Date().toISOString()}.`;
    const index = await copy.read('docs/index.md');
    await copy.push('docs/index.md', `${index}\n${sentence}\n`, 'Tell more');
    await expect(async () => {
      await page.reload();
      await expect(text).toContainText(sentence, {
        timeout: 5_000,
      });
    }).toPass({ timeout: 60_000 });

    // What cannot be built says why, and the pages of before stay.
    await copy.push('mkdocs.yml', 'docs_dir: ../elsewhere\n', 'Look elsewhere');
    await expect(
      page.getByText('docs_dir in mkdocs.yml must be a folder below the file'),
    ).toBeVisible({ timeout: 60_000 });
    await expect(text).toContainText(sentence);
    await expectAccessible(page);
  } finally {
    await copy.remove();
  }

  const lee = await PortalApi.create(request, personas.borealisDeveloper);
  for (const address of [
    `/api/techdocs/metadata/techdocs/aurora/component/${name}`,
    `/api/techdocs/static/docs/aurora/component/${name}/index.html`,
    `/api/techdocs/static/docs/aurora/component/${name}/portico-build.json`,
    `/api/techdocs/static/docs/aurora/component/${name}/search/search_index.json`,
  ]) {
    expect((await lee.get(address)).status(), address).toBe(404);
  }
});

test('docs are listed by owner, and Portico documents itself', async ({
  page,
}, testInfo) => {
  await enterAs(page, personas.auroraDeveloper, '/docs');
  const main = page.getByRole('main');
  await expect(
    main.getByRole('heading', { level: 2, name: /yours/ }).first(),
  ).toBeVisible();
  await expectAccessible(page);
  await keepPicture(page, testInfo, 'docs-index');
  await main.getByLabel('Find documentation').fill('portico');
  await main.getByRole('link', { name: 'Portico', exact: true }).click();
  await expect(page).toHaveURL(/\/docs\/default\/system\/portico/);
});

test('an API is read and tried against the service that runs', async ({
  page,
  request,
}, testInfo) => {
  test.setTimeout(2 * BUILD_MILLISECONDS);
  const kim = await PortalApi.create(request, personas.auroraDeveloper);
  const api = `${await kim.componentOf('aurora')}-api`;
  // The first build takes its time; the page says so meanwhile.
  await expect(async () => {
    const answer = await kim.get(`/api/api-try-out/apis/aurora/${api}/servers`);
    const { items } = await answer.json();
    expect(items).toContainEqual(
      expect.objectContaining({ source: 'local-runtime', environment: 'dev' }),
    );
  }).toPass({ timeout: BUILD_MILLISECONDS, intervals: [2_000] });

  await enterAs(
    page,
    personas.auroraDeveloper,
    `/catalog/aurora/api/${api}/definition`,
  );
  const main = page.getByRole('main');
  await main.getByRole('button', { name: /^GET \/healthz/ }).click();
  await main.getByRole('button', { name: 'Send GET /healthz' }).click();
  await expect(main.getByText(/^200 OK after \d+ ms/)).toBeVisible({
    timeout: 30_000,
  });
  await expect(
    main.getByRole('region', { name: 'Body of the answer' }),
  ).toContainText('status');
  await expectAccessible(page);
  await keepPicture(page, testInfo, 'api');

  const lee = await PortalApi.create(request, personas.borealisDeveloper);
  const foreign = await lee.get(`/api/api-try-out/apis/aurora/${api}/servers`);
  expect(foreign.status()).toBe(404);
});
