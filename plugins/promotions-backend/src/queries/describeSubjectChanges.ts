import { type Subject } from '@portico/plugin-promotions-common';

interface FileChange {
  path: string;
  change: 'added' | 'removed' | 'changed';
}

/** As many are named; nobody reads more. */
const MOST_FILES = 20;

/** What changed between two subjects, in words: why the votes on the first are stale. */
export function describeSubjectChanges(
  before: Subject,
  after: Subject,
): string[] {
  return [
    ...(before.release === after.release
      ? []
      : ['Another release is promoted.']),
    ...(before.kind === after.kind
      ? []
      : [`It is a ${after.kind} now, and was a ${before.kind}.`]),
    ...describeFiles(before, after),
    ...describeManifests(before, after),
    ...(before.stage === after.stage
      ? []
      : ['The environment or its gates have changed.']),
    ...(before.template === after.template
      ? []
      : ['The repository follows another version of its template.']),
    ...describeBase(before, after),
  ];
}

function describeFiles(before: Subject, after: Subject): string[] {
  return changesOf(before.files, after.files).map(({ path, change }) => {
    switch (change) {
      case 'added':
        return `${path} would be written too.`;
      case 'removed':
        return `${path} would not be written any more.`;
      case 'changed':
        return `${path} would be written differently.`;
      default:
        return change satisfies never;
    }
  });
}

/** Files that are read to render it; those that are written are told of already. */
function describeManifests(before: Subject, after: Subject): string[] {
  if (before.manifestsUnknown !== after.manifestsUnknown) {
    return [
      after.manifestsUnknown === undefined
        ? 'It can be told now what it is rendered from.'
        : `It cannot be told any more what it is rendered from: ${after.manifestsUnknown}.`,
    ];
  }
  const written = new Set(
    [...before.files, ...after.files].map(({ path }) => path),
  );
  const changes = changesOf(
    before.manifestFiles ?? [],
    after.manifestFiles ?? [],
  ).filter(({ path }) => !written.has(path));
  const told = changes.slice(0, MOST_FILES).map(({ path, change }) => {
    switch (change) {
      case 'added':
        return `It is rendered from ${path} too.`;
      case 'removed':
        return `It is not rendered from ${path} any more.`;
      case 'changed':
        return `${path}, which it is rendered from, has changed.`;
      default:
        return change satisfies never;
    }
  });
  const more = changes.length - told.length;
  return more > 0
    ? [...told, `${more} more files that it is rendered from have changed.`]
    : told;
}

function changesOf(
  before: Subject['files'],
  after: Subject['files'],
): FileChange[] {
  const was = new Map(before.map(({ path, digest }) => [path, digest]));
  const is = new Map(after.map(({ path, digest }) => [path, digest]));
  const paths = [...new Set([...was.keys(), ...is.keys()])].sort();
  return paths.flatMap((path): FileChange[] => {
    const [old, new_] = [was.get(path), is.get(path)];
    if (old === new_) {
      return [];
    }
    if (old === undefined) {
      return [{ path, change: 'added' }];
    }
    return [{ path, change: new_ === undefined ? 'removed' : 'changed' }];
  });
}

function describeBase(before: Subject, after: Subject): string[] {
  if (before.base === after.base) {
    return [];
  }
  return [
    after.base === undefined
      ? 'The deployment repository has no commit any more.'
      : `The deployment repository moved on to ${after.base.slice(0, 8)}.`,
  ];
}
