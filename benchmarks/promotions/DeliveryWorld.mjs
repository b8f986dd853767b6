// A tenant with components and their deployments, and people who release, ask and approve.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { signIn } from '../walls/backends.mjs';
import { DeliveryEvents } from './DeliveryEvents.mjs';

const TENANT = 'aurora';
const LONGEST_WAIT_MILLISECONDS = 20 * 60_000;
const LOOK_AGAIN_MILLISECONDS = 250;

const documents = (...entities) =>
  entities.map(entity => JSON.stringify(entity, null, 2)).join('\n---\n');

const environment = (name, order, tier) => ({
  apiVersion: 'portico/v1',
  kind: 'Environment',
  metadata: { name },
  spec: {
    owner: 'group:default/platform',
    order,
    tier,
    protected: tier === 'production',
    delivery: { driver: 'git', timeout: 'PT10M' },
  },
});

/** Staging by itself, and production through the gates that need nothing from outside. */
const pipeline = {
  apiVersion: 'portico/v1',
  kind: 'Pipeline',
  metadata: { name: 'default' },
  spec: {
    owner: 'group:default/platform',
    stages: [
      {
        environment: 'staging',
        automatic: true,
        gates: [{ name: 'freeze', kind: 'freeze' }],
      },
      {
        environment: 'prod',
        gates: [
          {
            name: 'approval',
            kind: 'approval',
            rules: [{ name: 'approver', from: ['role:approver'], required: 1 }],
            expiresAfter: 'P3D',
          },
          {
            name: 'soak',
            kind: 'soak',
            environment: 'staging',
            duration: 'PT1S',
            health: 'notNeeded',
          },
          {
            name: 'freeze',
            kind: 'freeze',
            windows: [
              {
                name: 'end of the year 2000',
                effect: 'deny',
                start: '2000-12-23T18:00:00',
                timeZone: 'Europe/Berlin',
                duration: 'P11D',
                reason: 'Few people are there to help.',
              },
            ],
          },
        ],
        expiresAfter: 'P7D',
      },
    ],
  },
};

/** What the benchmark of promotions works on. */
export class DeliveryWorld {
  constructor({ folder, port, count }) {
    this.folder = folder;
    this.address = `http://localhost:${port}`;
    this.components = Array.from(
      { length: count },
      (_, index) => `service-${index}`,
    );
    this.backends = [];
    this.turn = 0;
  }

  get config() {
    return {
      gitHost: {
        platformRepositories: [
          {
            name: 'delivery',
            title: 'Delivery',
            directory: join(this.folder, 'delivery'),
          },
        ],
      },
    };
  }

