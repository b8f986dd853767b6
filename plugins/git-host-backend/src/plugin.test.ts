import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  coreServices,
  createBackendPlugin,
  createServiceFactory,
  type UrlReaderService,
} from '@backstage/backend-plugin-api';
import { urlReaderServiceFactory } from '@backstage/backend-defaults/urlReader';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import {
  type GitHostService,
  gitHostServiceRef,
} from '@portico/plugin-git-host-node';
import {
  type TenancyService,
  tenancyServiceRef,
} from '@portico/plugin-tenancy-node';
import gitHostFeatures from '.';

const by = pluginAuditContext('test');

jest.setTimeout(60_000);

describe('what the Git host gives to other plugins', () => {
  let directory: string;
  let reader: UrlReaderService;
  let gitHost: GitHostService;
  let testDatabase: TestDatabase;
  let stop: () => Promise<void>;
  const portal = 'http://localhost:7162';

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      migrations: [auditMigrations],
      pluginIds: [],
    });
    directory = await mkdtemp(join(tmpdir(), 'portico-reader-'));
    const backend = await startTestBackend({
      features: [
        gitHostFeatures,
        urlReaderServiceFactory,
        createServiceFactory({
          service: tenancyServiceRef,
          deps: {},
          // Nobody asks the host's own doors in this test.
          factory: () => ({} as TenancyService),
        }),
        mockServices.rootConfig.factory({
          data: {
            app: { baseUrl: portal },
            backend: { baseUrl: portal, reading: { allow: [{ host: '*' }] } },
            integrations: {
              gitea: [
                { host: 'localhost:7162', baseUrl: `${portal}/api/git-host` },
              ],
            },
            portico: testDatabase.config.portico,
            gitHost: { directory: join(directory, 'repositories') },
          },
        }),
        createBackendPlugin({
          pluginId: 'stock',
          register(env) {
            env.registerInit({
              deps: {
                urlReader: coreServices.urlReader,
                service: gitHostServiceRef,
              },
              async init({ urlReader, service }) {
                reader = urlReader;
                gitHost = service;
              },
            });
          },
        }),
      ],
    });
    stop = () => backend.stop();
    for (const tenant of ['default', 'aurora']) {
      await gitHost.create({ by, tenant, repository: 'shop', description: '' });
      const folder = join(directory, tenant);
      await mkdir(join(folder, 'docs'), { recursive: true });
      await writeFile(join(folder, 'docs/a.txt'), `of ${tenant}`);
      await gitHost.commit({
        by,
        tenant,
        repository: 'shop',
        branch: 'main',
        message: 'First',
        author: { name: 'A', email: 'a@portico.invalid' },
        onBehalfOf: 'user:default/pat',
        directory: folder,
        expectedHead: undefined,
      });
    }
  });
  afterAll(async () => {
    await stop();
    await rm(directory, { recursive: true, force: true });
    await testDatabase.destroy();
  });

  it('is a URL reader for the repositories of the platform, in process', async () => {
    const base = `${portal}/api/git-host/default/shop/src/branch/main`;
    const file = await reader.readUrl(`${base}/docs/a.txt`);
    expect((await file.buffer()).toString()).toBe('of default');
    const tree = await reader.readTree(`${base}/`);
    const files = await tree.files();
    expect(files.map(one => one.path)).toEqual(['docs/a.txt']);
    const folder = await tree.dir({ targetDir: join(directory, 'out') });
    expect(folder).toBe(join(directory, 'out'));
    const chunks: Buffer[] = [];
    for await (const chunk of await tree.archive()) {
      chunks.push(Buffer.from(chunk));
    }
    expect(Buffer.concat(chunks).toString('latin1')).toContain(
      'shop/docs/a.txt',
    );
    await expect(
      reader.readTree(`${base}/`, { etag: tree.etag }),
    ).rejects.toMatchObject({ name: 'NotModifiedError' });
    await expect(
      reader.readUrl(`${base}/docs/a.txt`, { etag: file.etag }),
    ).rejects.toMatchObject({ name: 'NotModifiedError' });
    const found = await reader.search(`${base}/docs/a.txt`);
    expect(found.files).toHaveLength(1);
    expect((await reader.search(`${base}/absent.txt`)).files).toEqual([]);
    await expect(reader.search(`${base}/**/*.txt`)).rejects.toThrow();
  });

  it('refuses stock code every tenant’s repository and every other address of the portal', async () => {
    for (const path of [
      '/api/git-host/aurora/shop/src/branch/main/docs/a.txt',
      '/api/git-host/default/shop/src/branch/main/../../../../../aurora/shop/src/branch/main/docs/a.txt',
      '/api/git-host/api/v1/repos/aurora/shop/contents/docs/a.txt',
      '/api/catalog/entities',
      '//api/git-host/aurora/shop/src/branch/main/docs/a.txt',
    ]) {
      const url = portal + path;
      const refused = { name: 'NotAllowedError' };
      await expect(reader.readUrl(url)).rejects.toMatchObject(refused);
      await expect(reader.readTree(url)).rejects.toMatchObject(refused);
      await expect(reader.search(url)).rejects.toMatchObject(refused);
    }
  });
});
