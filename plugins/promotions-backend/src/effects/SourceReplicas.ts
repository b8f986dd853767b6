import { isError } from '@backstage/errors';
import { PORTICO_FILE } from '@portico/plugin-local-runtime-common';
import { type Release } from '@portico/plugin-promotions-common';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { type DeclaredReplicas } from './DeploymentProposer';
import { type SourceFiles } from './SourceFiles';

const replicasSchema = z.looseObject({
  spec: z.looseObject({
    replicas: z.record(z.string(), z.number().int().min(0).max(100)),
  }),
});

/** Reads what `portico.yaml` asks for at the commit of a release. */
export class SourceReplicas implements DeclaredReplicas {
  readonly #source: Pick<SourceFiles, 'read'>;

  constructor(options: { source: Pick<SourceFiles, 'read'> }) {
    this.#source = options.source;
  }

  async read({
    tenant,
    release,
    environment,
  }: {
    tenant: string;
    release: Release;
    environment: string;
  }): Promise<number | undefined> {
    const content = await this.#source.read({
      tenant,
      release,
      path: PORTICO_FILE,
    });
    if (content === undefined) {
      return undefined;
    }
    try {
      const parsed = replicasSchema.safeParse(
        parseDocument(content).toJS({ maxAliasCount: 20 }),
      );
      return parsed.success
        ? parsed.data.spec.replicas[environment]
        : undefined;
    } catch (error) {
      // A source that cannot be read as YAML asks for nothing.
      if (isError(error) && error.name === 'ReferenceError') {
        return undefined;
      }
      throw error;
    }
  }
}
