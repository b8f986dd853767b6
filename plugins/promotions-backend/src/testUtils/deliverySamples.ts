import { type Entity } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import {
  type DeliveryProgress,
  deliverySchema,
  type FrozenGate,
  type Observation,
} from '@portico/plugin-promotions-common';
import { type DeploymentDiffer } from '../diff/DeploymentDiffer';
import {
  type PipelineResolver,
  type Proposer,
  type ResolvedStage,
} from '../engine/EngineParts';
import { createPromotionService } from '../service/createPromotionService';
import { type DeliveryParts } from './deliveryPlugin';

const PIPELINE = 'pipeline:default/default';

/** A window that never closes anything now. */
const christmas = {
  name: 'Christmas',
  effect: 'deny',
  start: '2026-12-20T00:00:00',
  timeZone: 'Europe/Berlin',
  duration: 'P14D',
  reason: 'Everybody shops',
} as const;

const approval: FrozenGate = {
  name: 'people',
  kind: 'approval',
  options: {
    rules: [{ name: 'leads', from: ['role:approver'], required: 1 }],
    authors: 'excludedIfKnown',
  },
  requiredBy: PIPELINE,
};
const freeze: FrozenGate = {
  name: 'windows',
  kind: 'freeze',
  options: { windows: [christmas] },
  requiredBy: PIPELINE,
};

function stage(
  name: string,
  order: number,
  gates: FrozenGate[] = [],
): ResolvedStage {
  const isProduction = name === 'prod';
  return {
    name,
    pipelineRefs: [PIPELINE],
    environmentRef: `environment:default/${name}`,
    environment: {
      owner: 'group:default/platform',
      order,
      tier: isProduction ? 'production' : 'development',
      protected: isProduction,
      delivery: deliverySchema.parse({ driver: 'git' }),
    },
    gates,
    automatic: false,
    strategy: 'rolling',
    editors: [],
    expiresAfter: 'P7D',
    rollbackGates: gates,
  };
}

const stages = [stage('dev', 10), stage('prod', 30, [approval, freeze])];

/** The pipeline of every component but one, whose tenant wrote it wrongly. */
export const resolver: PipelineResolver = {
  resolve: async ({ component }) => {
    if (component.endsWith('/broken')) {
      throw new NotFoundError('There is no pipeline:aurora/none');
    }
    return { pipelineRefs: [PIPELINE], stages };
  },
};

const never = async (): Promise<never> => {
  throw new Error('Nothing asks for this');
};
const differ: DeploymentDiffer = { ofProposal: never, between: never };
const proposer: Proposer = { propose: never };

/** The parts of the API that a test does not look at, and the service as it is. */
export function deliveryParts(more: {
  now: () => Date;
  observe?: () => Promise<Observation | undefined>;
  heartbeatMilliseconds?: number;
  progress?: () => Promise<DeliveryProgress | undefined>;
}): DeliveryParts {
  const { now, observe = async () => undefined } = more;
  return ({ database, logger }) => ({
    acts: createPromotionService({
      database,
      logger,
      now,
      resolver,
    }),
    differ,
    drivers: { progress: more.progress ?? (async () => undefined) },
    observer: { observe },
    proposer,
    resolver,
    now,
    heartbeatMilliseconds: more.heartbeatMilliseconds,
  });
}

/** An entity of a tenant. */
export function entity(
  kind: string,
  namespace: string,
  name: string,
  spec: Entity['spec'] = {},
  owner?: string,
): Entity {
  return {
    apiVersion: 'test',
    kind,
    metadata: { namespace, name },
    spec,
    relations: owner ? [{ type: 'ownedBy', targetRef: owner }] : [],
  };
}

/** What the catalog holds: components of three tenants, environments and a pipeline. */
export const entities: Entity[] = [
  entity('Component', 'aurora', 'checkout', {}, 'group:aurora/shop'),
  entity('Component', 'aurora', 'basket', {}, 'group:aurora/others'),
  entity('Component', 'aurora', 'broken', {}, 'group:aurora/others'),
  entity('Component', 'aurora-two', 'checkout'),
  entity('Component', 'borealis', 'ledger'),
  entity('Component', 'default', 'portal'),
  entity('Group', 'aurora', 'shop'),
  entity('Group', 'borealis', 'bank'),
  ...stages.map(({ name, environment }) =>
    entity(
      'Environment',
      'default',
      name,
      JSON.parse(JSON.stringify(environment)),
    ),
  ),
  entity('Pipeline', 'default', 'default', {
    owner: 'group:default/platform',
    stages: [
      { environment: 'dev' },
      {
        environment: 'prod',
        gates: [{ name: 'windows', kind: 'freeze', windows: [christmas] }],
      },
    ],
  }),
];
