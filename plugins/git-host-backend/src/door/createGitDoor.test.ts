import { randomBytes } from 'node:crypto';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { type ClientRequest, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import request from 'supertest';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { eventually } from '../__testUtils__/eventually';
import { piped } from '../__testUtils__/piped';
import {
  startTestPortal,
  type TestPortal,
  tokenOf,
} from '../__testUtils__/startTestPortal';

const by = pluginAuditContext('test');

const KIM = 'user:aurora/kim';
const MIB = 1024 * 1024;

jest.setTimeout(120_000);

describe('the Git door', () => {
  let portal: TestPortal;
  let clones = 0;

  beforeAll(async () => {
    portal = await startTestPortal();
  });
  afterAll(() => portal.stop());

  /** A fresh repository of a tenant with one commit on main, and a clone of it. */
  async function repository(
    name: string,
    options: { tenant?: string; clone?: boolean } = {},
  ) {
    const tenant = options.tenant ?? 'aurora';
    await portal.gitHost.create({
      by,
      tenant,
      repository: name,
      description: '',
    });
    const content = join(portal.directory, `content-${tenant}-${name}`);
    await mkdir(content);
    await writeFile(join(content, 'README.md'), `# ${tenant} ${name}\n`);
    await portal.gitHost.commit({
      by,
      tenant,
      repository: name,
      branch: 'main',
      message: 'First',
      author: { name: 'Portico', email: 'portico@portico.invalid' },
      onBehalfOf: KIM,
      directory: content,
      expectedHead: undefined,
    });
    if (options.clone === false) {
      return '';
    }
    return clone(tenant, name);
  }

  async function clone(tenant: string, name: string) {
    clones += 1;
    const folder = join(portal.directory, `clone-${clones}`);
    await portal.git(['clone', portal.remote(tenant, name), folder], {
      token: tokenOf(`user:${tenant}/${tenant === 'aurora' ? 'kim' : 'bob'}`),
    });
    return folder;
  }

  async function change(
    folder: string,
    file: string,
    content: string | Buffer,
  ) {
    await writeFile(join(folder, file), content);
    await portal.git(['add', '--all'], { cwd: folder });
    await portal.git(['commit', '--message', `Change ${file}`], {
      cwd: folder,
    });
  }

  /** What git says when it fails. */
  async function failure(command: Promise<unknown>): Promise<string> {
    try {
      await command;
    } catch (error) {
      return (error as { stderr: string }).stderr;
    }
    throw new Error('git did not fail');
  }

  it('clones and pushes with a portal token and a machine token, Basic and Bearer', async () => {
    const folder = await repository('doors');
    const before = portal.pushes().length;
    for (const [scheme, token] of [
      ['basic', tokenOf(KIM)],
      ['bearer', tokenOf(KIM)],
      ['basic', 'portico_aurora_1_both'],
      ['bearer', 'portico_aurora_1_both'],
    ] as const) {
      await change(folder, 'by.txt', `${scheme} ${token}`);
      await portal.git(['push', 'origin', 'main'], {
        cwd: folder,
        token,
        scheme,
      });
      const copy = join(portal.directory, `copy-${scheme}-${token.length}`);
      await portal.git(['clone', portal.remote('aurora', 'doors'), copy], {
        token,
        scheme,
      });
      expect(
        (await portal.git(['rev-parse', 'HEAD'], { cwd: copy })).stdout,
      ).toBe((await portal.git(['rev-parse', 'HEAD'], { cwd: folder })).stdout);
    }
    await eventually(async () => portal.pushes().length >= before + 4);
    expect(portal.pushes().slice(before)).toEqual(
      [KIM, KIM, 'user:aurora/bot-ci', 'user:aurora/bot-ci'].map(pushedBy => ({
        tenant: 'aurora',
        repository: 'doors',
        branch: 'main',
        pushedBy,
      })),
    );
  });

  it('speaks protocol 2, gives shallow and partial clones and takes packed requests', async () => {
    const folder = await repository('protocols');
    for (let index = 0; index < 3; index += 1) {
      await change(folder, 'count.txt', String(index));
    }
    // so many branches that git packs its request for them
    await portal.git(['push', 'origin', 'main'], {
      cwd: folder,
      token: tokenOf(KIM),
    });
    const head = await portal.gitHost.resolve({
      tenant: 'aurora',
      repository: 'protocols',
      ref: 'main',
    });
    await portal.gitHost.processes.run(['update-ref', '--stdin'], {
      gitDirectory: await portal.gitHost.store.folderOf({
        tenant: 'aurora',
        repository: 'protocols',
      }),
      input: Array.from(
        { length: 300 },
        (_, index) => `create refs/heads/many-${index} ${head}\n`,
      ).join(''),
    });
    const token = tokenOf(KIM);
    const url = portal.remote('aurora', 'protocols');

    const refs = await portal.git(
      ['-c', 'protocol.version=2', 'ls-remote', url, 'refs/heads/many-7'],
      { token },
    );
    expect(refs.stdout).toBe(`${head}\trefs/heads/many-7\n`);
    const answer = await fetch(`${url}/info/refs?service=git-upload-pack`, {
      headers: {
        authorization: `Bearer ${token}`,
        'git-protocol': 'version=2',
      },
    });
    expect(await answer.text()).toContain('version 2');

    const shallow = join(portal.directory, 'shallow');
    await portal.git(['clone', '--depth=1', '--single-branch', url, shallow], {
      token,
    });
    expect(
      (await portal.git(['rev-list', '--count', 'HEAD'], { cwd: shallow }))
        .stdout,
    ).toBe('1\n');
    const partial = join(portal.directory, 'partial');
    await portal.git(
      ['clone', '--filter=blob:none', '--no-checkout', url, partial],
      { token },
    );
    const full = join(portal.directory, 'full');
    await portal.git(['-c', 'protocol.version=0', 'clone', url, full], {
      token,
    });
    expect(
      (await portal.git(['branch', '--remotes'], { cwd: full })).stdout.split(
        '\n',
      ).length,
    ).toBeGreaterThan(300);
  });

  it('answers 401 to everybody without a token that counts, whatever the path', async () => {
    await repository('locked', { clone: false });
    for (const [path, authorization] of [
      ['aurora/locked.git/info/refs?service=git-upload-pack', undefined],
      ['aurora/absent.git/info/refs?service=git-upload-pack', undefined],
      ['nobody/absent.git/info/refs?service=git-receive-pack', undefined],
      ['Aurora/-c.git/info/refs?service=git-upload-pack', undefined],
      ['aurora/locked.git/info/refs', undefined],
      ...[
        'Bearer portico_aurora_9_revoked',
        'Bearer nonsense',
        'Basic ',
        `Basic ${Buffer.from('kim:wrong').toString('base64')}`,
        `Bearer ${tokenOf('user:aurora/gone')}`,
        'Negotiate x',
        `Bearer ${'x'.repeat(20_000)}`.slice(0, 8_000),
      ].map(
        header =>
          ['aurora/locked.git/info/refs?service=git-upload-pack', header] as [
            string,
            string,
          ],
      ),
    ] as Array<[string, string | undefined]>) {
      const answer = await request(portal.server)
        .get(`/api/git-host/${path}`)
        .set(authorization ? { authorization } : {});
      expect([path, answer.status]).toEqual([path, 401]);
      expect(answer.headers['www-authenticate']).toBe('Basic realm="Portico"');
      expect(answer.text).toContain('Sign in with a token');
    }
  });

  it('shows another tenant exactly what it shows of nothing', async () => {
    await repository('priv', { tenant: 'borealis', clone: false });
    const answers = await Promise.all(
      [
        'borealis/priv',
        'borealis/absent',
        'nobody/priv',
        'aurora/absent',
        'borealis/Priv',
        'borealis/..',
        'api/v1',
      ].map(async address => {
        const answer = await request(portal.server)
          .get(`/api/git-host/${address}.git/info/refs?service=git-upload-pack`)
          .set('authorization', `Bearer ${tokenOf(KIM)}`);
        const { date: _, ...headers } = answer.headers;
        return { status: answer.status, text: answer.text, headers };
      }),
    );
    expect(answers[0].status).toBe(404);
    expect(answers[0].text).toBe('No such repository\n');
    for (const answer of answers) {
      expect(answer).toEqual(answers[0]);
    }
    for (const token of [tokenOf(KIM), 'portico_aurora_1_both']) {
      expect(
        await failure(
          portal.git(['ls-remote', portal.remote('borealis', 'priv')], {
            token,
          }),
        ),
      ).toContain('No such repository');
      const folder = join(portal.directory, 'clone-1');
      expect(
        await failure(
          portal.git(
            ['push', portal.remote('borealis', 'priv'), 'HEAD:refs/heads/x'],
            { token, cwd: folder },
          ),
        ),
      ).toContain('No such repository');
    }
  });

  it.each([
    ['a viewer', tokenOf('user:aurora/vic'), 'needs the role developer'],
    ['a token that only reads', 'portico_aurora_2_reads', 'no scope git:write'],
  ])('lets %s read but not push', async (who, token, reason) => {
    const folder = await repository(`readable-${who.length}`);
    await portal.git(['fetch', 'origin'], { cwd: folder, token });
    await change(folder, 'a.txt', 'a');
    const said = await failure(
      portal.git(['push', 'origin', 'main'], { cwd: folder, token }),
    );
    expect(said).toContain('403');
    expect(said).toContain(reason);
  });

  it('keeps a token without a scope for git out', async () => {
    await repository('scoped', { clone: false });
    expect(
      await failure(
        portal.git(['ls-remote', portal.remote('aurora', 'scoped')], {
          token: 'portico_aurora_3_catalog',
        }),
      ),
    ).toContain('no scope git:read');
  });

  it('leaves deployments to Portico and the platform’s repositories to its administrators', async () => {
    const deployments = await repository('deployments');
    await change(deployments, 'a.txt', 'a');
    for (const token of [
      tokenOf(KIM),
      tokenOf('user:aurora/tia'),
      'portico_aurora_1_both',
    ]) {
      expect(
        await failure(
          portal.git(['push', 'origin', 'main'], { cwd: deployments, token }),
        ),
      ).toContain('Only Portico writes the deployment repository');
    }

    await repository('golden', { tenant: 'default', clone: false });
    const golden = join(portal.directory, 'golden');
    await portal.git(['clone', portal.remote('default', 'golden'), golden], {
      token: tokenOf(KIM),
    });
    await change(golden, 'a.txt', 'a');
    for (const userRef of [KIM, 'user:default/ana']) {
      expect(
        await failure(
          portal.git(['push', 'origin', 'main'], {
            cwd: golden,
            token: tokenOf(userRef),
          }),
        ),
      ).toContain('Only administrators of the platform write');
    }
    await portal.git(['push', 'origin', 'main'], {
      cwd: golden,
      token: tokenOf('user:default/pat'),
    });
    // …who see no tenant's repositories
    expect(
      await failure(
        portal.git(['ls-remote', portal.remote('aurora', 'deployments')], {
          token: tokenOf('user:default/pat'),
        }),
      ),
    ).toContain('No such repository');
  });

  it('protects the default branch and lets people rewrite others', async () => {
    const folder = await repository('protected');
    const token = tokenOf(KIM);
    await portal.git(['checkout', '-b', 'feature'], { cwd: folder });
    await change(folder, 'a.txt', 'a');
    await portal.git(['push', 'origin', 'feature', 'feature:main'], {
      cwd: folder,
      token,
    });
    await portal.git(['commit', '--amend', '--message', 'Rewritten'], {
      cwd: folder,
    });
    expect(
      await failure(
        portal.git(['push', '--force', 'origin', 'feature:main'], {
          cwd: folder,
          token,
        }),
      ),
    ).toContain('denying non-fast-forward refs/heads/main');
    expect(
      await failure(
        portal.git(['push', '--force', 'origin', 'feature', 'feature:main'], {
          cwd: folder,
          token,
        }),
      ),
    ).toContain('denying non-fast-forward refs/heads/main');
    expect(
      await failure(
        portal.git(['push', 'origin', '--delete', 'main'], {
          cwd: folder,
          token,
        }),
      ),
    ).toContain('refusing to delete the current branch: refs/heads/main');
    const before = portal.pushes().length;
    await portal.git(['push', '--force', 'origin', 'feature'], {
      cwd: folder,
      token,
    });
    await portal.git(['push', 'origin', '--delete', 'feature'], {
      cwd: folder,
      token,
    });
    await eventually(async () => portal.pushes().length >= before + 2);
    expect(
      portal
        .pushes()
        .slice(before)
        .map(push => push.branch),
    ).toEqual(['feature', 'feature']);
  });

  it('refuses trees that would harm those who check them out', async () => {
    const folder = await repository('hostile-tree');
    const blob = (
      await portal.git(['hash-object', '-w', 'README.md'], { cwd: folder })
    ).stdout.trim();
    for (const name of ['.git', '..', '.GIT', '.g\u200cit']) {
      const tree = (
        await piped(folder, ['mktree', '-z'], `100644 blob ${blob}\t${name}\0`)
      )
        .toString('utf8')
        .trim();
      const commit = (
        await portal.git(['commit-tree', tree, '-m', 'hostile'], {
          cwd: folder,
        })
      ).stdout.trim();
      expect(
        await failure(
          portal.git(['push', 'origin', `${commit}:refs/heads/hostile`], {
            cwd: folder,
            token: tokenOf(KIM),
          }),
        ),
      ).toMatch(/fsck error|hasDot/);
    }
  });

  it('stores symbolic links and follows none', async () => {
    const folder = await repository('links');
    await symlink('/etc/passwd', join(folder, 'absolute'));
    await symlink('../../../borealis/priv.git/HEAD', join(folder, 'relative'));
    await change(folder, 'a.txt', 'a');
    await portal.git(['push', 'origin', 'main'], {
      cwd: folder,
      token: tokenOf(KIM),
    });
    for (const path of ['absolute', 'relative']) {
      await expect(
        portal.gitHost.readFile({
          tenant: 'aurora',
          repository: 'links',
          ref: 'main',
          path,
        }),
      ).rejects.toMatchObject({ name: 'NotFoundError' });
    }
    // A repository that is a link is none: its target may be another tenant's.
    await symlink(
      await portal.gitHost.store.folderOf({
        tenant: 'borealis',
        repository: 'priv',
      }),
      join(portal.gitHost.store.directory, 'aurora', 'linked.git'),
    );
    expect(
      await failure(
        portal.git(['ls-remote', portal.remote('aurora', 'linked')], {
          token: tokenOf(KIM),
        }),
      ),
    ).toContain('No such repository');
  });

  it.each([
    'aurora/../borealis/priv.git/info/refs',
    'aurora/%2e%2e/borealis/priv.git/info/refs',
    'aurora%2f..%2fborealis/priv.git/info/refs',
    'aurora/..%2fborealis%2fpriv.git/info/refs',
    'aurora/%2e%2e%2fborealis%2fpriv.git/info/refs',
    'aurora/-c.git/info/refs',
    'aurora/--upload-pack=x.git/info/refs',
    'aurora/a%0ab.git/info/refs',
    'aurora/a%00b.git/info/refs',
    'aurora/.git.git/info/refs',
    'aurora/DOORS.git/info/refs',
    'AURORA/doors.git/info/refs',
    'aurora/doors.git/HEAD',
    'aurora/doors.git/config',
    'aurora/doors.git/objects/info/packs',
    '.tmp/x.git/info/refs',
  ])('has no repository at %s', async path => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      // Sent as it stands: a client that tidies the path would hide the case.
      httpRequest(
        {
          port: portal.server.port(),
          path: `/api/git-host/${path}?service=git-upload-pack`,
          headers: { authorization: `Bearer ${tokenOf(KIM)}` },
        },
        answer => {
          answer.resume();
          resolve(answer.statusCode);
        },
      )
        .once('error', reject)
        .end();
    });
    expect(status).toBe(404);
  });

  it.each([
    ['no commands', 'not a push'],
    ['a bad length', 'zzzz0000'],
    ['a short length', '0003'],
    ['a strange line', '000ehello wor\n0000'],
  ])('refuses a push with %s', async (_, body) => {
    const answer = await request(portal.server)
      .post('/api/git-host/aurora/doors.git/git-receive-pack')
      .set('authorization', `Bearer ${tokenOf(KIM)}`)
      .set('content-type', 'application/x-git-receive-pack-request')
      .send(body);
    expect(answer.status).toBe(400);
    expect(answer.text).toBe('The request is no git push\n');
  });

  it('lets one of many simultaneous pushes to a branch win and loses none to other branches', async () => {
    await repository('raced', { clone: false });
    const folders = await Promise.all(
      Array.from({ length: 6 }, () => clone('aurora', 'raced')),
    );
    await Promise.all(
      folders.map((folder, index) => change(folder, 'a.txt', `by ${index}`)),
    );
    const outcomes = await Promise.allSettled(
      folders.map(folder =>
        portal.git(['push', 'origin', 'main'], {
          cwd: folder,
          token: tokenOf(KIM),
        }),
      ),
    );
    expect(outcomes.filter(one => one.status === 'fulfilled')).toHaveLength(1);
    await Promise.all(
      folders.map((folder, index) =>
        portal.git(['push', 'origin', `HEAD:refs/heads/own-${index}`], {
          cwd: folder,
          token: tokenOf(KIM),
        }),
      ),
    );
    const branches = await portal.gitHost.content.branches({
      tenant: 'aurora',
      repository: 'raced',
    });
    expect([...branches.keys()]).toEqual([
      'main',
      ...folders.map((_, index) => `own-${index}`),
    ]);
  });

  it('is left whole by a push that dies half-way', async () => {
    const address = { tenant: 'aurora', repository: 'killed' };
    const folder = await repository('killed');
    const before = await portal.gitHost.content.branches(address);
    await change(folder, 'large.bin', randomBytes(4 * MIB));
    const pack = await piped(
      folder,
      ['pack-objects', '--stdout', '--revs', '--thin', '-q'],
      'HEAD\n^origin/main\n',
    );
    const head = (
      await portal.git(['rev-parse', 'HEAD'], { cwd: folder })
    ).stdout.trim();
    const line = `${before.get(
      'main',
    )} ${head} refs/heads/main\0 report-status`;
    const sent = Buffer.concat([
      Buffer.from(
        `${(line.length + 4).toString(16).padStart(4, '0')}${line}0000`,
      ),
      pack.subarray(0, pack.length / 2),
    ]);
    const repositoryFolder = await portal.gitHost.store.folderOf(address);
    const incoming = async () =>
      (await readdir(join(repositoryFolder, 'objects'))).filter(name =>
        name.startsWith('tmp_objdir'),
      );

    const connection: ClientRequest = httpRequest({
      port: portal.server.port(),
      method: 'POST',
      path: '/api/git-host/aurora/killed.git/git-receive-pack',
      headers: {
        authorization: `Bearer ${tokenOf(KIM)}`,
        'content-type': 'application/x-git-receive-pack-request',
        'transfer-encoding': 'chunked',
      },
    });
    connection.on('error', () => {});
    connection.write(sent);
    // it has arrived, and git is at work
    await eventually(async () => (await incoming()).length === 1);
    expect(portal.gitHost.processes.count).toBeGreaterThan(0);
    connection.destroy();
    await eventually(async () => portal.gitHost.processes.count === 0);

    expect(await incoming()).toEqual([]);
    expect(await portal.gitHost.content.branches(address)).toEqual(before);
    await portal.gitHost.processes.run(['fsck', '--strict'], {
      gitDirectory: repositoryFolder,
    });
    // and the same push succeeds afterwards
    await portal.git(['push', 'origin', 'main'], {
      cwd: folder,
      token: tokenOf(KIM),
    });
    expect((await portal.gitHost.get(address))?.head).toBe(head);
  });

  it('refuses a push above the limit in clear words, and keeps nothing of it', async () => {
    const address = { tenant: 'aurora', repository: 'oversized' };
    const folder = await repository('oversized');
    const before = await portal.gitHost.content.branches(address);
    await change(folder, 'large.bin', randomBytes(10 * MIB));
    expect(
      await failure(
        portal.git(['push', 'origin', 'main'], {
          cwd: folder,
          token: tokenOf(KIM),
        }),
      ),
    ).toContain('remote: fatal: pack exceeds maximum allowed size');
    expect(await portal.gitHost.content.branches(address)).toEqual(before);
    const repositoryFolder = await portal.gitHost.store.folderOf(address);
    expect(
      (await readdir(join(repositoryFolder, 'objects'))).filter(name =>
        name.startsWith('tmp_'),
      ),
    ).toEqual([]);
    expect(portal.gitHost.processes.count).toBe(0);
  });
});
