// What is asked of both sides over HTTP. Each function measures one part.
import { signIn } from './backends.mjs';
import { refOf, STORM_PEOPLE, SWEEP_TENANT, sweepSteps } from './dataSet.mjs';
import { run, takeTurns } from './figures.mjs';
import {
  byNameCall,
  byRefsCall,
  facetCall,
  landingCalls,
  listCall,
} from './workloads.mjs';

/** Tenants at places 1, 2, 4, 8 … of the order by size: large and small ones alike. */
function sampleTenants({ dataSet }) {
  const sized = dataSet.tenants.filter(({ id }) => id !== SWEEP_TENANT);
  const chosen = [];
  for (let place = 1; place <= sized.length; place *= 2)
    chosen.push(sized[place - 1]);
  return chosen;
}

/** The backend for a way, and the name that its caller has there. */
function sideOf(context, way) {
  if (way === 'portico') return { backend: context.portico, name: 'reader' };
  if (way === 'off') return { backend: context.stockOff, name: 'allow-all' };
  return { backend: context.stock, name: way };
}

async function tokensOf(context, way, tenants) {
  const { backend, name } = sideOf(context, way);
  const tokens = {};
  for (const { id } of tenants)
    tokens[id] = await signIn(backend, `user:${id}/${name}`);
  return { backend, tokens };
}

async function checked(context, { way, backend, token, tenant, call }) {
  const answer = await backend.json(token, call);
  context.expected.check({ way, tenant, call, answer });
}

async function mustAnswer(backend, token, call) {
  const answer = await backend.ask(token, call);
  if (answer.status !== 200) {
    throw new Error(
      `${backend.name}: ${call.path} answered ${answer.status}: ${answer
        .text()
        .slice(0, 300)}`,
    );
  }
}

/** All calls of a page, six at a time as a browser sends them. */
async function openPage(backend, token, calls) {
  const queue = [...calls];
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      for (let call = queue.shift(); call; call = queue.shift()) {
        await mustAnswer(backend, token, call);
      }
    }),
  );
}

/** Workload 1: the calls of the start page. */
export async function landing(context) {
  const { figures, rounds, scale } = context;
  const tenants = sampleTenants(context);
  const pages = Object.fromEntries(
    tenants.map(({ id, people }) => {
      const groups = people[0].memberOf.map(name => `group:${id}/${name}`);
      return [id, landingCalls(id, [`user:${id}/reader`, ...groups])];
    }),
  );
  const ways = ['portico', 'tenant', 'or-2', 'claims-1000', 'allow-all'];
  for (const way of ways) {
    const { backend, tokens } = await tokensOf(context, way, tenants);
    for (const { id } of tenants) {
      for (const call of pages[id]) {
        await checked(context, {
          way,
          backend,
          token: tokens[id],
          tenant: id,
          call,
        });
      }
    }
  }
  for (let round = 0; round <= rounds; round++) {
    for (const clients of [1, 16]) {
      const turns = [];
      for (const way of ways) {
        const { backend, tokens } = await tokensOf(context, way, tenants);
        turns.push({
          way,
          work: index => {
            const { id } = tenants[index % tenants.length];
            return openPage(backend, tokens[id], pages[id]);
          },
        });
      }
      const measured = await takeTurns({
        ways: turns,
        turns: 2,
        clients,
        seconds: scale(clients === 1 ? 2.5 : 3.5, round),
      });
      const workload = `page, ${clients} clients`;
      for (const [way, times] of measured) {
        figures.add({ part: 'landing', workload, way, round }, times);
      }
    }
  }
  figures.print('landing', '1. Tenant landing page (8 calls)', 'portico');
  const against = (way, workload) =>
    figures.ratio('landing', workload, way, 'portico', 0.5);
  const simple = against('tenant', 'page, 1 clients');
  figures.aim(
    'landing page not slower than stock’s simplest tenant condition',
    `stock ÷ Portico p50 ${simple.toFixed(2)}`,
    simple >= 1,
  );
  const claims = against('claims-1000', 'page, 1 clients');
  figures.aim(
    'landing page ≥ 20 times faster than stock with 1,000 claims',
    `${claims.toFixed(1)} times`,
    claims >= 20,
  );
}

