import { type Subject } from '@portico/plugin-promotions-common';

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
    ...(before.manifests === after.manifests
      ? []
      : ['What the files render to has changed.']),
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
  const was = new Map(before.files.map(({ path, digest }) => [path, digest]));
  const is = new Map(after.files.map(({ path, digest }) => [path, digest]));
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap(path => {
    const [old, new_] = [was.get(path), is.get(path)];
    if (old === new_) {
      return [];
    }
    if (old === undefined) {
      return [`${path} would be written too.`];
    }
    return new_ === undefined
      ? [`${path} would not be written any more.`]
      : [`${path} would be written differently.`];
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
