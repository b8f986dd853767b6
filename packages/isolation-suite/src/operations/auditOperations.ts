import { type Operation, operationsOf, query } from './Operation';

const audit = operationsOf('audit');
const chain = (of: Parameters<Operation['build']>[0]) => of.tenant;

const chained: Operation[] = [
  ...audit('GET /entries', {
    own: () => '/entries?limit=100',
    'a foreign chain': of => `/entries${query({ chain: chain(of) })}`,
    'own and foreign': (of, own) =>
      `/entries${query({ chain: [chain(own), chain(of)] })}`,
    'a foreign actor': of =>
      `/entries${query({ actor: `user:${of.tenant}/${of.member}` })}`,
    'a foreign word': of => `/entries${query({ search: of.title })}`,
    'after a foreign cursor': of =>
      `/entries${query({ cursor: of.catalogCursor })}`,
  }),
  ...audit('GET /entries/:chain/:sequence', {
    foreign: of => `/entries/${chain(of)}/1`,
  }),
  ...audit('GET /acts', { all: () => '/acts' }),
  ...audit('GET /chains', { all: () => '/chains' }),
  ...audit('GET /export', {
    own: () => '/export?format=jsonl',
    foreign: of => `/export${query({ format: 'jsonl', chain: chain(of) })}`,
    'foreign as a table': of =>
      `/export${query({ format: 'csv', chain: chain(of) })}`,
  }),
  ...audit('GET /tail', {
    own: () => ({ path: '/tail', headers: { accept: 'text/event-stream' } }),
    foreign: of => ({
      path: `/tail${query({ chain: chain(of) })}`,
      headers: {
        accept: 'text/event-stream',
        'last-event-id': `${chain(of)}:0`,
      },
    }),
  }),
  ...audit('GET /checkpoints', {
    foreign: of => `/checkpoints${query({ chain: chain(of) })}`,
  }),
  ...audit('GET /checkpoints/:chain/latest', {
    foreign: of => `/checkpoints/${chain(of)}/latest`,
  }),
  ...audit('GET /chains/:chain/proofs/consistency', {
    foreign: of => `/chains/${chain(of)}/proofs/consistency?from=1&to=2`,
  }),
  ...audit('GET /chains/:chain/proofs/inclusion', {
    foreign: of => `/chains/${chain(of)}/proofs/inclusion?sequence=1&size=2`,
  }),
  ...audit('POST /erasures', {
    foreign: of => ({
      path: '/erasures',
      body: {
        chain: chain(of),
        person: `user:${of.tenant}/no-${of.person}`,
        wrong: true,
      },
    }),
  }),
];

/** An auditor reads all chains: it is their task. A chain holds what was asked for. */
export const auditOperations: Operation[] = chained.map(operation => ({
  ...operation,
  platform: 'chains',
  remembers: true,
  // Hashes, salts and the order of what happened at once are the chain's own.
  picksByChance: true,
}));