/** Workload 2: the same two calls while the policy grows. */
export async function policies(context) {
  const { figures, rounds, scale } = context;
  const people = context.dataSet.tenants.find(
    ({ id }) => id === SWEEP_TENANT,
  ).people;
  const steps = sweepSteps.filter(step =>
    people.some(({ name }) => name === `reader-${step}`),
  );
  const cells = [
    ...steps.map(step => ({
      way: `portico, ${step} groups`,
      backend: context.portico,
      name: `reader-${step}`,
      rule: 'tenant',
    })),
    ...[
      'tenant',
      'or-2',
      'or-3',
      'or-10',
      'deep-3',
      ...sweepSteps.map(step => `claims-${step}`),
    ].map(rule => ({
      way: rule,
      backend: context.stock,
      name: rule,
      rule,
    })),
  ];
  const calls = { 'list and count': listCall, 'facet kind': facetCall };
  for (const cell of cells) {
    const token = await signIn(
      cell.backend,
      `user:${SWEEP_TENANT}/${cell.name}`,
    );
    for (const call of Object.values(calls)) {
      await checked(context, {
        way: cell.rule,
        backend: cell.backend,
        token,
        tenant: SWEEP_TENANT,
        call,
      });
    }
  }
  for (let round = 0; round <= rounds; round++) {
    for (const [workload, call] of Object.entries(calls)) {
      for (const { way, backend, name } of cells) {
        const token = await signIn(backend, `user:${SWEEP_TENANT}/${name}`);
        const measured = await run({
          clients: 1,
          seconds: scale(1, round),
          work: () => mustAnswer(backend, token, call),
        });
        figures.add({ part: 'policies', workload, way, round }, measured);
      }
    }
  }
  figures.print('policies', '2. Complexity of the policy', 'portico, 1 groups');
  const sizes = [];
  const resourceRef = refOf(context.expected.byTenant.get(SWEEP_TENANT).at(-1));
  const entityRead = {
    type: 'resource',
    name: 'catalog.entity.read',
    attributes: { action: 'read' },
    resourceType: 'catalog-entity',
  };
  for (const claims of [2000, 3000, 4000, 5000]) {
    const token = await signIn(
      context.stock,
      `user:${SWEEP_TENANT}/claims-${claims}`,
    );
    const answer = await context.stock.ask(token, facetCall);
    // As the browser asks about one entity: the conditions go to the catalog and back.
    const one = await context.stock.ask(token, {
      method: 'POST',
      path: '/api/permission/authorize',
      body: { items: [{ id: '1', permission: entityRead, resourceRef }] },
    });
    sizes.push(
      `${claims}: facet ${answer.status}, question about one entity ${one.status}`,
    );
  }
  console.log(
    `\nStock with yet more claims answers: ${sizes.join(
      '; ',
    )}. The log of stock says why.`,
  );
}

