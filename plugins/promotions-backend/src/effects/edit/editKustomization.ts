import { isDeepStrictEqual } from 'node:util';
import { InputError } from '@backstage/errors';
import { parseDocument } from 'yaml';
import { type Kustomization, readKustomization } from './readKustomization';
import { isSameRepository } from './isSameRepository';
import { YamlText } from './YamlText';

/** What an overlay is to say. */
export interface KustomizationChange {
  images: ReadonlyArray<{ name: string; digest: string; tag?: string }>;
  /** The commit that bases in this repository are taken from. */
  source?: { repository: string; commit: string };
  /** Left as they are without it. */
  replicas?: { name: string; count: number };
}

/** One value, and how the content says it afterwards. */
interface Edit {
  apply(text: YamlText): string;
  expect(content: Kustomization['content']): Kustomization['content'];
}

const NAME = 'The kustomization.yaml';
const COMMIT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Writes a release into a `kustomization.yaml`: images by digest, the commit of the base, the
 * replicas. Every other byte stays as it is, comments and order included.
 *
 * @throws InputError when the file is not of a form that can be edited safely
 */
export function editKustomization(
  text: string,
  change: KustomizationChange,
): string {
  const before = readKustomization(text);
  const edits = [
    ...baseEdits(before, change),
    ...change.images.flatMap(image => imageEdits(before, image)),
    ...(change.replicas
      ? [
          entryEdit(
            'replicas',
            change.replicas.name,
            'count',
            change.replicas.count,
          ),
        ]
      : []),
  ];
  const edited = edits.reduce(
    (rest, edit) => edit.apply(new YamlText(rest, NAME)),
    text,
  );
  // Whatever a file looks like: either this and nothing else has changed, or nothing is.
  const expected = edits.reduce(
    (content, edit) => edit.expect(content),
    before.content,
  );
  const after = parseDocument(edited);
  if (
    after.errors.length > 0 ||
    !isDeepStrictEqual(plain(after.toJS()), plain(expected))
  ) {
    throw new InputError(
      `${NAME} has a form that Portico does not edit, such as aliases or keys on one line; write resources, images and replicas as plain lists`,
    );
  }
  return edited;
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function baseEdits(
  { bases }: Kustomization,
  { source }: KustomizationChange,
): Edit[] {
  if (!source) {
    return [];
  }
  const own = bases.filter(({ repository }) =>
    isSameRepository(repository, source.repository),
  );
  const pinned = bases.filter(({ ref }) => COMMIT_ID.test(ref));
  if (own.length === 0 && pinned.length > 0) {
    throw new InputError(
      `${NAME} builds on ${pinned[0].repository}, and the release comes from ${source.repository}: a component is promoted from its own repository only`,
    );
  }
  const loose = own.find(({ ref }) => !COMMIT_ID.test(ref));
  if (loose) {
    throw new InputError(
      `${NAME} builds on ${loose.url} at '${loose.ref}', which moves; name a commit: ?ref=<commit>`,
    );
  }
  return own.map(({ index, url }) => {
    const value = `${url}?ref=${source.commit}`;
    return {
      apply: text => text.withItem('resources', index, value),
      expect: content => ({
        ...content,
        resources: (content.resources ?? []).map((resource, at) =>
          at === index ? value : resource,
        ),
      }),
    };
  });
}

function imageEdits(
  { images }: Kustomization,
  image: KustomizationChange['images'][number],
): Edit[] {
  // An entry is named as the manifests name the image; where it comes from is `newName`.
  const entry =
    images.find(({ name }) => name === image.name) ??
    images.find(({ newName }) => newName === image.name);
  const name = entry?.name ?? image.name;
  return [
    entryEdit('images', name, 'digest', image.digest),
    // The digest counts, and a tag of another release beside it would mislead people.
    ...(entry?.newTag !== undefined && image.tag !== undefined
      ? [entryEdit('images', name, 'newTag', image.tag)]
      : []),
  ];
}

function entryEdit(
  key: 'images' | 'replicas',
  name: string,
  field: string,
  value: string | number,
): Edit {
  return {
    apply: text => text.withEntry(key, name, field, value),
    expect: content => ({
      ...content,
      [key]: withEntry(content[key] ?? [], name, { [field]: value }),
    }),
  };
}

/** Only the first entry of a name is meant. */
function withEntry(
  entries: ReadonlyArray<{ name: string }>,
  name: string,
  values: Record<string, string | number>,
): object[] {
  const index = entries.findIndex(entry => entry.name === name);
  return index === -1
    ? [...entries, { name, ...values }]
    : entries.map((entry, at) =>
        at === index ? { ...entry, ...values } : entry,
      );
}
