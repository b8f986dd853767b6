import fc from 'fast-check';
import { RunQueue } from './RunQueue';

const item = (tenant: string, repository: string, id = repository) => ({
  id: `${tenant}-${id}`,
  tenant,
  repository,
});

it('gives a tenant its turn, however much another one pushes', () => {
  const queue = new RunQueue();
  for (let index = 0; index < 20; index += 1) {
    queue.add(item('aurora', `r${index}`));
  }
  const first = queue.next();
  queue.add(item('borealis', 'only'));
  expect(first?.tenant).toBe('aurora');
  expect(queue.next()?.tenant).toBe('borealis');
  expect(queue.next()?.repository).toBe('r1');
});

it('never doubles what waits, and runs one of a repository at a time', () => {
  const queue = new RunQueue();
  queue.add(item('aurora', 'a', 'first'));
  queue.add(item('aurora', 'a', 'first'));
  queue.add(item('aurora', 'a', 'second'));
  expect(queue.length).toBe(2);
  const first = queue.next();
  expect(queue.next()).toBeUndefined();
  if (first) queue.done(first);
  expect(queue.next()?.id).toBe('aurora-second');
});

it('serves everyone, and within any stretch no tenant twice before another that waits', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(50)), {
        maxLength: 60,
      }),
      pushes => {
        const queue = new RunQueue();
        pushes.forEach(([tenant, number]) =>
          queue.add(item(tenant, `r${number}`)),
        );
        const waiting = new Map<string, number>();
        new Set(
          pushes.map(([tenant, number]) => `${tenant} ${number}`),
        ).forEach(key => {
          const [tenant] = key.split(' ');
          waiting.set(tenant, (waiting.get(tenant) ?? 0) + 1);
        });
        const served: Record<string, number> = { a: 0, b: 0, c: 0 };
        for (let next = queue.next(); next !== undefined; next = queue.next()) {
          queue.done(next);
          served[next.tenant] += 1;
          waiting.set(next.tenant, (waiting.get(next.tenant) ?? 0) - 1);
          const open = [...waiting].filter(([, count]) => count > 0);
          for (const [tenant] of open) {
            expect(served[next.tenant] - served[tenant]).toBeLessThanOrEqual(1);
          }
        }
        expect([...waiting.values()].every(count => count === 0)).toBe(true);
      },
    ),
  );
});