/** Workload 3: what permissions cost on calls that are cheap without them. */
export async function tax(context) {
  const { figures, rounds, scale } = context;
  const tenants = sampleTenants(context);
  const refs = Object.fromEntries(
    tenants.map(({ id }) => [
      id,
      context.expected.byTenant
        .get(id)
        .map(refOf)
        .filter(ref => ref.startsWith('component:')),
    ]),
  );
  const batch = (id, index) =>
    Array.from(
      { length: 50 },
      (_, i) => refs[id][(index * 50 + i) % refs[id].length],
    );
  const workloads = {
    'by-name': (id, index) => byNameCall(refs[id][index % refs[id].length]),
    'by-refs × 50': (id, index) => byRefsCall(batch(id, index)),
  };
  const ways = ['off', 'portico', 'allow-all', 'tenant'];
  for (const way of ways) {
    const { backend, tokens } = await tokensOf(context, way, tenants);
    for (const { id } of tenants) {
      for (const make of Object.values(workloads)) {
        await checked(context, {
          way,
          backend,
          token: tokens[id],
          tenant: id,
          call: make(id, 0),
        });
      }
    }
  }
  for (let round = 0; round <= rounds; round++) {
    for (const clients of [1, 16]) {
      for (const [name, make] of Object.entries(workloads)) {
        const turns = [];
        for (const way of ways) {
          const { backend, tokens } = await tokensOf(context, way, tenants);
          turns.push({
            way,
            work: index => {
              const { id } = tenants[index % tenants.length];
              return mustAnswer(backend, tokens[id], make(id, index));
            },
          });
        }
        const measured = await takeTurns({
          ways: turns,
          clients,
          seconds: scale(1.5, round),
        });
        const workload = `${name}, ${clients} clients`;
        for (const [way, times] of measured) {
          figures.add({ part: 'tax', workload, way, round }, times);
        }
      }
    }
  }
  figures.print('tax', '3. Permission tax', 'off');
  for (const name of Object.keys(workloads)) {
    const ours = figures.ratio(
      'tax',
      `${name}, 1 clients`,
      'portico',
      'off',
      0.5,
    );
    const stock = figures.ratio(
      'tax',
      `${name}, 1 clients`,
      'tenant',
      'off',
      0.5,
    );
    figures.aim(
      `permission tax of ${name} ≤ 1.10`,
      `${ours.toFixed(2)} (stock with a tenant condition ${stock.toFixed(2)})`,
      ours <= 1.1,
    );
  }
}

/** Heavy requests of the largest tenant, compressed as every browser asks for them. */
function heavyCalls() {
  const by =
    '/api/catalog/entities/by-query?orderField=metadata.title%2Casc&limit=500';
  const headers = { 'accept-encoding': 'gzip, deflate, br' };
  return [
    { path: by },
    {
      path: `${by}&fullTextFilterTerm=amber&fullTextFilterFields=metadata.title%2Cmetadata.description`,
    },
    {
      path: '/api/catalog/entity-facets?facet=metadata.tags&facet=relations.ownedBy&facet=spec.type',
    },
    { path: '/api/catalog/entities?filter=kind%3Dcomponent' },
  ].map(call => ({ ...call, headers }));
}

/**
 * Workload 6: somebody of a small tenant, while nobody else asks, and while one person,
 * and then sixteen, of the largest tenant ask heavy things as fast as they are answered,
 * also when they are told to wait.
 */
