import fc from 'fast-check';
import { SharedTurns } from './SharedTurns';

const tenants = ['aurora', 'borealis', 'corvus'] as const;

it('never runs more than allowed, keeps a turn free while others ask, and lets nobody wait in vain', () => {
  const request = fc.record({
    tenant: fc.constantFrom(...tenants),
    /** Which of those that came and did not go yet goes next. */
    goes: fc.option(fc.nat(50)),
    /** Milliseconds until the next request comes. */
    pause: fc.constantFrom(0, 1, 400, 6_000),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.array(request, { maxLength: 80 }),
      (atOnce, requests) => {
        let now = 0;
        const asked = new Map<string, number>();
        const turns = new SharedTurns(atOnce, () => now);
        const here: Array<{ tenant: string; runs: boolean; end: () => void }> =
          [];
        const run = (tenant?: string) =>
          here.filter(one => one.runs && (tenant ?? one.tenant) === one.tenant);
        const othersAsk = (tenant: string) =>
          [...asked].some(
            ([other, at]) => other !== tenant && now - at < 5_000,
          );
        for (const { tenant, goes, pause } of requests) {
          const before = run(tenant).length;
          const one = { tenant, runs: false, end: () => {} };
          here.push(one);
          asked.set(tenant, now);
          one.end = turns.take(tenant, () => {
            one.runs = true;
          });
          expect(run().length).toBeLessThanOrEqual(atOnce);
          const tookMore = one.runs && before > 0 && othersAsk(tenant);
          expect(tookMore && run(tenant).length === atOnce).toBe(false);
          // nobody waits beside a turn that is free for him
          for (const waits of here.filter(({ runs }) => !runs)) {
            expect(
              run().length === atOnce ||
                (run(waits.tenant).length >= Math.max(1, atOnce - 1) &&
                  othersAsk(waits.tenant)),
            ).toBe(true);
          }
          // within a tenant, whoever came first runs first
          for (const name of tenants) {
            const order = here.filter(other => other.tenant === name);
            const firstWaiting = order.findIndex(({ runs }) => !runs);
            expect(
              firstWaiting >= 0 &&
                order.slice(firstWaiting).some(({ runs }) => runs),
            ).toBe(false);
          }
          if (goes !== null) {
            const [gone] = here.splice(goes % here.length, 1);
            gone.end();
            gone.end();
          }
          now += pause;
        }
        // whoever is left is served once the others go
        while (here.length > 0) {
          const gone = here.findIndex(({ runs }) => runs);
          expect(gone).toBeGreaterThanOrEqual(0);
          here.splice(gone, 1)[0].end();
        }
      },
    ),
  );
});

it('serves a short list at once, however many long ones another tenant waits for', () => {
  const turns = new SharedTurns(2, () => 0);
  const order: string[] = [];
  const ask = (tenant: string, name: string) =>
    turns.take(tenant, () => order.push(name));
  ask('borealis', 'b1')();
  const first = ask('aurora', 'a1');
  ask('aurora', 'a2');
  ask('aurora', 'a3');
  expect(order).toEqual(['b1', 'a1']);
  const second = ask('borealis', 'b2');
  ask('borealis', 'b3');
  expect(order).toEqual(['b1', 'a1', 'b2']);
  first();
  expect(order).toEqual(['b1', 'a1', 'b2', 'a2']);
  second();
  expect(order).toEqual(['b1', 'a1', 'b2', 'a2', 'b3']);
});
