import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import {
  document,
  repository,
  SourceBench,
  url,
} from '../__testUtils__/SourceBench';

jest.setTimeout(60_000);

describe('SourceStore', () => {
  let bench: SourceBench;

  beforeAll(async () => {
    bench = await SourceBench.create();
  });
  afterAll(async () => {
    await bench.destroy();
  });

  it('registers a source once, and the same registration again', async () => {
    const tenant = await bench.createTenant('checkout');

    await expect(bench.register(tenant, 'checkout')).resolves.toMatchObject({
      tenant,
      name: 'checkout',
      location: {
        kind: 'repository',
        repository: 'checkout',
        branch: 'main',
        path: 'catalog-info.yaml',
      },
    });
    await expect(bench.sources.list({ tenant })).resolves.toHaveLength(1);
    await expect(
      bench.register(tenant, 'checkout', repository('other')),
    ).rejects.toThrow(
      'The source "checkout" exists already and reads another address; remove it first or choose another name',
    );
    await expect(
      bench.register(tenant, 'second', repository('checkout')),
    ).rejects.toThrow('The source "checkout" reads this address already');
    await expect(bench.register(tenant, 'directory')).rejects.toThrow(
      ConflictError,
    );
    await expect(bench.register('nobody', 'checkout')).rejects.toThrow(
      NotFoundError,
    );
  });

  it('refuses an address that another tenant reads, without saying whose', async () => {
    const first = await bench.createTenant();
    const second = await bench.createTenant();
    await bench.register(
      first,
      'shop',
      url('https://git.example.org/Shop/app'),
    );

    for (const same of [
      'https://git.example.org/Shop/app',
      'http://git.example.org/shop/app/',
      'https://GIT.example.org:443/Shop/%61pp#readme',
    ]) {
      await expect(bench.register(second, 'mine', url(same))).rejects.toThrow(
        new ConflictError('This address cannot be registered'),
      );
    }
    await expect(bench.sources.list({ tenant: second })).resolves.toEqual([]);
    await bench.register(
      second,
      'mine',
      url('https://git.example.org/Shop/other'),
    );
  });

  it.each([
    repository('a', '../other/catalog-info.yaml'),
    repository('a', 'docs/../../x.yaml'),
    repository('a', '/etc/passwd'),
    repository('a', 'a\\..\\b'),
    repository('a', '.'),
    url('https://kim:secret@git.example.org/a'),
    url('https://git.example.org/%ff'),
  ])('refuses the location %j', async location => {
    const tenant = await bench.createTenant();
    await expect(bench.register(tenant, 'a', location)).rejects.toThrow(
      InputError,
    );
  });

  it('gives only what changed, and keeps the last good set of an unreadable source', async () => {
    const tenant = await bench.createTenant('a');
    const documents = [document(tenant, 'x'), document(tenant, 'y')];
    await bench.scan(tenant, 'a', documents);
    await expect(bench.scan(tenant, 'a', documents)).resolves.toEqual({
      added: [],
      removed: [],
    });
    await bench.sources.recordUnreadable({
      tenant,
      source: 'a',
      reason: 'no such branch',
    });

    await expect(
      bench.sources.get({ tenant, name: 'a' }),
    ).resolves.toMatchObject({
      lastScan: {
        at: bench.now.toISOString(),
        outcome: 'unreadable',
        reason: 'no such branch',
        entities: 2,
        refusals: 0,
      },
    });
    expect(await bench.emitted(tenant)).toEqual([
      `component:${tenant}/x a`,
      `component:${tenant}/y a`,
    ]);
  });

  it('refuses what cannot be kept, with file and line, and keeps its neighbours', async () => {
    const tenant = await bench.createTenant('a');
    await bench.scan(
      tenant,
      'a',
      [
        document(tenant, 'x', { line: 1 }),
        document(tenant, 'x', { line: 5, title: 'again' }),
        document(tenant, 'nul', { line: 9, title: 'a\0b' }),
        document(tenant, 'half', { line: 13, title: '\ud83d' }),
        document(tenant, 'fine', { title: 'a \\u0000 in text, and 😀' }),
      ],
      [{ file: 'broken.yaml', reason: 'no YAML: \0' }],
    );

    expect(await bench.emitted(tenant)).toEqual([
      `component:${tenant}/fine a`,
      `component:${tenant}/x a`,
    ]);
    await expect(
      bench.sources.refusals({ tenant, name: 'a' }),
    ).resolves.toEqual([
      { file: 'broken.yaml', reason: 'no YAML: \uFFFD' },
      expect.objectContaining({ line: 5, entityRef: `component:${tenant}/x` }),
      expect.objectContaining({ line: 9 }),
      expect.objectContaining({ line: 13 }),
    ]);
    await expect(
      bench.scan(tenant, 'a', [document('borealis', 'x')]),
    ).rejects.toThrow('its namespace must be');
    await expect(bench.scan(tenant, 'gone', [])).rejects.toThrow(NotFoundError);
  });
});
