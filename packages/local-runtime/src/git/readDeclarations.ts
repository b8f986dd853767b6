import {
  artefactDigestSchema,
  componentNameSchema,
  environmentNameSchema,
} from '@portico/plugin-local-runtime-common';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { type BareRepository } from './BareRepository';

/** What the deployment repository says about a component in an environment. */
export interface Declaration {
  component: string;
  environment: string;
  /** Digest of the artefact; absent while no image is named. */
  digest?: string;
  replicas: number;
  /** Why the file cannot be used. */
  problem?: string;
}

const OVERLAY = /^([^/]+)\/overlays\/([^/]+)\/kustomization\.yaml$/;

const kustomizationSchema = z.object({
  images: z
    .array(z.object({ name: z.string(), digest: z.string().optional() }))
    .nullish(),
  replicas: z
    .array(z.object({ name: z.string(), count: z.number().int().min(0) }))
    .nullish(),
});

/** Reads every `<component>/overlays/<environment>/kustomization.yaml` of a commit. */
export async function readDeclarations(
  repository: BareRepository,
  commit: string,
): Promise<Declaration[]> {
  const overlays = (await repository.listFiles(commit)).filter(path =>
    OVERLAY.test(path),
  );
  const files = await repository.readFiles(commit, overlays);
  return overlays.flatMap(path => {
    const [, component, environment] = OVERLAY.exec(path) ?? [];
    return componentNameSchema.safeParse(component).success &&
      environmentNameSchema.safeParse(environment).success
      ? [parseDeclaration(component, environment, path, files.get(path) ?? '')]
      : [];
  });
}

/** Reads one overlay; a flaw becomes a `problem` and holds nothing else back. */
export function parseDeclaration(
  component: string,
  environment: string,
  path: string,
  text: string,
): Declaration {
  const broken = (why: string): Declaration => ({
    component,
    environment,
    replicas: 0,
    problem: `deployments/${path} cannot be used: ${why}. Correct it there.`,
  });
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    return broken(document.errors[0].message.split('\n')[0]);
  }
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 20 });
  } catch {
    return broken('it repeats its anchors too often');
  }
  const parsed = kustomizationSchema.safeParse(content ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return broken(`${issue.path.join('.')}: ${issue.message}`);
  }
  const image = parsed.data.images?.find(({ name }) => name === component);
  const replicas =
    parsed.data.replicas?.find(({ name }) => name === component)?.count ?? 1;
  if (image?.digest === undefined) {
    return { component, environment, replicas };
  }
  return artefactDigestSchema.safeParse(image.digest).success
    ? { component, environment, digest: image.digest, replicas }
    : broken(
        `images.${component}.digest is not "sha256:" and 64 hexadecimal digits`,
      );
}
