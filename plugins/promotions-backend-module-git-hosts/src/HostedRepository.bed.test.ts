import { type PullRequests } from '@portico/plugin-promotions-node';
import { readBedState } from '@portico/testbed';
import { HostWorld } from './__testUtils__/HostWorld';
import { RealGitea, type RealRepository } from './__testUtils__/RealGitea';

jest.setTimeout(120_000);

const FILE = 'shop/overlays/prod/kustomization.yaml';
const MARKER = { name: 'Portico-Effect', value: 'sha256:one' };
const OWN = 'portico/promotion/prod/01';

const { gitea: bed } = readBedState();
const withGitea = bed ? describe : describe.skip;

withGitea(
  `a deployment repository on a real Gitea (${
    bed ? 'of the test bed' : 'skipped: it does not run'
  })`,
  () => {
    let gitea: RealGitea;
    let repository: RealRepository;
    let first: string;

    beforeAll(async () => {
      if (bed) {
        gitea = await RealGitea.open(bed);
      }
    });
    beforeEach(async () => {
      repository = await gitea.makeRepository({
        [FILE]: 'images: [] # ü\n',
        'shop/base/service.yaml': 'kind: Service\n',
      });
      first = await repository.head();
    });

    function open(options: { branch?: string; token?: string } = {}) {
      const { token = gitea.token, branch } = options;
      return new HostWorld({ url: gitea.url, token }, 'gitea').open({
        name: repository.name,
        ...(branch && { branch }),
      });
    }

    async function commitOn(
      branch: string,
      expectedHead: string,
      text = 'new\n',
    ) {
      const forge = await open();
      return forge.commit({
        branch,
        expectedHead,
        files: [{ path: FILE, content: text }],
        message: 'Run shop 1.2 in prod',
        trailers: { [MARKER.name]: MARKER.value },
        onBehalfOf: 'user:aurora/kim',
      });
    }

    async function pullRequests(branch?: string): Promise<PullRequests> {
      const { pullRequests: found } = await open({ ...(branch && { branch }) });
      if (!found) {
        throw new Error('The host has no pull requests');
      }
      return found;
    }

    async function opened() {
      const { commit } = await commitOn(OWN, first);
      const pull = await pullRequests();
      const made = await pull.open({
        branch: OWN,
        base: 'main',
        title: 'Run shop 1.2 in prod',
        body: 'It is merged by Portico.',
      });
      return { pull, commit, made };
    }

    /** Gitea looks at a new pull request for a while, and wants to be asked again. */
    async function settle<T>(ask: () => Promise<T>): Promise<T> {
      for (;;) {
        try {
          return await ask();
        } catch (error) {
          if (!String(error).includes('Please try again later')) {
            throw error;
          }
          await new Promise(resolve => setImmediate(resolve));
        }
      }
    }

    function protect(more: object) {
      return repository.ask('POST', '/branch_protections', {
        rule_name: 'main',
        ...more,
      });
    }

    it('reads heads, files, folders and history', async () => {
      const second = await repository.push('main', {
        'other/file.yaml': 'a\n',
      });
      const forge = await open();
      expect(forge.url).toBe(`${gitea.url}/${repository.name}`);
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
        { path: 'shop/base/service.yaml', content: 'kind: Service\n' },
        { path: FILE, content: 'images: [] # ü\n' },
      ]);
      expect(await forge.lastChange({ commit: second, path: 'shop' })).toBe(
        first,
      );
      expect(await forge.contains({ branch: 'main', commit: first })).toBe(
        true,
      );
      await repository.ask('POST', '/branches', {
        new_branch_name: 'old',
        old_ref_name: first,
      });
      expect(await forge.contains({ branch: 'old', commit: second })).toBe(
        false,
      );
      expect(await forge.contains({ branch: 'none', commit: first })).toBe(
        false,
      );
    });

    it('commits with trailers on the expected head, and finds it by them', async () => {
      const { commit } = await commitOn('main', first);
      expect(await repository.head()).toBe(commit);
      const [newest, before] = await repository.log();
      expect(newest?.commit.message.trim()).toBe(
        'Run shop 1.2 in prod\n\nPortico-Effect: sha256:one\nPortico-On-Behalf-Of: user:aurora/kim',
      );
      expect(before?.sha).toBe(first);
      expect(await repository.branches()).toEqual(['main']);
      const forge = await open();
      expect(await forge.readFile({ commit, path: FILE })).toBe('new\n');
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

    it('does not commit on a branch that moved', async () => {
      const second = await repository.push('main', { [FILE]: 'theirs\n' });
      await expect(commitOn('main', first)).rejects.toMatchObject({
        name: 'ConflictError',
      });
      expect(await repository.head()).toBe(second);
      expect(await repository.branches()).toEqual(['main']);
    });

    it('lets one of several commits on the same head win, and no other one happen', async () => {
      const ends = await Promise.allSettled(
        ['a', 'b', 'c'].map(text => commitOn('main', first, `${text}\n`)),
      );
      const made = ends.flatMap(end =>
        end.status === 'fulfilled' ? [end.value.commit] : [],
      );
      expect(made).toEqual([await repository.head()]);
      const [newest, before] = await repository.log();
      expect([newest?.sha, before?.sha]).toEqual([made[0], first]);
    });

    it('fails on a protected branch, and leaves nothing behind', async () => {
      await protect({ enable_push: false });
      await expect(commitOn('main', first)).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringMatching(
          /takes no commit on main: .*pullRequest/,
        ),
      });
      expect(await repository.head()).toBe(first);
      expect(await repository.branches()).toEqual(['main']);
    });

    it('opens, marks and merges a pull request once', async () => {
      const { pull, made, commit } = await opened();
      expect(made).toMatchObject({ id: '1', state: 'open', head: commit });
      expect(await pull.find(OWN)).toEqual(made);
      expect(await pull.find('another')).toBeUndefined();
      await expect(
        pull.open({ branch: OWN, base: 'main', title: 'a', body: 'b' }),
      ).rejects.toMatchObject({ name: 'ConflictError' });
      for (const state of ['pending', 'success', 'failure'] as const) {
        await pull.setStatus({
          commit,
          context: 'portico/prod',
          state,
          description: 'All gates passed',
          url: 'https://portico.example/promotions/01',
        });
      }
      const merged = await settle(() =>
        pull.merge({ id: '1', expectedHead: commit }),
      );
      expect(merged).toMatchObject({
        state: 'merged',
        mergeCommit: await repository.head(),
      });
      expect(await pull.find(OWN)).toEqual(merged);
      expect(await pull.merge({ id: '1', expectedHead: commit })).toEqual(
        merged,
      );
      const forge = await open();
      expect(await forge.findByTrailer({ branch: 'main', ...MARKER })).toBe(
        commit,
      );
      expect(await forge.contains({ branch: 'main', commit })).toBe(true);
    });

    it('finds the pull request to a branch with a slash in its name', async () => {
      await repository.ask('POST', '/branches', {
        new_branch_name: 'release/1',
        old_ref_name: first,
      });
      const { commit } = await commitOn(OWN, first);
      const pull = await pullRequests('release/1');
      const made = await pull.open({
        branch: OWN,
        base: 'release/1',
        title: 'Run shop 1.2 in prod',
        body: 'It is merged by Portico.',
      });
      expect(await pull.find(OWN)).toEqual(made);
      expect(
        await settle(() => pull.merge({ id: made.id, expectedHead: commit })),
      ).toMatchObject({ state: 'merged' });
    });

    it('merges into a protected branch when its status is set', async () => {
      await protect({
        enable_push: false,
        enable_status_check: true,
        status_check_contexts: ['portico/prod'],
      });
      const { pull, commit } = await opened();
      await expect(
        settle(() => pull.merge({ id: '1', expectedHead: commit })),
      ).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
        message: expect.stringContaining('Not all required status checks'),
      });
      await pull.setStatus({
        commit,
        context: 'portico/prod',
        state: 'success',
        description: 'All gates passed',
        url: 'https://portico.example/promotions/01',
      });
      const merged = await settle(() =>
        pull.merge({ id: '1', expectedHead: commit }),
      );
      expect(merged).toMatchObject({
        state: 'merged',
        mergeCommit: await repository.head(),
      });
    });

    it('takes a pull request that was merged by hand for merged', async () => {
      const { pull, commit } = await opened();
      await settle(() =>
        repository.ask('POST', '/pulls/1/merge', { do: 'merge' }),
      );
      expect(await pull.merge({ id: '1', expectedHead: commit })).toMatchObject(
        {
          state: 'merged',
          mergeCommit: await repository.head(),
        },
      );
    });

    it.each([
      {
        when: 'it was closed by hand',
        so: () => repository.ask('PATCH', '/pulls/1', { state: 'closed' }),
        name: 'InputError',
        message: /closed without a merge/,
      },
      {
        when: 'somebody pushed to its branch',
        so: () => repository.push(OWN, { [FILE]: 'something else\n' }),
        name: 'ConflictError',
        message: /Somebody pushed/,
      },
      {
        when: 'a review is missing',
        so: () => protect({ required_approvals: 1 }),
        name: 'ServiceUnavailableError',
        message: /does not merge the pull request 1 yet/,
      },
      {
        when: 'the account may not merge',
        so: () =>
          protect({
            enable_merge_whitelist: true,
            merge_whitelist_usernames: [],
          }),
        name: 'InputError',
        message: /does not let the tenant's account merge/,
      },
    ])('does not merge when $when', async ({ so, name, message }) => {
      const { pull, commit } = await opened();
      await so();
      await expect(
        settle(() => pull.merge({ id: '1', expectedHead: commit })),
      ).rejects.toMatchObject({
        name,
        message: expect.stringMatching(message),
      });
      expect(await repository.head()).toBe(first);
    });

    it('says that the credential is not taken, or may not write', async () => {
      await expect(open({ token: 'f'.repeat(40) })).rejects.toMatchObject({
        name: 'NotAllowedError',
        message: expect.stringContaining('does not take the credential'),
      });
      repository = await gitea.makeRepository({ [FILE]: 'a\n' }, 'read');
      await expect(
        commitOn('main', await repository.head()),
      ).rejects.toMatchObject({ name: 'InputError' });
    });
  },
);
