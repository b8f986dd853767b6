// From the last click of the form to the new entity in the catalog, and how long the
// task took. Against a running portal with the demo: node benchmarks/create.mjs [runs]
import { portalUrl, signIn, summary, timeUntil } from './portal.mjs';

const runs = Number(process.argv[2] ?? 10);
const { call } = await signIn('user:aurora/kim');
const suffix = Date.now().toString(36);
const visible = [];

for (let run = 0; run < runs; run += 1) {
  const name = `bench-${suffix}-${run}`;
  const clicked = performance.now();
  const created = await call('/api/scaffolder/v2/tasks', {
    method: 'POST',
    body: JSON.stringify({
      templateRef: 'template:default/typescript-service',
      values: {
        name,
        description: 'Measures the creation of a service',
        owner: 'group:aurora/checkout',
        size: 'S',
        exposure: 'internal',
        example: 'orders',
      },
    }),
  });
  if (!created.ok) {
    throw new Error(
      `The task was refused: ${created.status} ${await created.text()}`,
    );
  }
  visible.push(
    await timeUntil(
      clicked,
      async () =>
        (
          await call(`/api/catalog/entities/by-name/component/aurora/${name}`)
        ).ok,
    ),
  );
}
console.log(`create to entity visible at ${portalUrl}: ${summary(visible)}`);
