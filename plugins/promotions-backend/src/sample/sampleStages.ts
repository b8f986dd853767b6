import {
  approvalGateOptionsSchema,
  deliverySchema,
  type FrozenGate,
  type FrozenStage,
  type Release,
  type Subject,
} from '@portico/plugin-promotions-common';
import { payloadDigest } from '@portico/plugin-audit-node';

const PIPELINE = 'pipeline:default/default';

/** Environments of sample history, in their order. */
export type SampleEnvironment = 'dev' | 'staging' | 'prod';

const approval: FrozenGate = {
  name: 'approval',
  kind: 'approval',
  options: approvalGateOptionsSchema.parse({
    rules: [{ name: 'approver', from: ['role:approver'], required: 1 }],
  }),
  requiredBy: PIPELINE,
};
const soak: FrozenGate = {
  name: 'soak',
  kind: 'soak',
  options: { environment: 'staging', duration: 'PT1M', health: 'required' },
  requiredBy: PIPELINE,
};
const freeze: FrozenGate = {
  name: 'freeze',
  kind: 'freeze',
  options: { windows: [] },
  requiredBy: PIPELINE,
};

/** What samples keep of their stage: as the platform's own pipeline has it. */
export const sampleStages: Record<SampleEnvironment, FrozenStage> = {
  dev: stage('dev', { order: 100, tier: 'development' }),
  staging: stage('staging', { order: 200, tier: 'test' }),
  prod: stage('prod', { order: 300, tier: 'production' }),
};

function stage(
  name: SampleEnvironment,
  { order, tier }: Pick<FrozenStage['environment'], 'order' | 'tier'>,
): FrozenStage {
  const isProduction = tier === 'production';
  return {
    pipelineRefs: [PIPELINE],
    environmentRef: `environment:default/${name}`,
    environment: {
      owner: 'group:default/platform',
      order,
      tier,
      protected: isProduction,
      delivery: deliverySchema.parse({ driver: 'local' }),
    },
    gates: isProduction ? [approval, soak, freeze] : [freeze],
    automatic: !isProduction,
    strategy: 'rolling',
    editors: [],
  };
}

/** The stage as a promotion of this kind keeps it: a rollback does not wait for a soak. */
export function frozenFor(
  environment: SampleEnvironment,
  kind: Subject['kind'],
): FrozenStage {
  const { gates, ...rest } = sampleStages[environment];
  return {
    ...rest,
    gates: gates.filter(gate => kind !== 'rollback' || gate.kind !== 'soak'),
  };
}

/** What was voted on: the release in an overlay of the deployment repository. */
export function sampleSubject(promotion: {
  component: string;
  environment: SampleEnvironment;
  kind: Subject['kind'];
  release: Pick<Release, 'id'>;
}): { content: Subject; digest: string } {
  const { component, environment, kind, release } = promotion;
  const name = component.slice(component.indexOf('/') + 1);
  const content: Subject = {
    release: release.id,
    component,
    environment,
    kind,
    files: [
      {
        path: `${name}/overlays/${environment}/kustomization.yaml`,
        digest: payloadDigest({ component, environment, release: release.id }),
      },
    ],
    stage: payloadDigest(frozenFor(environment, kind)),
  };
  return { content, digest: payloadDigest(content) };
}
