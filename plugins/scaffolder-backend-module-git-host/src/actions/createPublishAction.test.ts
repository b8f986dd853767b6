import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import {
  BOB,
  createTestContext,
  startTestGitHost,
  testTenancy,
} from '../__testUtils__/createTestContext';
import { createPublishAction } from './createPublishAction';

const by = pluginAuditContext('test');

const platformTemplate = { entityRef: 'template:default/typescript-service' };

jest.setTimeout(60_000);

describe('portico:publish', () => {
  let host: Awaited<ReturnType<typeof startTestGitHost>>;
  let action: ReturnType<typeof createPublishAction>;
  let asked: string[];
  let denied: Set<string>;

  beforeEach(async () => {
    host = await startTestGitHost();
    asked = [];
    denied = new Set();
    action = createPublishAction({
      gitHost: host.gitHost,
      tenancy: testTenancy,
      permissions: {
        authorize: async (requests, options) =>
          requests.map(({ permission }) => {
            const { userEntityRef } = (
              options as {
                credentials: { principal: { userEntityRef: string } };
              }
            ).credentials.principal;
            asked.push(`${permission.name} of ${userEntityRef}`);
            return {
              result: denied.has(permission.name)
                ? AuthorizeResult.DENY
                : AuthorizeResult.ALLOW,
            };
          }),
      },
    });
  });
  afterEach(() => host.destroy());

  type Input = Parameters<typeof action.handler>[0]['input'];

  async function publish(
    input: Input,
    options: {
      files?: Record<string, string>;
      workspacePath?: string;
      userRef?: string;
      taskId?: string;
      isDryRun?: boolean;
      template?: { entityRef: string };
    } = {},
  ) {
    const { context, outputs } = createTestContext({
      input,
      template: platformTemplate,
      ...options,
      workspacePath:
        options.workspacePath ??
        (await host.folder(options.files ?? { 'README.md': '# Hi' })),
    });
    await action.handler(context);
    return outputs;
  }

  it('makes a repository of the initiator’s tenant from a folder', async () => {
    const outputs = await publish(
      { repository: 'checkout', description: 'Pays', sourcePath: 'service' },
      { files: { 'service/a.txt': 'a', 'service/b/c.txt': 'c', 'x.txt': 'x' } },
    );
    const base = 'http://localhost:7161';
    expect(outputs).toEqual({
      repositoryUrl: `${base}/git/aurora/checkout`,
      cloneUrl: `${base}/api/git-host/aurora/checkout.git`,
      catalogInfoUrl: `${base}/api/git-host/aurora/checkout/src/branch/main/catalog-info.yaml`,
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    expect(await host.files('aurora', 'checkout')).toEqual({
      'a.txt': 'a',
      'b/c.txt': 'c',
    });
    expect(
      await host.gitHost.log({
        tenant: 'aurora',
        repository: 'checkout',
        ref: 'main',
        limit: 5,
      }),
    ).toEqual([
      expect.objectContaining({
        subject: 'Create checkout',
        authorName: 'Kim Example',
        authorEmail: 'kim@aurora.invalid',
        trailers: {
          'Portico-Task': 'task-1',
          'Portico-Template': 'template:default/typescript-service',
        },
      }),
    ]);
    expect(asked).toEqual(['git-host.repository.create of user:aurora/kim']);
    await publish({ repository: 'checkout' }, { userRef: BOB });
    expect(await host.files('borealis', 'checkout')).toEqual({
      'README.md': '# Hi',
    });
  });

  it('may be killed anywhere and run again', async () => {
    // killed before anything of it was committed
    await host.gitHost.create({
      by,
      tenant: 'aurora',
      repository: 'checkout',
      description: '',
    });
    const first = await publish({ repository: 'checkout' });
    // killed after the commit, and the workspace is rendered anew
    const second = await publish(
      { repository: 'checkout' },
      { files: { 'README.md': '# Hi', 'new.txt': 'a later rendering' } },
    );
    expect(second).toEqual(first);
    expect(await host.files('aurora', 'checkout')).toEqual({
      'README.md': '# Hi',
    });
    // another task is somebody else
    await expect(
      publish({ repository: 'checkout' }, { taskId: 'task-2' }),
    ).rejects.toThrow(
      "There is a repository 'checkout' in 'aurora' already: start again with another name, or delete that repository first",
    );
    // two runs of one task at once end in one commit
    const both = await Promise.all([
      publish({ repository: 'twice' }),
      publish({ repository: 'twice' }),
    ]);
    expect(both[0]).toEqual(both[1]);
  });

  it('lays files over an existing repository and keeps the rest', async () => {
    const input = (name: string) => ({
      repository: 'deployments',
      update: true,
      sourcePath: 'deployment',
      targetPath: name,
    });
    await publish(input('checkout'), {
      files: { 'deployment/prod/a.yaml': 'a1' },
    });
    const { commit } = await publish(input('checkout'), {
      files: { 'deployment/prod/a.yaml': 'a1' },
      taskId: 'task-2',
    });
    await Promise.all(
      ['orders', 'stock', 'search'].map(name =>
        publish(input(name), {
          files: { 'deployment/prod/a.yaml': name },
          taskId: `task-${name}`,
        }),
      ),
    );
    expect(await host.files('aurora', 'deployments')).toEqual({
      'checkout/prod/a.yaml': 'a1',
      'orders/prod/a.yaml': 'orders',
      'search/prod/a.yaml': 'search',
      'stock/prod/a.yaml': 'stock',
    });
    const commits = await host.gitHost.log({
      tenant: 'aurora',
      repository: 'deployments',
      ref: 'main',
      limit: 10,
    });
    expect(commits).toHaveLength(4);
    expect(commits.at(-1)).toMatchObject({
      id: commit,
      trailers: { 'Portico-Task': 'task-1' },
    });
  });

  it('lets only the platform’s templates write the deployments', async () => {
    for (const template of [{ entityRef: 'template:aurora/own' }, undefined]) {
      await expect(
        publish({ repository: 'deployments', update: true }, { template }),
      ).rejects.toThrow(
        "Only templates of the platform write the repository 'deployments'",
      );
    }
  });

  it('changes nothing in a dry run, and says the same no', async () => {
    expect(
      await publish({ repository: 'dry' }, { isDryRun: true }),
    ).toMatchObject({ commit: '0'.repeat(40) });
    expect(await host.gitHost.list({ tenant: 'aurora' })).toEqual([]);
    await host.repository('aurora', 'taken', { a: 'a' });
    await expect(
      publish({ repository: 'taken' }, { isDryRun: true }),
    ).rejects.toThrow('already');
  });

  it.each([
    'borealis/priv',
    '../borealis/priv',
    '..',
    '-c',
    'Checkout',
    'a.git',
    'a\nb',
    'a\0b',
    '',
  ])('refuses the name %j', async repository => {
    await expect(publish({ repository })).rejects.toThrow(
      'write only its name, it belongs to your own tenant',
    );
    expect(await host.gitHost.list({ tenant: 'borealis' })).toEqual([]);
  });

  it('refuses without the permission or a session', async () => {
    denied.add('git-host.repository.create');
    await expect(publish({ repository: 'a' })).rejects.toThrow(
      'user:aurora/kim has no permission git-host.repository.create',
    );
    denied.clear();
    denied.add('git-host.repository.write');
    await expect(publish({ repository: 'a', update: true })).rejects.toThrow(
      'git-host.repository.write',
    );
    await expect(
      publish({ repository: 'a' }, { userRef: 'user:aurora/gone' }),
    ).rejects.toMatchObject({ name: 'AuthenticationError' });
    expect(await host.gitHost.list({ tenant: 'aurora' })).toEqual([]);
  });

  it('refuses content that leaves the workspace or is too much', async () => {
    await expect(
      publish({ repository: 'a', sourcePath: '../..' }),
    ).rejects.toThrow();
    await expect(
      publish({ repository: 'a' }, { files: { 'sub/.git/config': 'x' } }),
    ).rejects.toThrow('remove the .git folder');
    await expect(
      publish({ repository: 'b' }, { files: { big: 'x'.repeat(200_000) } }),
    ).rejects.toThrow('gitHost.limits.treeBytes');
    const outside = await host.folder({ 'secret.txt': 'secret' });
    const workspacePath = await host.folder({ 'a.txt': 'a' });
    await symlink(join(outside, 'secret.txt'), join(workspacePath, 'link'));
    await expect(
      publish({ repository: 'c' }, { workspacePath }),
    ).rejects.toThrow("'link' is a symbolic link that leaves the folder");
    const linked = await host.folder({ 'a.txt': 'a' });
    await symlink(outside, join(linked, 'service'));
    await expect(
      publish(
        { repository: 'd', sourcePath: 'service' },
        { workspacePath: linked },
      ),
    ).rejects.toThrow();
    await expect(
      publish({ repository: 'e', targetPath: '../up' }),
    ).rejects.toThrow('is no path in a repository');
  });
});
