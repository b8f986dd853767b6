import { isError } from '@backstage/errors';
import { type GitHostService } from '@portico/plugin-git-host-node';
import { PORTICO_FILE } from '@portico/plugin-local-runtime-common';
import { type Release } from '@portico/plugin-promotions-common';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { type DeclaredReplicas } from './DeploymentProposer';

const replicasSchema = z.looseObject({
  spec: z.looseObject({
    replicas: z.record(z.string(), z.number().int().min(0).max(100)),
  }),
});

/** Reads what `portico.yaml` asks for at the commit of a release, on the embedded Git host. */
export class SourceReplicas implements DeclaredReplicas {
  readonly #gitHost: GitHostService;

  constructor(options: { gitHost: GitHostService }) {
    this.#gitHost = options.gitHost;
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
    const { source } = release.content;
    const prefix = `${this.#gitHost.baseUrl}/${tenant}/`;
    if (!source?.repository.startsWith(prefix)) {
      return undefined;
    }
    try {
      const content = await this.#gitHost.readFile({
        tenant,
        repository: source.repository
          .slice(prefix.length)
          .replace(/\.git$/, ''),
        ref: source.commit,
        path: PORTICO_FILE,
      });
      const parsed = replicasSchema.safeParse(
        parseDocument(content.toString('utf8')).toJS({ maxAliasCount: 20 }),
      );
      return parsed.success
        ? parsed.data.spec.replicas[environment]
        : undefined;
    } catch (error) {
      // A source without the file asks for nothing; so does one that cannot be read as YAML.
      if (
        isError(error) &&
        ['NotFoundError', 'InputError', 'ReferenceError'].includes(error.name)
      ) {
        return undefined;
      }
      throw error;
    }
  }
}
