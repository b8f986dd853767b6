import { isDeepStrictEqual } from 'node:util';
import { InputError } from '@backstage/errors';
import { isMap, parseDocument } from 'yaml';
import { OverlayText, type Splice } from './OverlayText';
import { declarationSchema, type Overlay, readOverlay } from './readOverlay';

/** What an environment is to run. */
export interface OverlayChange {
  /** Name of the image and of its replicas: the component. */
  component: string;
  /** `sha256:…` of the artefact. */
  digest: string;
  /** The commit that the base is taken from. */
  commit: string;
  /** Processes that are to run. */
  replicas: number;
}

/**
 * Declares a revision in a `kustomization.yaml`: the image by digest, the commit of the
 * base, the replicas. Every other byte stays as it is, comments and order included.
 *
 * @throws InputError when the file is not of a form that can be edited safely
 */
export function editOverlay(text: string, change: OverlayChange): string {
  const before = readOverlay(text, change.component);
  const edited = splice(text, splicesOf(text, before, change));
  // Whatever a file looks like: either this and nothing else has changed, or nothing is.
  const expected = expectedAfter(before, change);
  const after = parseDocument(edited);
  if (
    after.errors.length > 0 ||
    !isDeepStrictEqual(plain(after.toJS()), plain(expected))
  ) {
    throw new InputError(
      'The kustomization.yaml has a form that Portico does not edit, such as aliases or keys on one line; write resources, images and replicas as plain lists',
    );
  }
  return edited;
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function expectedAfter(before: Overlay, change: OverlayChange): unknown {
  const content = declarationSchema.parse(structuredClone(before.content));
  const resources = [...content.resources];
  resources[before.base.index] = withCommit(before, change.commit);
  return {
    ...content,
    resources,
    images: withEntry(content.images ?? [], change.component, {
      digest: change.digest,
    }),
    replicas: withEntry(content.replicas ?? [], change.component, {
      count: change.replicas,
    }),
  };
}

function withCommit({ base }: Overlay, commit: string): string {
  return `${base.url}?ref=${commit}`;
}

function withEntry(
  entries: ReadonlyArray<{ name: string }>,
  name: string,
  values: Record<string, string | number>,
): object[] {
  return entries.some(entry => entry.name === name)
    ? entries.map(entry =>
        entry.name === name ? { ...entry, ...values } : entry,
      )
    : [...entries, { name, ...values }];
}

function splicesOf(
  text: string,
  before: Overlay,
  change: OverlayChange,
): Splice[] {
  const document = parseDocument(text);
  const root = document.contents;
  if (!isMap(root) || root.flow) {
    throw new InputError('The kustomization.yaml holds no block of keys');
  }
  const editor = new OverlayText(text, root);
  return [
    ...editor.setItem(
      'resources',
      before.base.index,
      withCommit(before, change.commit),
    ),
    ...editor.setEntry('images', change.component, 'digest', change.digest),
    ...editor.setEntry('replicas', change.component, 'count', change.replicas),
  ];
}

function splice(text: string, splices: Splice[]): string {
  // From the end, so that positions before stay valid.
  // At one place an added entry goes before what stands there, and a new key behind it.
  const rank = ({ start, end, isKey }: Splice) =>
    (isKey && 2) || (end > start ? 1 : 0);
  return splices
    .map((item, index) => ({ ...item, rank: rank(item), index }))
    .sort((a, b) => b.start - a.start || b.rank - a.rank || b.index - a.index)
    .reduce(
      (rest, { start, end, text: inserted }) =>
        rest.slice(0, start) + inserted + rest.slice(end),
      text,
    );
}
