import fc from 'fast-check';
import { TenantTurns } from './TenantTurns';

it('lets so many of each tenant run, in order, and nobody wait in vain', () => {
  const request = fc.record({
    tenant: fc.constantFrom('aurora', 'borealis'),
    /** Which of those that came and did not go yet goes next. */
    goes: fc.option(fc.nat(50)),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.array(request, { maxLength: 60 }),
      (atOnce, requests) => {
        const turns = new TenantTurns(atOnce);
        const here: Array<{ tenant: string; runs: boolean; end: () => void }> =
          [];
        const runningOf = (tenant: string) =>
          here.filter(one => one.tenant === tenant && one.runs).length;
        const check = () => {
          for (const tenant of ['aurora', 'borealis']) {
            const all = here.filter(one => one.tenant === tenant);
            expect(runningOf(tenant)).toBe(Math.min(atOnce, all.length));
            // whoever came first runs first
            expect(all.slice(0, atOnce).every(({ runs }) => runs)).toBe(true);
          }
        };
        for (const { tenant, goes } of requests) {
          const one = { tenant, runs: false, end: () => {} };
          one.end = turns.take(tenant, () => {
            one.runs = true;
          });
          here.push(one);
          check();
          if (goes !== null && here.length > 0) {
            const [gone] = here.splice(goes % here.length, 1);
            gone.end();
            gone.end();
            check();
          }
        }
      },
    ),
  );
});
