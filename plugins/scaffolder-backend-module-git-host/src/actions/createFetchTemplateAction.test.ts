import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import {
  BOB,
  createTestContext,
  KIM,
  startTestGitHost,
  testTenancy,
} from '../__testUtils__/createTestContext';
import { createFetchTemplateAction } from './createFetchTemplateAction';

jest.setTimeout(60_000);

describe('portico:fetch:template', () => {
  let host: Awaited<ReturnType<typeof startTestGitHost>>;
  let action: ReturnType<typeof createFetchTemplateAction>;

  beforeAll(async () => {
    host = await startTestGitHost();
    action = createFetchTemplateAction({
      gitHost: host.gitHost,
      integrations: ScmIntegrations.fromConfig(new ConfigReader(host.config)),
      tenancy: testTenancy,
    });
    await host.repository('default', 'golden-paths', {
      'service/template.yaml': 'kind: Template',
      'service/skeleton/src/${{ values.name }}.ts':
        'export const a = "${{ values.name }}";',
      'service/skeleton/README.md': '# ${{ values.name }}',
    });
    await host.repository('aurora', 'own', {
      'template.yaml': 'kind: Template',
      'skeleton/a.txt': 'own',
    });
    await host.repository('borealis', 'priv', {
      'secret.txt': 'of borealis',
      'skeleton/a.txt': 'of borealis',
    });
  });
  afterAll(() => host.destroy());

  const platformTemplate = () => ({
    entityRef: 'template:default/service',
    baseUrl: host.gitHost.urlOf({
      tenant: 'default',
      repository: 'golden-paths',
      ref: 'main',
      path: 'service/template.yaml',
    }),
  });
  const ownTemplate = () => ({
    entityRef: 'template:aurora/own',
    baseUrl: host.gitHost.urlOf({
      tenant: 'aurora',
      repository: 'own',
      ref: 'main',
      path: 'template.yaml',
    }),
  });

  async function fetchInto(
    url: string,
    options: {
      userRef?: string;
      template?: { entityRef: string; baseUrl?: string };
      isDryRun?: boolean;
    } = {},
  ) {
    const workspacePath = await host.folder({});
    const { context } = createTestContext({
      input: { url, values: { name: 'checkout' } },
      workspacePath,
      template: platformTemplate(),
      ...options,
    });
    await action.handler(context);
    return workspacePath;
  }

  it('renders the platform’s and the own tenant’s skeletons', async () => {
    const workspace = await fetchInto('./skeleton');
    expect(await readFile(join(workspace, 'src/checkout.ts'), 'utf8')).toBe(
      'export const a = "checkout";',
    );
    expect(await readFile(join(workspace, 'README.md'), 'utf8')).toBe(
      '# checkout',
    );
    const own = await fetchInto('./skeleton', { template: ownTemplate() });
    expect(await readdir(own)).toEqual(['a.txt']);
    const absolute = await fetchInto(
      host.gitHost.urlOf({
        tenant: 'aurora',
        repository: 'own',
        ref: 'main',
        path: 'skeleton',
      }),
    );
    expect(await readdir(absolute)).toEqual(['a.txt']);
  });

  const foreign = 'borealis/priv/src/branch/main';
  it.each([
    ['up and over, to the root', `../../../../../${foreign}/`],
    ['up and over, to a folder', `../../../../../${foreign}/skeleton`],
    [
      'as far up as it goes',
      `../../../../../../../../api/git-host/${foreign}/`,
    ],
    ['with encoded dots', `%2e%2e/%2e%2e/%2E%2e/../../${foreign}/`],
    ['in full', `http://localhost:7161/api/git-host/${foreign}/`],
    ['in full, in capitals', `HTTP://LOCALHOST:7161/api/git-host/${foreign}/`],
    [
      'by commit',
      `http://localhost:7161/api/git-host/${foreign.replace(
        'branch',
        'commit',
      )}/`,
    ],
    [
      'over the read API',
      'http://localhost:7161/api/git-host/api/v1/repos/borealis/priv/contents/secret.txt',
    ],
    [
      'through an own address',
      `http://localhost:7161/api/git-host/aurora/own/src/branch/main/../../../../../${foreign}/`,
    ],
    ['without a scheme', `//localhost:7161/api/git-host/${foreign}/`],
  ])('does not read another tenant’s repository: %s', async (_, url) => {
    for (const template of [ownTemplate(), platformTemplate()]) {
      // the address that escapes from the template's own depth as well
      const deeper = url.startsWith('../') ? `../${url}` : url;
      for (const address of [url, deeper]) {
        const workspacePath = await host.folder({});
        const { context } = createTestContext({
          input: { url: address },
          workspacePath,
          template,
        });
        await expect(action.handler(context)).rejects.toThrow();
        expect(await readdir(workspacePath)).toEqual([]);
      }
    }
  });

  it('names the reason, and lets the other tenant read what is its own', async () => {
    const url = `../../../../../${foreign}/skeleton`;
    await expect(fetchInto(url, { template: ownTemplate() })).rejects.toThrow(
      "lies outside of the repositories of 'aurora' and of the platform",
    );
    const workspace = await fetchInto(url, {
      template: ownTemplate(),
      userRef: BOB,
    });
    expect(await readFile(join(workspace, 'a.txt'), 'utf8')).toBe(
      'of borealis',
    );
  });

  it('reads nothing outside of the Git host, be it the disk or another server', async () => {
    for (const url of [
      'http://169.254.169.254/latest/meta-data',
      'https://github.com/backstage/backstage/tree/master/',
      'file:///etc',
    ]) {
      await expect(fetchInto(url)).rejects.toMatchObject({
        name: 'NotAllowedError',
      });
    }
    const folder = await host.folder({ 'skeleton/a.txt': 'on disk' });
    const template = {
      entityRef: 'template:aurora/own',
      baseUrl: `file://${folder}/template.yaml`,
    };
    await expect(fetchInto('./skeleton', { template })).rejects.toThrow(
      'A template with a file address cannot be run',
    );
    // …which is how the portal itself hands over a dry run
    const workspace = await fetchInto('./skeleton', {
      template,
      isDryRun: true,
    });
    expect(await readdir(workspace)).toEqual(['a.txt']);
    await mkdir(join(folder, 'deep'));
    await expect(
      fetchInto('../../etc', { template, isDryRun: true }),
    ).rejects.toThrow();
  });

  it('does nothing for somebody whose session is over', async () => {
    await expect(
      fetchInto('./skeleton', { userRef: 'user:aurora/gone' }),
    ).rejects.toMatchObject({ name: 'AuthenticationError' });
    expect(KIM).toBe('user:aurora/kim');
  });

  it('answers under its own id, with the stock action’s input', () => {
    expect(action.id).toBe('portico:fetch:template');
    expect(action.supportsDryRun).toBe(true);
    expect(
      Object.keys((action.schema?.input as { properties: object }).properties),
    ).toEqual(expect.arrayContaining(['url', 'targetPath', 'values']));
  });
});
