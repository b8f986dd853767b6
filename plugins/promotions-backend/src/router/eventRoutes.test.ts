import { randomUUID } from 'crypto';
import { get, type ClientRequest, type IncomingMessage } from 'http';
import { setTimeout as delay } from 'timers/promises';
import { z } from 'zod';
import {
  DeliveryPortal,
  kim,
  lena,
  robin,
} from '../__testUtils__/DeliveryPortal';
import { deliveryParts } from '../testUtils/deliverySamples';
import { HistoryStore } from '../store/HistoryStore';

jest.setTimeout(60_000);

/** A reader of server-sent events, as a browser is one. */
class EventReader {
  static async open(
    portal: DeliveryPortal,
    userRef: string,
    last?: string,
  ): Promise<EventReader> {
    const token = await portal.signIn(userRef);
    return new Promise((resolve, reject) => {
      const request = get(
        {
          host: 'localhost',
          port: portal.port,
          path: '/api/promotions/events',
          headers: {
            authorization: `Bearer ${token}`,
            ...(last && { 'last-event-id': last }),
          },
        },
        response => resolve(new EventReader(request, response)),
      );
      request.on('error', reject);
    });
  }

  text = '';
  isOver = false;

  private constructor(
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
    return [...this.text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id);
  }

  /** Names of the components that events named. */
  get components(): string[] {
    return [...this.text.matchAll(/"component":"[^"]*\/([^"]+)"/g)].map(
      ([, name]) => name,
    );
  }

  async until(isReached: (reader: EventReader) => boolean): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (!isReached(this)) {
      if (Date.now() > deadline) {
        throw new Error(`It did not come; there is: ${this.text}`);
      }
      await delay(20);
    }
  }

  close(): void {
    this.request.destroy();
  }
}

describe('the events of delivery', () => {
  let portal: DeliveryPortal;
  const readers: EventReader[] = [];

  const open = async (userRef: string, last?: string) => {
    const reader = await EventReader.open(portal, userRef, last);
    readers.push(reader);
    return reader;
  };
  const tell = (name: string, tenant = 'aurora') =>
    portal.testDatabase.database.inTenant(tenant, transaction =>
      new HistoryStore(transaction, tenant).addEvent(
        { type: 'release', component: `component:${tenant}/${name}` },
        new Date(),
      ),
    );

  beforeAll(async () => {
    portal = await DeliveryPortal.start(
      deliveryParts({ now: () => new Date(), heartbeatMilliseconds: 300 }),
    );
  });
  afterEach(() => readers.splice(0).forEach(reader => reader.close()));
  afterAll(() => portal?.stop());

  it('tells what is new in the own tenant, in order, and goes on behind what was seen', async () => {
    await tell('before');
    const mine = await open(kim);
    const others = await open(lena);
    expect(mine.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
    });
    for (const name of ['one', 'two', 'three']) {
      await tell(name);
    }
    await tell('ledger', 'borealis');
    await mine.until(({ components }) => components.includes('three'));
    await others.until(({ components }) => components.includes('ledger'));
    expect(mine.components).toEqual(['one', 'two', 'three']);
    expect(others.components).toEqual(['ledger']);
    mine.close();
    await tell('four');
    const again = await open(kim, mine.ids[0]);
    await tell('five');
    await again.until(({ components }) => components.includes('five'));
    expect(again.components).toEqual(['two', 'three', 'four', 'five']);
  });

  it('begins with all that is kept behind an id that is forgotten, or another tenant’s', async () => {
    const mine = await open(kim);
    const theirs = await open(lena);
    await tell('kept');
    await tell('foreign', 'borealis');
    await mine.until(({ components }) => components.includes('kept'));
    await theirs.until(({ components }) => components.includes('foreign'));
    for (const id of [randomUUID(), theirs.ids[0]]) {
      const again = await open(kim, id);
      await again.until(({ components }) => components.includes('kept'));
      expect(again.ids.at(-1)).toBe(mine.ids.at(-1));
      expect(again.components).toContain('before');
      expect(again.components).not.toContain('foreign');
    }
  });

  it('tells nothing of how much others do by its ids', async () => {
    const reader = await open(kim);
    await tell('one');
    await tell('two');
    await reader.until(({ components }) => components.includes('two'));
    for (const id of reader.ids) {
      expect(z.uuid({ version: 'v4' }).safeParse(id).success).toBe(true);
    }
  });

  it('loses nothing that a transaction wrote earlier and committed later', async () => {
    const reader = await open(kim);
    const { database } = portal.testDatabase;
    await database.inTenant('aurora', async early => {
      // It writes first in time, and is in sight last.
      await new HistoryStore(early, 'aurora').addEvent(
        { type: 'release', component: 'component:aurora/slow' },
        new Date(),
      );
      await tell('quick');
      await delay(1_000);
    });
    await tell('last');
    await reader.until(({ components }) => components.includes('last'));
    expect([...reader.components].sort()).toEqual(['last', 'quick', 'slow']);
    const again = await open(kim, reader.ids[0]);
    await again.until(({ components }) => components.includes('last'));
    expect(again.components).toEqual(reader.components.slice(1));
  });

  it('reads on over many events', async () => {
    const first = await open(kim);
    await tell('mark');
    await first.until(({ ids }) => ids.length === 1);
    await portal.testDatabase.database.inTenant('aurora', transaction =>
      transaction.raw(
        `insert into portico_promotions.events (tenant, at, event)
         select 'aurora', now(), jsonb_build_object('type', 'release',
                  'component', 'component:aurora/n' || n)
           from generate_series(1, 1200) as n`,
      ),
    );
    const second = await open(kim, first.ids[0]);
    await second.until(({ components }) => components.includes('n1200'));
    expect(new Set(second.components).size).toBe(1200);
  });

  it('refuses a nonsensical place, and a sixth stream', async () => {
    const answer = await portal
      .anonymous('get', '/events')
      .set('authorization', `Bearer ${await portal.signIn(kim)}`)
      .set('last-event-id', 'yesterday');
    expect(answer.status).toBe(400);
    for (let time = 0; time < 5; time += 1) {
      expect((await open(robin)).response.statusCode).toBe(200);
    }
    expect((await open(robin)).response.statusCode).toBe(429);
    expect((await open(kim)).response.statusCode).toBe(200);
  });

  it('ends with the session', async () => {
    const reader = await open(lena);
    await reader.until(({ text }) => text.includes(': still here'));
    await portal.signOut(lena);
    await reader.until(({ isOver }) => isOver);
    expect(reader.text).toContain('event: end\n');
  });
});
