// Workload 7: decisions in the process, the same answers as the permission backend, and
// how soon a person who was disabled is refused.
import { signIn } from './backends.mjs';
import { refOf, VICTIMS } from './dataSet.mjs';
import { percentile, round as short } from './figures.mjs';
import { byNameCall } from './workloads.mjs';

const probe = '/api/catalog/entities/by-name/benchmark/probe';

export async function decisions(context) {
  const { figures, rounds, portico, stock, dataSet } = context;
  const tenant = dataSet.tenants[1].id;
  for (let round = 0; round <= rounds; round++) {
    for (const [way, backend, name] of [
      ['portico', portico, 'reader'],
      ['tenant', stock, 'tenant'],
    ]) {
      const token = await signIn(backend, `user:${tenant}/${name}`);
      const n = context.small ? 100 : 500;
      const times = await backend.json(token, {
        path: `${probe}/decide?n=${n}&age=1100`,
      });
      for (const [workload, label] of [
        ['fresh', 'cold: first decision of a request'],
        ['warm', 'warm: next decision of the request'],
        ['old', 'credentials older than a second'],
      ]) {
        const values = times[workload];
        const seconds = values.reduce((sum, us) => sum + us, 0) / 1e6;
        figures.add(
          { part: 'decisions', workload: label, way, round },
          { times: values, seconds },
        );
      }
    }
  }
  figures.print('decisions', '7. Decisions', 'portico', 'µs');
  const cold = figures.cell(
    'decisions',
    'cold: first decision of a request',
    'portico',
  );
  figures.aim(
    'policy decision p99 ≤ 200 µs cold',
    `${short(cold.p99)} µs`,
    cold.p99 <= 200,
  );
  await parity(context);
  await revocation(context);
}

async function parity({ figures, portico, dataSet, expected }) {
  const [large, other] = dataSet.tenants;
  const refs = [
    refOf(expected.byTenant.get(large.id).at(-1)),
    refOf(expected.byTenant.get(other.id).at(-1)),
    'user:default/pat',
    `component:${large.id}/does-not-exist`,
  ];
  const query = refs.map(ref => `ref=${encodeURIComponent(ref)}`).join('&');
  let compared = 0;
  let failed = 0;
  const differences = [];
  const people = ['viewer', 'reader', 'approver', 'admin'].map(
    name => `user:${large.id}/${name}`,
  );
  for (const person of [...people, 'user:default/pat']) {
    const token = await signIn(portico, person);
    const answer = await portico.json(token, {
      path: `${probe}/parity?${query}`,
    });
    compared += answer.compared;
    failed += answer.failed;
    differences.push(
      ...answer.differences.map(difference => ({ person, ...difference })),
    );
  }
  console.log(
    `\nParity: ${compared} answers compared with the permission backend, ${differences.length} differ (${failed} are errors on both sides).`,
  );
  for (const difference of differences.slice(0, 10))
    console.log(`  ${JSON.stringify(difference)}`);
  figures.aim(
    'same answers as the permission backend',
    `${differences.length} of ${compared} differ`,
    differences.length === 0,
  );
}

/**
 * A tenant's administrator disables people one by one; each of them asks both replicas
 * without a pause. The delay is from the answer to the administrator until a replica has
 * last begun to answer a request with a yes that it took after that.
 */
async function revocation({
  portico,
  dataSet,
  expected,
  startReplica,
  figures,
}) {
  const tenant = dataSet.tenants[0].id;
  const admin = await signIn(portico, `user:${tenant}/admin`);
  const call = byNameCall(refOf(expected.byTenant.get(tenant).at(-1)));
  const replica = await startReplica();
  const delays = { 'same replica': [], 'other replica': [] };
  let late = 0;
  try {
    for (let victim = 1; victim <= VICTIMS; victim++) {
      const name = `victim-${victim}`;
      const token = await signIn(portico, `user:${tenant}/${name}`);
      const watch = async backend => {
        const seen = [];
        const deadline = performance.now() + 30_000;
        for (let refused = 0; refused < 5 && performance.now() < deadline; ) {
          const sent = performance.now();
          const { status } = await backend.ask(token, call);
          seen.push({ sent, answered: performance.now(), status });
          if (status === 401) refused += 1;
        }
        return seen;
      };
      const watched = [watch(portico), watch(replica)];
      await new Promise(resolve => setTimeout(resolve, 100));
      await portico
        .ask(admin, {
          method: 'PUT',
          path: `/api/tenancy/tenants/${tenant}/members/${name}`,
          body: { displayName: name, roles: ['viewer'], disabled: true },
        })
        .then(answer => {
          if (answer.status !== 200)
            throw new Error(
              `Disabling answered ${answer.status}: ${answer.text()}`,
            );
        });
      const known = performance.now();
      for (const [index, side] of ['same replica', 'other replica'].entries()) {
        const seen = await watched[index];
        const first = seen.find(({ status }) => status === 401);
        if (!first) throw new Error(`${name} was never refused by the ${side}`);
        delays[side].push(first.answered - known);
        late += seen.filter(
          ({ sent, status }) => sent > known && status === 200,
        ).length;
      }
    }
  } finally {
    await replica.stop();
  }
  for (const [side, values] of Object.entries(delays)) {
    console.log(
      `Revocation, ${side}: first refusal p50 ${short2(
        percentile(values, 0.5),
      )} ms, at most ${short2(
        Math.max(...values),
      )} ms after the answer to the administrator (below 0: before it).`,
    );
  }
  console.log(
    'Stock 1.55 has no way to disable a person: a token is good until it expires, an hour by default.',
  );
  figures.aim(
    'the next request after a revocation is refused, on two replicas',
    `${late} requests that began later were answered; slowest refusal ${short2(
      Math.max(...Object.values(delays).flat()),
    )} ms`,
    late === 0,
  );
}

const short2 = value => value.toFixed(1);
