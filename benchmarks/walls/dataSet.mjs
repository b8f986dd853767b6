// The entities and people of both sides, from one seed: the same call gives the same data.
import { createHash } from 'node:crypto';

/** Relations as the catalog's own processors make them: [field, kind of a bare name, there, back]. */
const relationFields = [
  ['owner', 'group', 'ownedBy', 'ownerOf'],
  ['system', 'system', 'partOf', 'hasPart'],
  ['providesApis', 'api', 'providesApi', 'apiProvidedBy'],
  ['consumesApis', 'api', 'consumesApi', 'apiConsumedBy'],
  ['dependsOn', 'component', 'dependsOn', 'dependencyOf'],
  ['memberOf', 'group', 'memberOf', 'hasMember'],
];
const words =
  'amber basil cedar delta ember fjord grove heron inlet juniper kestrel lagoon maple nectar orchid prairie quartz river sable tundra umber violet willow yarrow zephyr'.split(
    ' ',
  );
const tags =
  'java typescript python go rust kafka postgres redis react payments search internal public batch edge legacy'.split(
    ' ',
  );
const types = ['service', 'website', 'library', 'job'];
const lifecycles = ['production', 'experimental', 'deprecated'];

/** Policies' sweep: this tenant has people in 1, 10, 100, 1000 groups. */
export const SWEEP_TENANT = 'sweep';
export const sweepSteps = [1, 10, 100, 1000];
/** People of the heavy tenant who ask all at once. */
export const STORM_PEOPLE = 16;
export const VICTIMS = 12;

