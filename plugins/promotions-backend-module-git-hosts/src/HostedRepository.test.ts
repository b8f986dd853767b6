import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type DeploymentRepository,
  type PullRequests,
} from '@portico/plugin-promotions-node';
import { gitLabDialect } from './__testUtils__/gitLabDialect';
import { HostWorld } from './__testUtils__/HostWorld';
import { StandInHost } from './__testUtils__/StandInHost';
import { standInHosts } from './__testUtils__/standInHosts';
import {
  AUTHOR,
  type StandInRepository,
} from './__testUtils__/StandInRepository';
import { VendorDescription } from './__testUtils__/VendorDescription';

jest.setTimeout(60_000);

const FILE = 'shop/overlays/prod/kustomization.yaml';
const MARKER = { name: 'Portico-Effect', value: 'sha256:one' };
const OWN = 'portico/promotion/prod/01';

function nameOf({ method, template }: { method: string; template: string }) {
  return `${method} ${template}`;
}

describe.each(standInHosts)('a deployment repository on $api', host => {
  const { api, dialect, variable } = host;
  let standIn: StandInHost;
  let world: HostWorld;
  let repository: StandInRepository;
  let first: string;

  beforeAll(async () => {
    standIn = await StandInHost.start(dialect);
  });
  beforeEach(() => {
    world = new HostWorld(standIn, api);
    repository = standIn.reset({
      'README.md': 'Deployments\n',
      [FILE]: 'images: [] # ü\n',
      'shop/base/service.yaml': 'kind: Service\n',
    });
    first = repository.branches.get('main') ?? '';
  });
  afterEach(() => {
    if (standIn.faults.length > 0) {
      throw new Error(standIn.faults.join('\n'));
    }
  });
  afterAll(async () => {
    await standIn?.stop();
  });

  function commitOn(branch: string, expectedHead: string, content = 'new\n') {
    return world.open().then(forge =>
      forge.commit({
        branch,
        expectedHead,
        files: [{ path: FILE, content }],
        message: 'Run shop 1.2 in prod',
        trailers: { [MARKER.name]: MARKER.value },
        onBehalfOf: 'user:aurora/kim',
      }),
    );
  }

  async function pullRequests(): Promise<PullRequests> {
    const { pullRequests: found } = await world.open();
    if (!found) {
      throw new Error('The host has no pull requests');
    }
    return found;
  }

  async function opened() {
    const { commit } = await commitOn(OWN, first);
    const pull = await pullRequests();
    return {
      pull,
      commit,
      made: await pull.open({
        branch: OWN,
        base: 'main',
        title: 'Run shop 1.2 in prod',
        body: 'It is merged by Portico.',
      }),
    };
  }

  it('reads heads, files, folders and history', async () => {
    const second = repository.push('main', { 'other/file.yaml': 'a: 1\n' });
    const forge = await world.open();
    expect(forge.url).toBe(`${standIn.url}/aurora/deployments`);
    expect(await forge.head()).toEqual({ branch: 'main', commit: second });
    expect(await forge.head('none/such')).toBeUndefined();
    expect(await forge.readFile({ commit: first, path: FILE })).toBe(
      'images: [] # ü\n',
    );
    expect(
      await forge.readFile({ commit: first, path: 'other/file.yaml' }),
    ).toBeUndefined();
    expect(
      await forge.readFile({ commit: first, path: 'shop/base' }),
    ).toBeUndefined();
    expect(await forge.readFolder({ commit: second, path: 'shop' })).toEqual([
      { path: FILE, content: 'images: [] # ü\n' },
      { path: 'shop/base/service.yaml', content: 'kind: Service\n' },
    ]);
    expect(await forge.lastChange({ commit: second, path: 'shop' })).toBe(
      first,
    );
    expect(await forge.lastChange({ commit: second, path: '' })).toBe(second);
    expect(await forge.contains({ branch: 'main', commit: first })).toBe(true);
    repository.branches.set('old', first);
    expect(await forge.contains({ branch: 'old', commit: second })).toBe(false);
    expect(await forge.contains({ branch: 'none', commit: first })).toBe(false);
    await expect(
      forge.readFile({ commit: first, path: '../../../user' }),
    ).rejects.toThrow(/no path in a repository/);
  });

  it('commits with trailers on the expected head, and finds it by them', async () => {
    const { commit, url } = await commitOn('main', first);
    expect(repository.branches).toEqual(new Map([['main', commit]]));
    expect(repository.commit(commit)).toMatchObject({
      parents: [first],
      files: { [FILE]: 'new\n', 'README.md': 'Deployments\n' },
      message: `Run shop 1.2 in prod\n\nPortico-Effect: sha256:one\nPortico-On-Behalf-Of: user:aurora/kim\n`,
    });
    expect(url).toContain(`/commit/${commit}`);
    repository.push(
      'main',
      {},
      'Says\n\nPortico-Effect: sha256:two\n\nearlier',
    );
    for (let count = 0; count < 60; count += 1) {
      repository.push('main', { 'README.md': `${count}\n` });
    }
    const forge = await world.open();
    expect(await forge.findByTrailer({ branch: 'main', ...MARKER })).toBe(
      commit,
    );
    expect(
      await forge.findByTrailer({
        branch: 'main',
        name: 'Portico-Effect',
        value: 'sha256:two',
      }),
    ).toBeUndefined();
  });

  it('does not commit on a branch that moved, before or in between', async () => {
    repository.push('main', { [FILE]: 'theirs\n' });
    await expect(commitOn('main', first)).rejects.toMatchObject({
      name: 'ConflictError',
    });
    const head = repository.branches.get('main') ?? '';
    let theirs = '';
    standIn.before(host.write, () => {
      theirs = repository.push('main', { [FILE]: 'theirs again\n' });
    });
    await expect(commitOn('main', head)).rejects.toMatchObject({
      name: 'ConflictError',
    });
    expect(repository.branches).toEqual(new Map([['main', theirs]]));
  });

  it('fails on a protected branch, and leaves nothing behind', async () => {
    repository.protectedBranches.add('main');
    await expect(commitOn('main', first)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(/takes no commit on main: .*pullRequest/),
    });
    expect(repository.branches).toEqual(new Map([['main', first]]));
  });

  it('makes a branch once', async () => {
    const { commit } = await commitOn(OWN, first);
    expect(repository.branches.get(OWN)).toBe(commit);
    expect(repository.commit(commit).parents).toEqual([first]);
    await expect(commitOn(OWN, first)).rejects.toMatchObject({
      name: 'ConflictError',
    });
    repository.branches.delete(OWN);
    standIn.before(host.write, () => repository.push(OWN, { a: 'b' }));
    await expect(commitOn(OWN, first)).rejects.toMatchObject({
      name: 'ConflictError',
    });
  });

  it('makes a branch on the expected head or not at all', async () => {
    standIn.before(host.write, () => repository.push('main', { a: 'b' }));
    const made: unknown = await commitOn(OWN, first).then(
      ({ commit }) => repository.commit(commit).parents,
      error => error.name,
    );
    // Gitea makes branches on whatever the base is at.
    const isMade = api !== 'gitea';
    expect(made).toEqual(isMade ? [first] : 'ConflictError');
    expect(repository.branches.has(OWN)).toBe(isMade);
  });

  it('leaves what was done to be found when the answer is lost', async () => {
    standIn.disturb(host.write, 'lostAnswer', api === 'gitea' ? 2 : 1);
    await expect(commitOn(OWN, first)).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
    });
    const forge = await world.open();
    expect(await forge.findByTrailer({ branch: OWN, ...MARKER })).toBe(
      repository.branches.get(OWN),
    );
  });

  it('opens, marks and merges a pull request', async () => {
    const { pull, made, commit } = await opened();
    expect(made).toMatchObject({ id: '1', state: 'open', head: commit });
    expect(made.url).toContain(standIn.url);
    expect(await pull.find(OWN)).toEqual(made);
    expect(await pull.find('another')).toBeUndefined();
    await expect(
      pull.open({ branch: OWN, base: 'main', title: 'a', body: 'b' }),
    ).rejects.toMatchObject({ name: 'ConflictError' });
    for (const state of ['pending', 'success', 'success', 'failure'] as const) {
      await pull.setStatus({
        commit,
        context: 'portico/prod',
        state,
        description: 'All gates passed',
        url: 'https://portico.example/promotions/01',
      });
    }
    expect(repository.statuses.at(-1)).toMatchObject({
      commit,
      context: 'portico/prod',
      state: api === 'gitlab' ? 'failed' : 'failure',
    });
    const merged = await pull.merge({ id: '1', expectedHead: commit });
    expect(merged).toMatchObject({
      state: 'merged',
      mergeCommit: repository.branches.get('main'),
    });
    expect(await pull.find(OWN)).toEqual(merged);
    expect(await pull.merge({ id: '1', expectedHead: commit })).toEqual(merged);
  });

  it('takes a pull request that was merged by hand for merged', async () => {
    const { pull, commit } = await opened();
    standIn.before(/merge$/, () => {
      const [found] = repository.pullRequests;
      if (found) {
        repository.merge(found);
      }
    });
    expect(await pull.merge({ id: '1', expectedHead: commit })).toMatchObject({
      state: 'merged',
      mergeCommit: repository.branches.get('main'),
    });
  });

  it.each([
    {
      when: 'it was closed by hand',
      so: (pulls: StandInRepository) =>
        pulls.pullRequests.forEach(one => {
          one.state = 'closed';
        }),
      name: 'InputError',
      message: /closed without a merge/,
    },
    {
      when: 'somebody pushed to its branch',
      so: (pulls: StandInRepository) => {
        pulls.push(OWN, { [FILE]: 'something else\n' });
      },
      name: 'ConflictError',
      message: /Somebody pushed/,
    },
    {
      when: 'the host waits for something',
      so: (pulls: StandInRepository) => {
        pulls.mergesWaitFor = 'Required reviews are missing';
      },
      name: 'ServiceUnavailableError',
      message: /yet: Required reviews are missing \(405\)/,
    },
    {
      when: 'the account may not merge',
      so: (pulls: StandInRepository) => {
        pulls.mayMerge = false;
      },
      name: 'InputError',
      message: /does not let the tenant's account merge/,
    },
  ])('does not merge when $when', async ({ so, name, message }) => {
    const { pull, commit } = await opened();
    so(repository);
    await expect(
      pull.merge({ id: '1', expectedHead: commit }),
    ).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
    expect(repository.branches.get('main')).toBe(first);
  });

  it('tells who changed a file and with which trailers, newest first', async () => {
    repository.push('main', { 'other.yaml': 'a: 1\n' }, 'Elsewhere');
    const { commit } = await commitOn(
      'main',
      repository.branches.get('main') ?? '',
    );
    repository.push('main', { 'README.md': 'Anew\n' }, 'Elsewhere again');
    const last = repository.push('main', { [FILE]: 'by hand\n' }, 'By hand');
    const changes = await (
      await world.open()
    ).changes({ commit: repository.branches.get('main') ?? '', path: FILE });
    expect(changes.map(({ id }) => id)).toEqual([last, commit, first]);
    expect(changes[0]).toEqual({
      id: last,
      author: AUTHOR.name,
      committedAt: repository.commit(last).at,
      trailers: {},
      url: expect.stringContaining(`/${last}`),
    });
    expect(changes[1].trailers).toMatchObject({ [MARKER.name]: MARKER.value });
  });

  const description = VendorDescription.read(process.env[variable]);
  const withDescription = description ? describe : describe.skip;
  withDescription(
    `held against the description of the vendor (${
      description ? 'checked' : `skipped: ${variable} names no file`
    })`,
    () => {
      it('sends and expects what the vendor describes', () => {
        expect(standIn.calls.length).toBeGreaterThan(100);
        expect(
          new Set(standIn.calls.flatMap(call => description?.faultsOf(call))),
        ).toEqual(new Set(host.gaps));
        expect(new Set(standIn.calls.map(nameOf))).toEqual(
          new Set(dialect.routes.map(nameOf)),
        );
      });
    },
  );
});

const recorded = process.env.PORTICO_GITLAB_RECORDED;
const withRecorded =
  recorded !== undefined && existsSync(recorded) ? describe : describe.skip;

withRecorded(
  `answers that GitLab gave (${
    recorded ?? 'skipped: PORTICO_GITLAB_RECORDED names no folder'
  })`,
  () => {
    it.each([
      [
        'get_branch.json',
        /branches/,
        async (forge: DeploymentRepository) => (await forge.head())?.commit,
        '7b5c3cc8be40ee161ae89a06bba6229da1032a0c',
      ],
      [
        'list_group_merge_requests.json',
        /GET .*merge_requests$/,
        async (forge: DeploymentRepository) =>
          (await forge.pullRequests?.find('any'))?.state,
        expect.stringMatching(/^(open|merged|closed)$/),
      ],
    ])('understands %s', async (file, match, ask, expected) => {
      const standIn = await StandInHost.start(gitLabDialect);
      try {
        const forge = await new HostWorld(standIn, 'gitlab').open();
        standIn.disturb(match, {
          status: 200,
          body: await readFile(join(recorded ?? '', file), 'utf8'),
        });
        expect(await ask(forge)).toEqual(expected);
      } finally {
        await standIn.stop();
      }
    });
  },
);
