import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { UrlReaders } from '@backstage/backend-defaults/urlReader';
import { mockServices } from '@backstage/backend-test-utils';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import {
  commitListSchema,
  fileContentSchema,
  repositoryListSchema,
  repositorySchema,
  treeSchema,
} from '@portico/plugin-git-host-common';
import request from 'supertest';
import { parse } from 'yaml';
import {
  headerOf,
  startTestPortal,
  type TestPortal,
  tokenOf,
} from '../__testUtils__/startTestPortal';

const by = pluginAuditContext('test');

const KIM = 'user:aurora/kim';

jest.setTimeout(60_000);

describe('the routes of the Git host', () => {
  let portal: TestPortal;
  let head: string;

  beforeAll(async () => {
    portal = await startTestPortal({
      deny: (_, userRef) => userRef === 'user:aurora/vic',
    });
    head = await repository('aurora', 'shop', {
      'README.md': '# Shop ✓\n',
      'docs/index.md': 'docs',
      'logo.bin': Buffer.from([0, 1, 2, 255]),
      'latin.txt': Buffer.from([0x63, 0x61, 0x66, 0xe9]),
    });
    await repository('borealis', 'priv', { 'secret.txt': 'of borealis' });
    await repository('default', 'golden-paths', { 'all.yaml': 'kind: x' });
    await portal.gitHost.create({
      by,
      tenant: 'aurora',
      repository: 'empty',
      description: 'Nothing yet',
    });
  });
  afterAll(() => portal.stop());

  async function repository(
    tenant: string,
    name: string,
    files: Record<string, string | Buffer>,
  ) {
    const folder = join(portal.directory, `content-${tenant}-${name}`);
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    await portal.gitHost.create({
      by,
      tenant,
      repository: name,
      description: `${name} of ${tenant}`,
    });
    const { commit } = await portal.gitHost.commit({
      by,
      tenant,
      repository: name,
      branch: 'main',
      message: 'First',
      author: { name: 'Kim', email: 'kim@aurora.example' },
      onBehalfOf: KIM,
      directory: folder,
      expectedHead: undefined,
    });
    return commit;
  }

  const get = (path: string, userRef: string = KIM) =>
    request(portal.server)
      .get(`/api/git-host${path}`)
      .set('authorization', headerOf(userRef));

  it('list the repositories of the own tenant and of the platform', async () => {
    const own = await get('/repositories');
    expect(own.status).toBe(200);
    expect(
      repositoryListSchema.parse(own.body).items.map(item => item.name),
    ).toEqual(['empty', 'shop']);
    const platform = await get('/repositories?tenant=default');
    expect(
      repositoryListSchema.parse(platform.body).items.map(item => item.name),
    ).toEqual(['golden-paths']);
    const foreign = await get('/repositories?tenant=borealis');
    const absent = await get('/repositories?tenant=nobody');
    expect([foreign.status, foreign.body]).toEqual([200, { items: [] }]);
    expect([absent.status, absent.body]).toEqual([
      foreign.status,
      foreign.body,
    ]);
    expect((await get('/repositories?tenant=..')).status).toBe(400);
    expect((await get('/repositories?tenant=a&tenant=b')).status).toBe(400);
  });

  it('show a repository, its folders, files and commits', async () => {
    const shown = await get('/repositories/aurora/shop');
    expect(repositorySchema.parse(shown.body)).toMatchObject({
      name: 'shop',
      head,
      webUrl: 'http://portal.example/git/aurora/shop',
    });
    const tree = await get('/repositories/aurora/shop/tree');
    expect(treeSchema.parse(tree.body)).toEqual({
      ref: 'main',
      commit: head,
      path: '',
      entries: [
        { path: 'docs', kind: 'folder' },
        { path: 'README.md', kind: 'file', size: 11 },
        { path: 'latin.txt', kind: 'file', size: 4 },
        { path: 'logo.bin', kind: 'file', size: 4 },
      ],
    });
    const file = async (path: string) =>
      fileContentSchema.parse(
        (await get(`/repositories/aurora/shop/file?ref=${head}&path=${path}`))
          .body,
      );
    expect(await file('README.md')).toEqual({
      path: 'README.md',
      size: 11,
      encoding: 'utf-8',
      content: '# Shop ✓\n',
    });
    expect(await file('logo.bin')).toMatchObject({
      encoding: 'base64',
      content: 'AAEC/w==',
    });
    expect(await file('latin.txt')).toMatchObject({ encoding: 'base64' });
    const commits = await get('/repositories/aurora/shop/commits?limit=5');
    expect(commitListSchema.parse(commits.body).items).toEqual([
      expect.objectContaining({ id: head, subject: 'First' }),
    ]);
    expect((await get('/repositories/aurora/empty')).body.head).toBe(undefined);
    expect((await get('/repositories/aurora/empty/commits')).body).toEqual({
      items: [],
    });
    expect((await get('/repositories/aurora/empty/tree')).status).toBe(404);
  });

  it('refuse parameters by name', async () => {
    for (const [query, word] of [
      ['tree?path=../x', 'path'],
      ['tree?path=/etc', 'path'],
      ['tree?path=a%00b', 'path'],
      ['tree?path=.git', 'path'],
      ['tree?ref=--output%3Dx', 'ref'],
      ['tree?ref=main&ref=x', 'ref'],
      ['commits?limit=1000', 'limit'],
      ['commits?limit=x', 'limit'],
    ]) {
      const answer = await get(`/repositories/aurora/shop/${query}`);
      expect([query, answer.status]).toEqual([query, 400]);
      expect(answer.body.error.message).toContain(`The parameter ${word}`);
    }
    for (const query of [
      'file',
      'file?path=docs',
      'file?path=absent',
      'tree?path=README.md',
      'tree?ref=absent',
    ]) {
      const answer = await get(`/repositories/aurora/shop/${query}`);
      expect([query, answer.status]).toEqual([query, 404]);
    }
  });

  it('show another tenant’s repository as one that does not exist', async () => {
    for (const rest of ['', '/tree', '/file?path=secret.txt', '/commits']) {
      const answers = await Promise.all(
        ['borealis/priv', 'borealis/absent', 'aurora/absent', 'a/..%2fb'].map(
          async address => {
            const { status, body } = await get(
              `/repositories/${address}${rest}`,
            );
            return { status, error: body.error };
          },
        ),
      );
      expect(answers[0].status).toBe(404);
      for (const answer of answers) {
        expect(answer).toEqual(answers[0]);
      }
    }
  });

  it('ask for a user and for the permission', async () => {
    for (const path of ['/repositories', '/repositories/aurora/shop']) {
      const anonymous = await request(portal.server)
        .get(`/api/git-host${path}`)
        .set('authorization', 'Bearer nonsense');
      expect(anonymous.status).toBe(401);
      expect((await get(path, 'user:aurora/vic')).status).toBe(403);
      expect((await get(path, 'user:aurora/gone')).status).toBe(401);
    }
  });

  it('are all described in the OpenAPI document', async () => {
    const document = parse(
      await readFile(join(__dirname, '../schema/openapi.yaml'), 'utf8'),
    ) as { openapi: string; paths: Record<string, object> };
    expect(document.openapi).toBe('3.1.0');
    const filled = Object.keys(document.paths).map(path =>
      path
        .replace('{tenant}', 'aurora')
        .replace('{repository}', 'shop')
        .replace(/file$/, 'file?path=README.md'),
    );
    expect(filled).toHaveLength(5);
    for (const path of filled) {
      expect([path, (await get(path)).status]).toEqual([path, 200]);
    }
  });

  it('send a browser from a source link to the page', async () => {
    const at = async (path: string) => {
      const answer = await request(portal.server).get(`/api/git-host${path}`);
      return answer.status === 302 ? answer.headers.location : answer.status;
    };
    const page = 'http://portal.example/git/aurora/shop';
    expect(await at('/aurora/shop/src/branch/main/docs/index.md')).toBe(
      `${page}?ref=main&path=docs%2Findex.md`,
    );
    expect(await at('/aurora/shop/src/branch/feat%2Fx/')).toBe(
      `${page}?ref=feat%2Fx`,
    );
    expect(await at('/aurora/shop/_edit/main/README.md')).toBe(
      `${page}?ref=main&path=README.md`,
    );
    expect(await at('/aurora/shop.git')).toBe(page);
    // what does not exist gets the same answer
    expect(await at('/nobody/absent/src/branch/main/x')).toBe(
      'http://portal.example/git/nobody/absent?ref=main&path=x',
    );
    for (const path of [
      '/aurora/shop/src/branch/main/.git/config',
      '/aurora/shop/src/branch/main/x//evil.example',
      '/%2f%2fevil.example/shop/src/branch/main/x',
      '/aurora/shop/src/branch/--x/y',
      '/Aurora/shop/src/branch/main/x',
    ]) {
      expect([path, await at(path)]).toEqual([path, 404]);
    }
  });

  describe('in Gitea’s form', () => {
    const readerWith = (password: string) => {
      const host = `localhost:${portal.server.port()}`;
      return UrlReaders.default({
        logger: mockServices.logger.mock(),
        config: new ConfigReader({
          integrations: {
            gitea: [
              {
                host,
                baseUrl: `http://${host}/api/git-host`,
                username: 'x-token',
                password,
              },
            ],
          },
        }),
      });
    };
    const url = (rest: string) => `${portal.origin}/api/git-host/${rest}`;

    it('serve the stock reader of a backend that holds no repositories', async () => {
      const reader = readerWith('portico_aurora_2_reads');
      const file = await reader.readUrl(
        url('aurora/shop/src/branch/main/README.md'),
      );
      expect((await file.buffer()).toString()).toBe('# Shop ✓\n');
      expect(file.etag).toBe(`"${head}"`);
      const tree = await reader.readTree(url('aurora/shop/src/branch/main/'));
      expect(tree.etag).toBe(head);
      expect((await tree.files()).map(one => one.path).sort()).toEqual([
        'README.md',
        'docs/index.md',
        'latin.txt',
        'logo.bin',
      ]);
      const platform = await reader.readUrl(
        url('default/golden-paths/src/branch/main/all.yaml'),
      );
      expect((await platform.buffer()).toString()).toBe('kind: x');
    });

    it('keep another tenant and strangers out', async () => {
      const foreign = url('borealis/priv/src/branch/main/secret.txt');
      await expect(
        readerWith('portico_aurora_2_reads').readUrl(foreign),
      ).rejects.toMatchObject({ name: 'NotFoundError' });
      await expect(
        readerWith('portico_aurora_3_catalog').readUrl(
          url('aurora/shop/src/branch/main/README.md'),
        ),
      ).rejects.toMatchObject({ name: 'AuthenticationError' });
      for (const path of [
        'repos/aurora/shop',
        'repos/aurora/shop/contents/README.md',
        'repos/aurora/shop/git/commits/main',
        'repos/aurora/shop/archive/main.tar.gz',
      ]) {
        const anonymous = await request(portal.server).get(
          `/api/git-host/api/v1/${path}`,
        );
        expect(anonymous.status).toBe(401);
        expect(anonymous.headers['www-authenticate']).toBe(
          'Basic realm="Portico"',
        );
        const allowed = await request(portal.server)
          .get(`/api/git-host/api/v1/${path}`)
          .set('authorization', `token ${tokenOf(KIM)}`);
        expect(allowed.status).toBe(200);
        const other = await request(portal.server)
          .get(`/api/git-host/api/v1/${path}`)
          .set('authorization', 'token portico_borealis_4_both');
        expect(other.status).toBe(404);
      }
    });
  });
});