/** A small generator of numbers in [0, 1) that depends on nothing but its seed. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const digest = text => createHash('sha1').update(text).digest('hex');

/** The entity's id in the catalog's tables: the same on both sides. */
export function entityId(ref) {
  const hex = digest(ref);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

export function refOf({ kind, metadata }) {
  return `${kind}:${metadata.namespace}/${metadata.name}`.toLowerCase();
}

/**
 * Tenants by size: the largest first, sizes after Zipf's law, and one tenant for the
 * sweep of policies. Every entity lies in a tenant; the platform's namespace holds one
 * person, whom no tenant sees.
 */
export function makeDataSet({ entities: total, tenants: count, seed = 1 }) {
  const next = random(seed);
  const sweepGroups = Math.min(1000, Math.floor(total / 8));
  const sweepSize = sweepGroups + Math.min(200, Math.floor(total / 20));
  const harmonic = Array.from({ length: count }, (_, i) => 1 / (i + 1));
  const sum = harmonic.reduce((a, b) => a + b, 0);
  const tenants = harmonic.map((share, index) => ({
    id: `t${String(index + 1).padStart(3, '0')}`,
    size: Math.max(12, Math.round(((total - sweepSize) * share) / sum)),
  }));
  const entities = [];
  const described = tenants.map(({ id, size }, index) => {
    const people = [
      { name: 'reader', roles: ['developer'], memberOf: ['team-001'] },
      { name: 'admin', roles: ['tenant-admin'], memberOf: [] },
    ];
    if (index === 0) {
      for (let i = 1; i <= STORM_PEOPLE; i++) {
        people.push({ name: `storm-${i}`, roles: ['developer'], memberOf: [] });
      }
      people.push({ name: 'viewer', roles: ['viewer'], memberOf: [] });
      people.push({ name: 'approver', roles: ['approver'], memberOf: [] });
      for (let i = 1; i <= VICTIMS; i++) {
        people.push({ name: `victim-${i}`, roles: ['viewer'], memberOf: [] });
      }
    }
    const groups = Math.max(2, Math.min(16, Math.round(size * 0.06)));
    return {
      id,
      people,
      groups,
      own: Math.max(4, size - groups - people.length),
    };
  });
  described.push({
    id: SWEEP_TENANT,
    groups: sweepGroups,
    people: sweepSteps
      .filter(step => step <= sweepGroups)
      .map(step => ({
        name: `reader-${step}`,
        roles: ['developer'],
        memberOf: Array.from({ length: step }, (_, i) => groupName(i)),
      })),
    own: sweepSize - sweepGroups,
    owners: 8,
  });
  for (const tenant of described) {
    entities.push(...entitiesOf(tenant, next));
  }
  addRelations(entities);
  return {
    entities,
    tenants: described.map(({ id, people, groups }) => ({
      id,
      people,
      groups: Array.from({ length: groups }, (_, i) => groupName(i)),
      size: entities.filter(entity => entity.metadata.namespace === id).length,
    })),
  };
}

function groupName(index) {
  return `team-${String(index + 1).padStart(3, '0')}`;
}

function entitiesOf({ id, people, groups, own, owners = groups }, next) {
  const pick = list => list[Math.floor(next() * list.length)];
  const team = () => groupName(Math.floor(next() ** 2 * owners));
  const systems = Math.max(1, Math.round(own * 0.05));
  const shares = { Template: 0.02, API: 0.16, Resource: 0.16 };
  const kinds = [];
  for (const [kind, share] of Object.entries(shares)) {
    kinds.push(...Array(Math.max(1, Math.round(own * share))).fill(kind));
  }
  while (kinds.length + systems < own) kinds.push('Component');
  const name = (kind, index) =>
    `${pick(words)}-${pick(words)}-${digest(`${id}/${kind}/${index}`).slice(
      0,
      7,
    )}`;
  const systemNames = Array.from({ length: systems }, (_, i) =>
    name('System', i),
  );
  const apiNames = kinds.flatMap((kind, i) =>
    kind === 'API' ? [name(kind, i)] : [],
  );
  const resourceNames = kinds.flatMap((kind, i) =>
    kind === 'Resource' ? [name(kind, i)] : [],
  );
  let [api, resource] = [0, 0];
  const own_ = [];
  for (let i = 0; i < groups; i++) {
    own_.push(
      entity(id, 'Group', groupName(i), { type: 'team', children: [] }, {}),
    );
  }
  for (const person of people) {
    own_.push(
      entity(id, 'User', person.name, { memberOf: person.memberOf }, {}),
    );
  }
  for (const system of systemNames) {
    own_.push(
      entity(id, 'System', system, { owner: team() }, described(next, pick)),
    );
  }
  kinds.forEach((kind, index) => {
    const common = { owner: team() };
    const texts = described(next, pick);
    if (kind === 'API') {
      own_.push(
        entity(
          id,
          kind,
          apiNames[api++],
          {
            type: 'openapi',
            lifecycle: pick(lifecycles),
            ...common,
            system: pick(systemNames),
            definition: `openapi: 3.1.0\ninfo: { title: ${index}, version: 1.0.0 }\npaths: {}\n`,
          },
          texts,
        ),
      );
    } else if (kind === 'Resource') {
      own_.push(
        entity(
          id,
          kind,
          resourceNames[resource++],
          {
            type: pick(['database', 'queue', 'bucket']),
            ...common,
            system: pick(systemNames),
          },
          texts,
        ),
      );
    } else if (kind === 'Template') {
      own_.push({
        ...entity(
          id,
          kind,
          name(kind, index),
          {
            type: 'service',
            ...common,
            parameters: [],
            steps: [
              { id: 'only', name: 'Only step', action: 'debug:log', input: {} },
            ],
          },
          texts,
        ),
        apiVersion: 'scaffolder.backstage.io/v1beta3',
      });
    } else {
      own_.push(
        entity(
          id,
          kind,
          name(kind, index),
          {
            type: pick(types),
            lifecycle: pick(lifecycles),
            ...common,
            system: pick(systemNames),
            providesApis: [pick(apiNames)],
            dependsOn: [`resource:${pick(resourceNames)}`],
          },
          texts,
        ),
      );
    }
  });
  return own_;
}

function described(next, pick) {
  return {
    title: `${pick(words)} ${pick(words)}`,
    description: Array.from({ length: 12 }, () => pick(words)).join(' '),
    labels: { tier: pick(['one', 'two', 'three']), area: pick(words) },
    tags: [...new Set([pick(tags), pick(tags), pick(tags)])],
  };
}

function entity(namespace, kind, name, spec, texts) {
  const { title, description, labels, tags: own } = texts;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: {
      namespace,
      name,
      ...(title && { title, description, labels, tags: own }),
      annotations: {
        'backstage.io/managed-by-location': `benchmark:${namespace}`,
        'backstage.io/managed-by-origin-location': `benchmark:${namespace}`,
        'backstage.io/source-location': `url:https://git.invalid/${namespace}/${name}/`,
        'backstage.io/techdocs-ref': 'dir:.',
      },
    },
    spec,
  };
}

function targetOf(value, kind, namespace) {
  const [, ownKind, ownName] = /^(?:([a-z]+):)?(.+)$/.exec(value);
  return `${ownKind ?? kind}:${namespace}/${ownName}`;
}

/** Both ends of each relation, sorted as the catalog sorts them. */
function addRelations(entities) {
  const byRef = new Map(entities.map(item => [refOf(item), item]));
  const pairs = new Map(entities.map(item => [refOf(item), new Set()]));
  for (const [ref, { spec, metadata }] of byRef) {
    for (const [field, kind, there, back] of relationFields) {
      for (const value of [spec[field] ?? []].flat()) {
        const target = targetOf(value, kind, metadata.namespace);
        if (!byRef.has(target))
          throw new Error(`${ref} names ${target}, which does not exist`);
        pairs.get(ref).add(`${there} ${target}`);
        pairs.get(target).add(`${back} ${ref}`);
      }
    }
  }
  for (const [ref, item] of byRef) {
    item.relations = [...pairs.get(ref)].sort().map(pair => {
      const [type, targetRef] = pair.split(' ');
      return { type, targetRef };
    });
  }
}

/** What the relations of an entity were declared by: [type, target] from its own spec. */
export function declaredRelations(item) {
  return relationFields.flatMap(([field, kind, there, back]) =>
    [item.spec[field] ?? []].flat().map(value => ({
      there,
      back,
      target: targetOf(value, kind, item.metadata.namespace),
    })),
  );
}
