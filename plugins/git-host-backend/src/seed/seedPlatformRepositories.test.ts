import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { startTestPortal } from '../__testUtils__/startTestPortal';

const by = pluginAuditContext('test');

jest.setTimeout(60_000);

describe('at its start the Git host', () => {
  it('publishes the platform’s folders until somebody else pushes, and registers them', async () => {
    const first = await startTestPortal();
    const folder = join(first.directory, 'templates');
    await mkdir(join(folder, 'node_modules/x'), { recursive: true });
    await mkdir(join(folder, '.git'));
    await writeFile(join(folder, '.git/config'), 'x');
    await writeFile(join(folder, 'node_modules/x/index.js'), 'x');
    await writeFile(join(folder, 'catalog-info.yaml'), 'kind: Location');
    await writeFile(join(folder, 'secret.env'), 'x');
    await symlink('catalog-info.yaml', join(folder, 'link.yaml'));
    const gitHost = {
      directory: join(first.directory, 'repositories'),
      platformRepositories: [
        { name: 'golden-paths', title: 'Golden paths', directory: folder },
        {
          name: 'part',
          directory: folder,
          include: ['catalog-info.yaml', 'absent.md'],
          catalogFile: 'catalog-info.yaml',
        },
        { name: 'lost', directory: join(folder, 'absent') },
      ],
    };
    const address = { tenant: 'default', repository: 'golden-paths' };
    const start = () => startTestPortal({ gitHost });

    const second = await start();
    const seeded = await second.gitHost.get(address);
    expect(seeded?.description).toBe('Golden paths');
    expect(
      (
        await second.gitHost.listFolder({ ...address, ref: 'main', path: '' })
      ).map(entry => entry.path),
    ).toEqual(['catalog-info.yaml', 'link.yaml', 'secret.env']);
    expect(
      await second.gitHost.listFolder({
        tenant: 'default',
        repository: 'part',
        ref: 'main',
        path: '',
      }),
    ).toHaveLength(1);
    expect(second.registered).toEqual(
      ['golden-paths', 'part'].map(name => ({
        tenant: 'default',
        name,
        location: {
          kind: 'repository',
          repository: name,
          branch: 'main',
          path: 'catalog-info.yaml',
        },
        registeredBy: 'user:default/portico',
        by: pluginAuditContext('git-host'),
      })),
    );
    expect(
      second.events.filter(event => event.topic === 'tenancy.sources'),
    ).toEqual(
      ['golden-paths', 'part'].map(source => ({
        topic: 'tenancy.sources',
        payload: { kind: 'read', tenant: 'default', source },
      })),
    );
    await second.stop();

    const third = await start();
    expect((await third.gitHost.get(address))?.head).toBe(seeded?.head);
    await writeFile(join(folder, 'catalog-info.yaml'), 'kind: Changed');
    await third.stop();

    const fourth = await start();
    const changed = await fourth.gitHost.get(address);
    expect(changed?.head).not.toBe(seeded?.head);
    expect(
      await fourth.gitHost.log({ ...address, ref: 'main', limit: 9 }),
    ).toHaveLength(2);
    const pushed = await fourth.gitHost.commit({
      by,
      ...address,
      branch: 'main',
      message: 'By hand',
      author: { name: 'Pat', email: 'pat@portico.invalid' },
      onBehalfOf: 'user:default/pat',
      directory: folder.replace('templates', 'home'),
      expectedHead: changed?.head,
    });
    await fourth.stop();

    const fifth = await start();
    expect((await fifth.gitHost.get(address))?.head).toBe(pushed.commit);
    await fifth.stop();
    await first.stop();
  });
});
