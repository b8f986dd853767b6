import { posix } from 'node:path';
import { type TextDiff } from '@portico/plugin-promotions-common';
import { parseAllDocuments } from 'yaml';
import { textDiff } from '../lines/textDiff';
import { type SecretRedactor } from '../redaction/SecretRedactor';
import { type ManifestObject, readManifest } from './ManifestObject';

const LARGEST_FILE = 512 * 1024;

/** Compares files as lines. Only YAML and JSON are shown, and without secrets. */
export function compareFiles(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  redactor: SecretRedactor,
): TextDiff[] {
  const secret = new Set([...secretFiles(before), ...secretFiles(after)]);
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .flatMap(path => {
      const [was, is] = [before.get(path), after.get(path)];
      if (was === is) {
        return [];
      }
      const show = (text: string | undefined) =>
        text === undefined
          ? undefined
          : shownText(path, text, secret.has(posix.basename(path)), redactor);
      const [old, fresh] = [show(was), show(is)];
      const diff = textDiff({ name: path, before: old, after: fresh });
      // Something differs, if only in what is not shown.
      return (
        diff ??
        textDiff({
          name: path,
          before: old,
          after: `${fresh}\n# changed in form only\n`,
        }) ??
        []
      );
    });
}

/** The objects that plain files hold; what is none is left out. */
export function objectsInFiles(
  files: ReadonlyMap<string, string>,
  redactor: SecretRedactor,
): ManifestObject[] {
  return [...files].flatMap(([path, text]) => {
    try {
      return isYaml(path) && text.length <= LARGEST_FILE
        ? readManifest(text, redactor)
        : [];
    } catch {
      // No YAML; its lines say so.
      return [];
    }
  });
}

function isYaml(path: string): boolean {
  return /\.(?:ya?ml|json)$/.test(path) || path.endsWith('Kustomization');
}

function shownText(
  path: string,
  text: string,
  isSecret: boolean,
  redactor: SecretRedactor,
): string {
  const hidden = (why: string) =>
    `${redactor.mark(path, text)} ${Buffer.byteLength(text)} bytes, ${why}\n`;
  if (isSecret) {
    return hidden('which a Secret is made of');
  }
  if (!isYaml(path) || text.length > LARGEST_FILE) {
    return hidden('which are no YAML or too many to be shown');
  }
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  if (!Array.isArray(documents)) {
    return '';
  }
  if (documents.some(({ errors }) => errors.length > 0)) {
    return hidden('which cannot be read as YAML');
  }
  documents.forEach((document, index) =>
    redactor.redactDocument(document, `${path}#${index}`),
  );
  return documents
    .map(document => document.toString({ lineWidth: 0 }))
    .join('');
}

/** Names of files that some kustomization makes a Secret of. */
function secretFiles(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([path, text]) =>
    isYaml(path) && text.includes('secretGenerator')
      ? [...text.matchAll(/[A-Za-z0-9._/-]+/g)].map(([word]) =>
          posix.basename(word),
        )
      : [],
  );
}