  /** The platform's pipeline, and on the disk of the Git host what a tenant has pushed. */
  makeRepositories() {
    const delivery = join(this.folder, 'delivery');
    mkdirSync(delivery, { recursive: true });
    writeFileSync(
      join(delivery, 'catalog-info.yaml'),
      documents(
        environment('staging', 200, 'test'),
        environment('prod', 300, 'production'),
        pipeline,
      ),
    );
    this.source = this.#repository('services', {
      'catalog-info.yaml': documents(
        ...this.components.map(name => ({
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: { name },
          spec: {
            type: 'service',
            lifecycle: 'production',
            owner: `group:${TENANT}/shop`,
          },
        })),
      ),
    });
    this.#repository(
      'deployments',
      Object.fromEntries(
        this.components.flatMap(name => [
          [`${name}/base/kustomization.yaml`, 'resources: [deployment.yaml]\n'],
          [`${name}/base/deployment.yaml`, deploymentOf(name)],
          ...['staging', 'prod'].map(place => [
            `${name}/overlays/${place}/kustomization.yaml`,
            `resources: [../../base]\nimages: []\nreplicas:\n  - name: ${name}\n    count: 2\n`,
          ]),
        ]),
      ),
    );
  }

  /** @returns the commit */
  #repository(name, files) {
    const work = join(this.folder, 'work', name);
    const bare = join(this.folder, 'portico/git', TENANT, `${name}.git`);
    mkdirSync(bare, { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(work, path, '..'), { recursive: true });
      writeFileSync(join(work, path), content);
    }
    const git = (...args) =>
      execFileSync('git', args, { cwd: work, encoding: 'utf8' }).trim();
    git('init', '--quiet', '--bare', '--initial-branch=main', bare);
    git('init', '--quiet', '--initial-branch=main');
    git('add', '--all');
    git(
      ...['-c', 'user.name=Kim', '-c', `user.email=kim@${TENANT}.invalid`],
      ...['commit', '--quiet', '--message', 'Begin'],
    );
    git('push', '--quiet', bare, 'main');
    return git('rev-parse', 'HEAD');
  }

  /** Makes the tenant and its people, and waits for its components in the catalog. */
  async open(backends) {
    this.backends = backends;
    const pat = (method, path, body) =>
      this.#ask('user:default/pat', method, `/tenancy/tenants${path}`, body);
    await pat('POST', '', { id: TENANT, title: 'Aurora' });
    await pat('PUT', `/${TENANT}/groups/shop`, { displayName: 'Shop' });
    for (const [name, roles] of [
      ['kim', ['developer']],
      ['robin', ['approver']],
      ['terry', ['tenant-admin']],
    ]) {
      await pat('PUT', `/${TENANT}/members/${name}`, {
        displayName: name,
        roles,
        groups: ['shop'],
        identity: {
          issuer: 'urn:portico:persona',
          subject: `user:${TENANT}/${name}`,
        },
      });
    }
    await this.#ask(
      `user:${TENANT}/terry`,
      'PUT',
      `/tenancy/tenants/${TENANT}/sources/services`,
      { location: { kind: 'repository', repository: 'services' } },
    );
    await this.#until('The components are in the catalog', async () => {
      const { totalItems } = await this.#ask(
        `user:${TENANT}/kim`,
        'GET',
        '/catalog/entities/by-query?limit=0&filter=kind=component',
      );
      const pipelines = await this.#ask(
        `user:${TENANT}/kim`,
        'GET',
        '/catalog/entities/by-query?limit=0&filter=kind=pipeline',
      );
      return totalItems >= this.components.length && pipelines.totalItems === 1;
    });
    this.events = await DeliveryEvents.follow(
      backends[0].port,
      await signIn(backends[0], `user:${TENANT}/robin`),
    );
  }

  close() {
    this.events?.close();
  }

  /** @returns seconds from the first announcement until all run in staging */
  async announce(version, components = this.components) {
    const began = performance.now();
    const seen = new Set(this.events.ended());
    this.releases = new Map();
    await atOnce(16, components, async name => {
      const { id } = await this.#ask(
        `user:${TENANT}/kim`,
        'POST',
        '/promotions/releases',
        {
          content: {
            component: this.#ref(name),
            version,
            images: [{ name, digest: digestOf(`${name} ${version}`) }],
            source: {
              repository: `${this.address}/api/git-host/${TENANT}/services.git`,
              commit: this.source,
            },
          },
        },
      );
      this.releases.set(name, id);
    });
    await Promise.all(
      components.map(name =>
        this.events.until(
          `${name} ${version} runs in staging`,
          event =>
            event.component === this.#ref(name) &&
            event.environment === 'staging' &&
            !seen.has(event.id) &&
            succeeded(event),
        ),
      ),
    );
    const seconds = (performance.now() - began) / 1_000;
    // as long as the soak gate asks for
    await delay(1_500);
    return seconds;
  }

  /** Asks for each, approves each as soon as it is shown, and waits for its end. */
  async promote(components, options) {
    const votes = new Map();
    const began = performance.now();
    await atOnce(options.atOnce, components, async name => {
      const { id } = await this.#ask(
        `user:${TENANT}/kim`,
        'POST',
        '/promotions/promotions',
        {
          component: this.#ref(name),
          environment: 'prod',
          release: this.releases.get(name),
        },
      );
      const shown = await this.events.until(
        `${name} waits for a vote`,
        async event => {
          if (event.id !== id || event.phase !== 'waiting') {
            return undefined;
          }
          const { promotion } = await this.#ask(
            `user:${TENANT}/robin`,
            'GET',
            `/promotions/promotions/${id}`,
          );
          return promotion.subject && promotion;
        },
      );
      votes.set(id, new Date());
      await this.#ask(
        `user:${TENANT}/robin`,
        'POST',
        `/promotions/promotions/${id}/votes`,
        { decision: 'approve', subject: shown.subject },
      );
      await this.events.until(
        `${name} runs in production`,
        event => event.id === id && succeeded(event),
      );
    });
    return { seconds: (performance.now() - began) / 1_000, votes };
  }

  #ref(name) {
    return `component:${TENANT}/${name}`;
  }

  /** One replica after the other is asked. */
  async #ask(userRef, method, path, body) {
    const backend = this.backends[this.turn % this.backends.length];
    this.turn += 1;
    const token = await signIn(backend, userRef);
    const answer = await backend.ask(token, {
      method,
      path: `/api${path}`,
      body,
      // A connection that was idle may be closed just when it is used again.
      headers: { connection: 'close' },
    });
    if (answer.status >= 300) {
      throw new Error(
        `${method} ${path} answered ${answer.status}: ${answer
          .text()
          .slice(0, 500)}`,
      );
    }
    return JSON.parse(answer.text() || '{}');
  }

  async #until(what, look) {
    const end = performance.now() + LONGEST_WAIT_MILLISECONDS;
    for (;;) {
      const found = await look();
      if (found) {
        return found;
      }
      if (performance.now() > end) {
        throw new Error(`Not within 20 minutes: ${what}`);
      }
      await delay(LOOK_AGAIN_MILLISECONDS);
    }
  }
}

function deploymentOf(name) {
  return documents({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name, image: name }] },
      },
    },
  });
}

const ENDS = [
  'rejected',
  'failed',
  'errored',
  'expired',
  'superseded',
  'cancelled',
  'rolledBack',
];

/** @throws Error when it ended otherwise */
function succeeded({ component, environment, phase }) {
  if (phase !== 'succeeded' && ENDS.includes(phase)) {
    throw new Error(`${component} in ${environment} is ${phase}`);
  }
  return phase === 'succeeded';
}

function digestOf(text) {
  return `sha256:${Buffer.from(text).toString('hex').padEnd(64, '0')}`;
}

/** Runs `fn` for all, so many at the same time. */
async function atOnce(number, items, fn) {
  let next = 0;
  await Promise.all(
    Array.from({ length: number }, async () => {
      for (let item = items[next++]; item; item = items[next++]) {
        await fn(item);
      }
    }),
  );
}
