import { stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const envelopeSchema = z.object({
  kind: z.string().min(1),
  metadata: z.object({ name: z.string().min(1) }),
});

/**
 * Ref of the first component of a catalog file, or of its first entity when it has
 * no component. The namespace is the tenant's, whatever the file says.
 *
 * @throws InputError that names the file and line when it declares nothing
 */
export function readFirstEntityRef(
  text: string,
  options: { tenant: string; path: string },
): string {
  const entities: Array<z.output<typeof envelopeSchema>> = [];
  for (const document of parseAllDocuments(text)) {
    const [error] = document.errors;
    if (error) {
      throw new InputError(
        `${options.path}:${error.linePos?.[0].line ?? 1}: ${
          error.message.split('\n')[0]
        }`,
      );
    }
    const envelope = envelopeSchema.safeParse(
      document.toJS({ maxAliasCount: 20 }),
    );
    if (envelope.success) {
      entities.push(envelope.data);
    }
  }
  const chosen =
    entities.find(entity => entity.kind.toLowerCase() === 'component') ??
    entities.at(0);
  if (!chosen) {
    throw new InputError(
      `${options.path}:1: declares no entity; it needs kind and metadata.name`,
    );
  }
  return stringifyEntityRef({
    kind: chosen.kind,
    namespace: options.tenant,
    name: chosen.metadata.name,
  });
}