export async function neighbour(context) {
  const { figures, rounds, scale } = context;
  const heavy = context.dataSet.tenants[0].id;
  const sized = context.dataSet.tenants.filter(({ id }) => id !== SWEEP_TENANT);
  const small = sized[Math.floor(sized.length / 2)].id;
  const ref = context.expected.byTenant
    .get(small)
    .map(refOf)
    .find(own => own.startsWith('component:'));
  const calm = [byNameCall(ref), listCall, facetCall];
  const calls = heavyCalls();
  const answers = {};
  for (let round = 0; round <= Math.min(rounds, 3); round++) {
    for (const way of ['portico', 'tenant']) {
      const { backend, name } = sideOf(context, way);
      const token = await signIn(backend, `user:${small}/${name}`);
      const measureSmall = seconds =>
        run({
          clients: 1,
          seconds,
          // Some ten requests a second, as people click: the small tenant keeps its limits.
          work: async index => {
            await mustAnswer(backend, token, calm[index % calm.length]);
          },
        });
      const measurePaced = async seconds => {
        const times = [];
        const start = performance.now();
        for (
          let index = 0;
          performance.now() - start < seconds * 1000;
          index++
        ) {
          const from = performance.now();
          await mustAnswer(backend, token, calm[index % calm.length]);
          times.push(performance.now() - from);
          await new Promise(resolve =>
            setTimeout(resolve, Math.max(0, 60 - (performance.now() - from))),
          );
        }
        return { times, seconds };
      };
      if (round === 0) {
        await measureSmall(1);
        continue;
      }
      figures.add(
        {
          part: 'neighbour',
          workload: 'small tenant',
          way: `${way}, quiet`,
          round,
        },
        await measurePaced(scale(5, round)),
      );
      for (const persons of [1, STORM_PEOPLE]) {
        const storm = [];
        for (let person = 1; person <= STORM_PEOPLE; person++) {
          storm.push(
            way === 'portico'
              ? await signIn(
                  backend,
                  `user:${heavy}/storm-${(person % persons) + 1}`,
                )
              : await signIn(backend, `user:${heavy}/tenant`),
          );
        }
        if (way !== 'portico' && persons > 1) continue;
        let over = false;
        const counts = {};
        const stormed = run({
          clients: STORM_PEOPLE,
          seconds: 3600,
          work: async index => {
            if (over) throw new Error('over');
            const { status } = await backend.ask(
              storm[index % STORM_PEOPLE],
              calls[index % calls.length],
            );
            counts[status] = (counts[status] ?? 0) + 1;
          },
        }).catch(error => {
          if (error.message !== 'over') throw error;
        });
        // A little longer than a window of the limits, so that a whole one is in it.
        const measured = await measurePaced(scale(22, round));
        over = true;
        await stormed;
        const label =
          way === 'portico' ? `${way}, storm of ${persons}` : `${way}, storm`;
        figures.add(
          { part: 'neighbour', workload: 'small tenant', way: label, round },
          measured,
        );
        answers[label] = counts;
        // The next measurement must not begin in what is left of this one.
        await new Promise(resolve => setTimeout(resolve, 1000));
      }
    }
  }
  figures.print('neighbour', '6. Noisy neighbour', 'portico, quiet');
  console.log(
    `\nWhat the storm was answered in the last round: ${JSON.stringify(
      answers,
    )}`,
  );
  for (const persons of [1, STORM_PEOPLE]) {
    const ours = figures.ratio(
      'neighbour',
      'small tenant',
      `portico, storm of ${persons}`,
      'portico, quiet',
      0.95,
    );
    const stock = figures.ratio(
      'neighbour',
      'small tenant',
      'tenant, storm',
      'tenant, quiet',
      0.95,
    );
    figures.aim(
      `p95 of a small tenant in a storm of ${persons} ≤ 1.5 times quiet`,
      `${ours.toFixed(2)} (stock ${stock.toFixed(2)})`,
      ours <= 1.5,
    );
  }
}

/** The walls' own time: a route that answers at once, behind them and on stock. */
export async function gate(context) {
  const { figures, rounds, scale } = context;
  const call = { path: '/api/catalog/entities/by-name/benchmark/probe/now' };
  const tenant = context.dataSet.tenants[1].id;
  for (let round = 0; round <= rounds; round++) {
    for (const clients of [1, 16]) {
      const inside = {};
      const turns = [];
      for (const way of ['off', 'allow-all', 'portico']) {
        const { backend, name } = sideOf(context, way);
        const token = await signIn(backend, `user:${tenant}/${name}`);
        inside[way] = [];
        turns.push({
          way,
          work: async () =>
            inside[way].push((await backend.json(token, call)).before),
        });
      }
      const measured = await takeTurns({
        ways: turns,
        clients,
        seconds: scale(1.5, round),
      });
      for (const [way, { times, seconds }] of measured) {
        for (const [name, own] of [
          ['whole request', times],
          ['before the plugin', inside[way]],
        ]) {
          const workload = `${name}, ${clients} clients`;
          figures.add(
            { part: 'gate', workload, way, round },
            { times: own, seconds },
          );
        }
      }
    }
  }
  figures.print('gate', 'Walls’ own time per request', 'off');
  const own = ['off', 'portico'].map(way =>
    figures.cell('gate', 'before the plugin, 1 clients', way),
  );
  const ms = own[1].p95 - own[0].p95;
  figures.aim(
    'walls’ own time ≤ 2 ms p95',
    `${ms.toFixed(2)} ms (p50 ${(own[1].p50 - own[0].p50).toFixed(2)} ms)`,
    ms <= 2,
  );
}
