import { AUTHOR } from './__testUtils__/StandInRepository';
import { HostWorld } from './__testUtils__/HostWorld';
import { StandInHost } from './__testUtils__/StandInHost';
import { standInHosts } from './__testUtils__/standInHosts';
import { type StandInRepository } from './__testUtils__/StandInRepository';

jest.setTimeout(60_000);

const MERGE = {
  gitea: ["Merge pull request 'SHOP-12 totals' (#7) from a into main", 'pulls'],
  github: ['SHOP-12 totals (#7)', 'pull'],
  gitlab: [
    "Merge branch 'a'\n\nSHOP-12 totals\n\nSee merge request aurora/checkout!7",
    '-/merge_requests',
  ],
} as const;

describe.each(standInHosts)('source commits on $api', ({ api, dialect }) => {
  let standIn: StandInHost;
  let world: HostWorld;
  let repository: StandInRepository;
  let first: string;

  beforeAll(async () => {
    standIn = await StandInHost.start(dialect);
  });
  beforeEach(() => {
    world = new HostWorld(standIn, api);
    repository = standIn.reset({ 'README.md': 'Checkout\n' });
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

  const push = (message: string) =>
    repository.push('main', { 'a.txt': message }, message);
  const log = async (ref: string, notIn?: string, limit = 100) =>
    (await world.openSource())?.log({ ref, notIn, limit });

  it('tells authors, trailers and pull requests of what one commit has and another has not', async () => {
    const [merge, way] = MERGE[api];
    const one = push('Fix totals\n\nWhy.\n\nTicket: SHOP-7\nReviewed-by: Kim');
    const two = push(merge);
    await expect(log(two, first)).resolves.toEqual({
      total: 2,
      items: [
        expect.objectContaining({
          id: two,
          pullRequest: {
            id: '7',
            url: `${standIn.url}/aurora/deployments/${way}/7`,
          },
        }),
        {
          id: one,
          subject: 'Fix totals',
          authorName: AUTHOR.name,
          authorEmail: AUTHOR.email,
          committedAt: repository.commit(one).at,
          trailers: { Ticket: 'SHOP-7', 'Reviewed-by': 'Kim' },
        },
      ],
    });
    await expect(log(first, two)).resolves.toEqual({ total: 0, items: [] });
    // nothing to compare with: the newest
    const newest = await log(two, undefined, 2);
    expect(newest?.items.map(({ id }) => id)).toEqual([two, one]);
  });

  it('tells the newest of more than are shown, and how many there are', async () => {
    const ids = Array.from({ length: 230 }, (_, index) => push(`No ${index}`));
    const found = await log(ids[229], first);
    expect(found?.total).toBe(230);
    expect(found?.items.map(({ subject }) => subject)).toEqual(
      Array.from({ length: 100 }, (_, index) => `No ${229 - index}`),
    );
  });

  it('knows its own addresses, and asks nothing elsewhere', async () => {
    const { host } = new URL(standIn.url);
    for (const address of [
      `${standIn.url}/aurora/deployments`,
      'ssh://git@127.0.0.1:22/aurora/deployments.git',
      'git@127.0.0.1:aurora/deployments.git',
    ]) {
      await expect(world.openSource(address)).resolves.toBeDefined();
    }
    for (const address of [
      'https://elsewhere.example/aurora/deployments',
      `http://elsewhere.example/${host}/aurora/deployments`,
      `${standIn.url}/aurora/../deployments`,
      `file://${host}/aurora/deployments`,
      'no address',
    ]) {
      await expect(world.openSource(address)).resolves.toBeUndefined();
    }
  });

  it('says why nothing is known', async () => {
    const two = push('Another');
    for (const [ref, notIn] of [
      [two, 'f'.repeat(40)],
      ['f'.repeat(40), two],
      [two, 'main'],
      ['main..x', undefined],
    ] as const) {
      await expect(log(ref, notIn)).rejects.toMatchObject({
        name: 'NotFoundError',
        message: expect.stringMatching(/not in aurora\/deployments on The/),
      });
    }
    await expect(world.openSource(undefined, 'borealis')).rejects.toMatchObject(
      {
        name: 'NotFoundError',
        message: expect.stringMatching(/'borealis' was not granted aurora/),
      },
    );
    world.credential = undefined;
    await expect(world.openSource()).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringMatching(/has set no credential/),
    });
    world.credential = { token: 'wrong' };
    await expect(world.openSource()).rejects.toMatchObject({
      name: 'NotAllowedError',
    });
    world.credential = { token: standIn.token };
    for (const [status, name] of [
      [403, 'NotAllowedError'],
      [500, 'ServiceUnavailableError'],
    ] as const) {
      standIn.disturb(/compare/, { status, body: '{"message":"no"}' }, 1);
      await expect(log(two, first)).rejects.toMatchObject({ name });
    }
  });
});
