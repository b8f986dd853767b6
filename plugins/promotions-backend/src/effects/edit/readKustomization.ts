import { InputError } from '@backstage/errors';
import { parseDocument } from 'yaml';
import { z } from 'zod';

const entries = <T extends z.ZodRawShape>(shape: T) =>
  z.array(z.looseObject({ name: z.string(), ...shape })).nullish();

const kustomizationSchema = z.looseObject({
  resources: z.array(z.string()).nullish(),
  images: entries({
    newName: z.string().optional(),
    newTag: z.string().optional(),
    digest: z.string().optional(),
  }),
  replicas: entries({ count: z.number().int().optional() }),
});

/** A base in another repository, `<clone address>//<folder>?ref=<ref>`. */
export interface RemoteBase {
  /** Its place in `resources`. */
  index: number;
  /** `<clone address>//<folder>`, without the ref. */
  url: string;
  /** The clone address. */
  repository: string;
  ref: string;
}

/** What of a `kustomization.yaml` says what runs. */
export interface Kustomization {
  /** The whole content. */
  content: z.infer<typeof kustomizationSchema>;
  bases: RemoteBase[];
  images: Array<{
    /** As manifests name it. */
    name: string;
    newName?: string;
    newTag?: string;
    digest?: string;
  }>;
  /** By name of the workload. */
  replicas: Array<{ name: string; count?: number }>;
}

const REMOTE_BASE =
  /^(https?:\/\/[^?#]+?)\/\/([^?#]+)\?(?:[^#]*&)?ref=([^&#]+)$/;

/**
 * Reads a `kustomization.yaml`.
 *
 * @throws InputError when it is none, or has images or replicas in another form
 */
export function readKustomization(text: string): Kustomization {
  const document = parseDocument(text);
  const parsed = kustomizationSchema.safeParse(
    document.errors.length > 0 ? undefined : document.toJS(),
  );
  if (!parsed.success) {
    throw new InputError(
      'The kustomization.yaml cannot be read: it has to be a block of keys, with images and replicas as lists of entries with a name',
    );
  }
  const content = parsed.data;
  return {
    content,
    bases: (content.resources ?? []).flatMap((resource, index) => {
      const [, repository, folder, ref] = REMOTE_BASE.exec(resource) ?? [];
      return repository && folder && ref
        ? [{ index, url: `${repository}//${folder}`, repository, ref }]
        : [];
    }),
    images: content.images ?? [],
    replicas: content.replicas ?? [],
  };
}
