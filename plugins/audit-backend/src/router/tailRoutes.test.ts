import { type ClientRequest, get, type IncomingMessage } from 'http';
import { AuditPortal } from '../__testUtils__/AuditPortal';

jest.setTimeout(60_000);

const kim = 'user:aurora/kim';
const lena = 'user:borealis/lena';
const ana = 'user:default/ana';

/** A reader of server-sent events, as a browser is one. */
class EventReader {
  static async open(
    portal: AuditPortal,
    options: { user: string; query?: string; last?: string },
  ): Promise<EventReader> {
    const authorization = await portal.signIn(options.user);
    return new Promise((resolve, reject) => {
      const request = get(
        {
          host: 'localhost',
          port: portal.port,
          path: `/api/audit/tail?${options.query ?? ''}`,
          headers: {
            authorization,
            ...(options.last ? { 'last-event-id': options.last } : {}),
          },
        },
        response => resolve(new EventReader(portal, request, response)),
      );
      request.on('error', reject);
    });
  }

  text = '';
  isOver = false;

  private constructor(
    private readonly portal: AuditPortal,
    private readonly request: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    response.setEncoding('utf8');
    response.on('data', (part: string) => {
      this.text += part;
    });
    response.on('close', () => {
      this.isOver = true;
    });
    response.on('error', () => {});
  }

  get ids(): string[] {
    return [...this.text.matchAll(/^id: (.*)$/gm)].map(([, id = '']) => id);
  }

  /** Waits for an event; those before it have come then. */
  async untilId(id: string): Promise<string[]> {
    return this.portal.until(
      async () => this.ids,
      ids => ids.includes(id),
    );
  }

  async untilText(text: string): Promise<void> {
    await this.portal.until(
      async () => this.text,
      all => all.includes(text),
    );
  }

  async untilOver(): Promise<void> {
    await this.portal.until(
      async () => this.isOver,
      isOver => isOver,
    );
  }

  close(): void {
    this.request.destroy();
  }
}

describe('the live tail', () => {
  let portal: AuditPortal;
  const readers: EventReader[] = [];
  const open = async (options: Parameters<typeof EventReader.open>[1]) => {
    const reader = await EventReader.open(portal, options);
    readers.push(reader);
    return reader;
  };

  beforeEach(async () => {
    portal = await AuditPortal.start({ heartbeatMilliseconds: 300 });
    await portal.write({}, { chain: 'borealis' });
  });
  afterEach(async () => {
    readers.splice(0).forEach(reader => reader.close());
    await portal?.stop();
  });

  it('sends what is new, of the own chain, in its order, as it passes the filter', async () => {
    const mine = await open({ user: kim });
    const refused = await open({ user: kim, query: 'outcome=refused' });
    const worded = await open({ user: kim, query: 'text=special' });
    const others = await open({ user: lena });
    const all = await open({ user: ana });
    expect(mine.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
    });
    await portal.write(
      {},
      { outcome: 'refused' },
      { chain: 'borealis', subject: { kind: 'thing', ref: 'borealis-only' } },
      { subject: { kind: 'thing', ref: 'special' } },
      { chain: 'aurora-2' },
    );
    expect(await mine.untilId('aurora:4')).toEqual([
      'aurora:2',
      'aurora:3',
      'aurora:4',
    ]);
    expect(await refused.untilId('aurora:3')).toEqual(['aurora:3']);
    expect(await worded.untilId('aurora:4')).toEqual(['aurora:4']);
    expect(await others.untilId('borealis:2')).toEqual(['borealis:2']);
    await all.untilId('aurora-2:1');
    expect([...all.ids].sort()).toEqual([
      'aurora-2:1',
      'aurora:2',
      'aurora:3',
      'aurora:4',
      'borealis:2',
    ]);
    expect(mine.text).not.toContain('borealis');
    const [, data = ''] = /^data: (.*)$/m.exec(mine.text) ?? [];
    expect(JSON.parse(data)).toEqual(
      (await portal.get(kim, '/entries/aurora/2')).body,
    );
  });

  it('goes on behind what the reader saw, without loss', async () => {
    const first = await open({ user: kim });
    await portal.write({});
    await first.untilId('aurora:2');
    first.close();
    await portal.write(...Array.from({ length: 250 }, () => ({})));
    const second = await open({ user: kim, last: 'aurora:2' });
    const ids = await second.untilId('aurora:252');
    expect(ids).toEqual(
      Array.from({ length: 250 }, (_, index) => `aurora:${index + 3}`),
    );
    // what is told later is not held back by a number that nobody gave
    const beyond = await open({ user: kim, last: 'aurora:99999' });
    await portal.write({});
    expect(await beyond.untilId('aurora:253')).toEqual(['aurora:253']);
  });

  it('loses nothing of many chains, whichever entry was seen last', async () => {
    const all = await open({ user: ana });
    await portal.write(
      {},
      { chain: 'borealis' },
      { chain: 'aurora-2' },
      {},
      { chain: 'borealis' },
    );
    await all.untilId('borealis:3');
    await all.untilId('aurora:3');
    await all.untilId('aurora-2:1');
    expect(new Set(all.ids)).toEqual(
      new Set([
        'aurora:2',
        'aurora:3',
        'aurora-2:1',
        'borealis:2',
        'borealis:3',
      ]),
    );
    const seen = [...all.ids];
    for (const [index, last] of seen.entries()) {
      const again = await open({ user: ana, last });
      for (const id of seen.slice(index + 1)) {
        await again.untilId(id);
      }
      again.close();
      await again.untilOver();
      expect(again.ids).toEqual(expect.arrayContaining(seen.slice(index + 1)));
    }
  });

  it('refuses a nonsensical position', async () => {
    const authorization = await portal.signIn(kim);
    const { status } = await portal
      .anonymous('/tail')
      .set('authorization', authorization)
      .set('last-event-id', 'yesterday');
    expect(status).toBe(400);
  });

  it('ends with the session', async () => {
    const mine = await open({ user: kim });
    await mine.untilText(': still here');
    await portal.signOut(kim);
    await mine.untilOver();
    expect(mine.text).toContain('event: end\n');
    await portal.write({});
    expect(mine.ids).toEqual([]);
  });

  it('lets everybody have five', async () => {
    for (let time = 0; time < 5; time += 1) {
      expect((await open({ user: kim })).response.statusCode).toBe(200);
    }
    const sixth = await open({ user: kim });
    expect(sixth.response.statusCode).toBe(429);
    expect((await open({ user: ana })).response.statusCode).toBe(200);
    readers[0]?.close();
    await portal.until(
      async () => {
        const again = await open({ user: kim });
        return again.response.statusCode;
      },
      status => status === 200,
    );
  });

  it('goes on when its connection to the database breaks', async () => {
    const mine = await open({ user: kim });
    await portal.write({});
    await mine.untilId('aurora:2');
    const { rowCount } = await portal.engine.asSuperuser(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'portico: follow the audit'
          and datname = current_database()`,
    );
    expect(rowCount).toBe(1);
    await portal.write({});
    await mine.untilId('aurora:3');
    await portal.until(
      async () =>
        (
          await portal.engine.asSuperuser(
            `select 1 from pg_stat_activity
              where application_name = 'portico: follow the audit'
                and datname = current_database()`,
          )
        ).rowCount,
      count => count === 1,
    );
    await portal.write({});
    expect(await mine.untilId('aurora:4')).toEqual([
      'aurora:2',
      'aurora:3',
      'aurora:4',
    ]);
  });
});
