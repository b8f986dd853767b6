import { promotionsMigrations } from '@portico/plugin-promotions-backend';
import {
  promotedEntities,
  promotionsWithoutEngine,
} from '@portico/plugin-promotions-backend/testUtils';
import { type CommandLine } from '../__testUtils__/CommandLine';
import { TestPortal } from '../__testUtils__/TestPortal';

// Each command is a process of its own, which takes its time on a busy machine.
jest.setTimeout(120_000);

const digest = `sha256:${'a'.repeat(64)}`;
const image = `registry.example/shop/checkout:1.4.2@${digest}`;
const create = [
  'release',
  'create',
  '--component',
  'checkout',
  '--release-version',
];

describe('portico release and promotion', () => {
  let portal: TestPortal;
  let dana: CommandLine;
  let robin: CommandLine;

  beforeAll(async () => {
    portal = await TestPortal.start({
      migrations: [promotionsMigrations],
      features: [promotionsWithoutEngine],
      entities: promotedEntities,
    });
    const pat = await portal.commandLineOf('user:default/pat');
    await pat.json(['tenant', 'create', 'aurora', '--title', 'Aurora Air']);
    await pat.remove();
    await portal.addPersona('user:aurora/dana', ['developer']);
    await portal.addPersona('user:aurora/robin', ['approver']);
    dana = await portal.commandLineOf('user:aurora/dana');
    robin = await portal.commandLineOf('user:aurora/robin');
  });
  afterAll(async () => {
    await dana?.remove();
    await robin?.remove();
    await portal?.stop();
  });

  it('announces a release, asks for its promotion, approves and follows it to its end', async () => {
    const release = await dana.json([...create, '1.4.2', '--image', image]);
    expect(release.content).toMatchObject({
      component: 'component:aurora/checkout',
      images: [
        { name: 'registry.example/shop/checkout', digest, tag: '1.4.2' },
      ],
    });
    const listed = await dana.run([
      'release',
      'list',
      '--component',
      'checkout',
    ]);
    expect(listed.stdout).toMatch(/1\.4\.2\s+sha256:/);

    const asked = await dana.run([
      'promotion',
      'request',
      '--component',
      'checkout',
      '--environment',
      'prod',
      '--release',
      '1.4.2',
      '--json',
    ]);
    expect(asked.stderr).toContain('portico promotion watch');
    const { id } = JSON.parse(asked.stdout);
    const watching = dana.start(['promotion', 'watch', id]);
    await watching.stderrMatching(/pending/);

    const own = await dana.run(['promotion', 'list', '--for-me', '--json']);
    expect(JSON.parse(own.stdout)).toEqual([]);
    const inbox = await robin.run(['promotion', 'list', '--for-me', '--json']);
    expect(JSON.parse(inbox.stdout)).toMatchObject([
      { id, waitsFor: 'approval' },
    ]);
    const shown = await robin.run(['promotion', 'show', id]);
    expect(shown.stdout).toMatch(
      /Rule leads\s+0 of 1; can approve: user:aurora\/robin/,
    );
    const other = await robin.run([
      'promotion',
      'approve',
      id,
      '--subject',
      digest,
    ]);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('What would be done has changed');
    const approved = await robin.run(['promotion', 'approve', id]);
    expect([approved.code, approved.stderr]).toEqual([0, '']);
    const watched = await watching.ended;
    expect(watched.code).toBe(0);
    expect(watched.stderr).toContain('succeeded: It runs and is healthy');
    expect(watched.stdout).toMatch(/Phase\s+succeeded/);
  });

  it('says that an approval does not count where nobody knows when its giver signed in', async () => {
    await dana.json([...create, '1.6.0']);
    const { id } = await dana.json([
      'promotion',
      'request',
      '--component',
      'component:aurora/checkout',
      '--environment',
      'prod',
      '--release',
      '1.6.0',
    ]);
    await portal.database.database.inTenant('aurora', async transaction => {
      await transaction.raw(
        `update portico_promotions.promotions
            set stage = jsonb_set(stage, '{gates,0,options,signedInWithin}', '"PT1H"')
          where id = ?`,
        [id],
      );
      await transaction.raw(
        `update portico_tenancy.sessions set authenticated_at = null
          where member = 'robin'`,
      );
    });
    const approved = await robin.run(['promotion', 'approve', id]);
    expect(approved.code).toBe(1);
    expect(approved.stderr).toContain('The approval does not count');
    expect(approved.stderr).toContain('run portico login');
    await dana.run(['promotion', 'cancel', id, '--reason', 'Only a test']);
  });

  it('ends a watch with 1 where it did not succeed', async () => {
    await dana.json([...create, '1.5.0']);
    const { id } = await dana.json([
      'promotion',
      'request',
      '--component',
      'component:aurora/checkout',
      '--environment',
      'prod',
      '--release',
      '1.5.0',
    ]);
    const tooShort = await dana.run([
      'promotion',
      'watch',
      id,
      '--for',
      '0.01',
    ]);
    expect(tooShort.code).toBe(1);
    expect(tooShort.stderr).toContain('it is waiting: One approval is missing');
    const cancelled = await dana.run([
      'promotion',
      'cancel',
      id,
      '--reason',
      'Not needed any more',
    ]);
    expect(cancelled.code).toBe(0);
    const watched = await dana.run(['promotion', 'watch', id]);
    expect(watched.code).toBe(1);
    expect(watched.stdout).toMatch(/Phase\s+cancelled/);
  });

  it('rejects a release for good', async () => {
    const { id } = await dana.json([...create, '1.6.0']);
    const rejected = await robin.run([
      'release',
      'reject',
      id,
      '--reason',
      'It loses money',
    ]);
    expect(rejected.stdout).toContain('It loses money, by user:aurora/robin');
    const asked = await dana.run([
      'promotion',
      'request',
      '--component',
      'checkout',
      '--environment',
      'prod',
      '--release',
      id,
    ]);
    expect(asked.code).toBe(1);
    expect(asked.stderr).toContain('It loses money');
  });

  it.each<[string[], number, string]>([
    [
      [...create, '1', '--image', 'shop/checkout:1.4.2'],
      2,
      'expected a digest',
    ],
    [[...create, '1', '--chart', 'checkout'], 2, 'checkout@0.3.1'],
    [[...create, '1', '--source-commit', 'a'.repeat(40)], 2, 'go together'],
    [['release', 'list'], 2, '--component'],
    [['release', 'list', '--component', 'No Name'], 2, 'ref of a component'],
    [['release', 'list', '--component', 'nothing'], 1, 'There is no component'],
    [['promotion', 'show', 'nothing'], 1, 'There is no promotion nothing'],
    [['promotion', 'watch', 'x', '--for', 'ever'], 2, '--for is ever'],
    [['promotion', 'list', '--phase', 'odd'], 2, 'phase'],
    [
      [
        'promotion',
        'request',
        '--component',
        'checkout',
        '--environment',
        'prod',
        '--release',
        '9.9.9',
      ],
      1,
      'is called 9.9.9',
    ],
  ])('says what is wrong with %j', async (args, code, message) => {
    const ended = await dana.run(args);
    expect([ended.code, ended.stderr]).toEqual([
      code,
      expect.stringContaining(message),
    ]);
  });
});
