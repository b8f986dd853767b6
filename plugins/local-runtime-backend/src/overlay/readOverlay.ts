import { InputError } from '@backstage/errors';
import { parseDocument } from 'yaml';
import { z } from 'zod';

const entries = <T extends z.ZodRawShape>(shape: T) =>
  z.array(z.looseObject({ name: z.string(), ...shape })).nullish();

/** What of a `kustomization.yaml` a declared revision stands in. */
export const declarationSchema = z.looseObject({
  resources: z.array(z.string()).min(1),
  images: entries({ digest: z.string().optional() }),
  replicas: entries({ count: z.number().int().optional() }),
});

/** An overlay as it is declared in Git. */
export interface Overlay {
  /** The whole content. */
  content: z.infer<typeof declarationSchema>;
  /** The base that the overlay builds on. */
  base: {
    /** Its place in `resources`. */
    index: number;
    /** `<clone address>//<folder>`, without the ref. */
    url: string;
    /** The clone address. */
    cloneUrl: string;
    commit: string;
  };
  /** The digest of the component's image; undefined while nothing is declared. */
  digest?: string;
  /** Processes that are to run; undefined where the overlay does not say. */
  replicas?: number;
}

const BASE = /^((?:https?:\/\/)[^?#]+?)\/\/([^?#]+)\?ref=([0-9a-f]{40})$/;

/**
 * Reads what an overlay declares for a component.
 *
 * @throws InputError when it is no kustomization with one base by commit
 */
export function readOverlay(text: string, component: string): Overlay {
  const document = parseDocument(text);
  const parsed = declarationSchema.safeParse(
    document.errors.length > 0 ? undefined : document.toJS(),
  );
  if (!parsed.success) {
    throw new InputError(
      'The kustomization.yaml is not one that Portico made: it needs resources, and images and replicas as lists of entries with a name',
    );
  }
  const content = parsed.data;
  const bases = content.resources.flatMap((resource, index) => {
    const [, cloneUrl, folder, commit] = BASE.exec(resource) ?? [];
    return cloneUrl && folder && commit
      ? [{ index, url: `${cloneUrl}//${folder}`, cloneUrl, commit }]
      : [];
  });
  const [base] = bases;
  if (!base || bases.length !== 1) {
    throw new InputError(
      'The kustomization.yaml has to have one resource with the base at a commit: <clone address>//<folder>?ref=<commit>',
    );
  }
  const image = content.images?.find(({ name }) => name === component);
  const replicas = content.replicas?.find(({ name }) => name === component);
  return {
    content,
    base,
    ...(image?.digest !== undefined && { digest: image.digest }),
    ...(replicas?.count !== undefined && { replicas: replicas.count }),
  };
}
