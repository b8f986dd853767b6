import {
  isSecretName,
  REDACTED,
  redactSecrets,
} from '@portico/plugin-bindings-node';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { isReferenceKey, isReferenceShape } from './references';

/** Where a value stands, and what is known of it there. */
interface Place {
  document: Document;
  /** Says where, so that what changed can be told without saying what. */
  path: string;
  /** Everything below is secret, whatever it is called. */
  secret: boolean;
  /** YAML in a text in YAML … */
  depth: number;
}

/** What stands for a secret that differs from the one before. */
const CHANGED = `${REDACTED.slice(0, -1)}, changed]`;
const DEEPEST_TEXT = 3;
/** A path of a JSON patch into the data of a Secret, or of a ConfigMap. */
const DATA_PATH = /\/(?:data|stringData|binaryData)(?:\/|$)/;

/**
 * Replaces what is secret in YAML before anything is compared: data of Secrets, what has the
 * name of a secret, and what looks like one. The same place is marked as changed where its
 * value differs from the one that was seen there first.
 *
 * One redactor is used for both sides of a diff, and for one diff only.
 */
export class SecretRedactor {
  readonly #seen = new Map<string, string>();
  /** What aliases point to and was redacted already; they may point to themselves. */
  readonly #resolved = new WeakSet<object>();

  /** What stands for a secret value at a place. */
  mark(path: string, value: string): string {
    const first = this.#seen.get(path);
    if (first === undefined) {
      this.#seen.set(path, value);
      return REDACTED;
    }
    return first === value ? REDACTED : CHANGED;
  }

  /** Redacts a document in place; `scope` says which one of its side it is. */
  redactDocument(document: Document, scope: string): void {
    this.#redact(document.contents, {
      document,
      path: scope,
      secret: false,
      depth: 0,
    });
    redactComments(document, document.contents);
  }

  #redact(node: unknown, place: Place): void {
    if (isAlias(node)) {
      // What is secret here is secret where it was written, too.
      const source = place.secret ? node.resolve(place.document) : undefined;
      if (source && !this.#resolved.has(source)) {
        this.#resolved.add(source);
        this.#redact(source, place);
      }
    } else if (isMap(node)) {
      this.#redactMap(node, place);
    } else if (isSeq(node)) {
      this.#redactList(node, place);
    } else if (isScalar(node)) {
      this.#redactScalar(node, place);
    }
  }

  #redactMap(map: YAMLMap, place: Place): void {
    const kind = textOf(map, 'kind');
    const isSecretObject = kind?.toLowerCase() === 'secret';
    const named = ['name', 'key', 'id'].some(key =>
      isSecretName(textOf(map, key) ?? ''),
    );
    const patched = patchesSecret(map);
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? String(key.value) : '';
      const below = { ...place, path: `${place.path}/${name}` };
      const isSecret =
        place.secret ||
        (isSecretObject && /^(?:data|stringData)$/.test(name)) ||
        (name === 'value' && (named || patched)) ||
        (name === 'patch' && patchesSecret(map)) ||
        this.#isSecretMember(name, value, place.document);
      this.#redact(
        name === 'secretGenerator' ? withoutLiterals(value) : value,
        { ...below, secret: isSecret },
      );
      if (name === 'secretGenerator') {
        this.#redactLiterals(value, below);
      }
    }
  }

  #isSecretMember(name: string, node: unknown, document: Document): boolean {
    if (!isSecretName(name) || name === 'secretGenerator') {
      return false;
    }
    const value = isAlias(node) ? node.resolve(document) : node;
    return isMap(value) || isSeq(value)
      ? !isReferenceShape(name, value)
      : !(isScalar(value) && isReferenceKey(name, value.value));
  }

  #redactList(list: YAMLSeq, place: Place): void {
    list.items.forEach((item, index) => {
      // An entry is known by its name; its number changes with what stands before it.
      const name = isMap(item) ? textOf(item, 'name') ?? index : index;
      this.#redact(item, {
        ...place,
        path: `${place.path}/${name}`,
        secret: place.secret || isSecretFlag(list.items[index - 1]),
      });
    });
  }

  /** `literals` of a generator of secrets: what follows the name. */
  #redactLiterals(generators: unknown, place: Place): void {
    for (const generator of isSeq(generators) ? generators.items : []) {
      const literals = isMap(generator) ? generator.get('literals') : undefined;
      if (!isSeq(literals)) {
        this.#redact(literals, { ...place, secret: true });
        continue;
      }
      for (const literal of literals.items) {
        if (isAlias(literal)) {
          this.#redact(literal, { ...place, secret: true });
        } else if (isScalar(literal)) {
          const [name = ''] = String(literal.value).split('=', 1);
          const path = `${place.path}/literals/${name}`;
          setText(literal, `${name}=${this.mark(path, String(literal.value))}`);
        }
      }
    }
  }

  #redactScalar(scalar: Scalar, place: Place): void {
    const { value } = scalar;
    if (place.secret) {
      if (value !== null && typeof value !== 'boolean') {
        setText(scalar, this.mark(place.path, String(scalar.source ?? value)));
      }
      return;
    }
    if (typeof value !== 'string') {
      return;
    }
    const nested = this.#redactNested(value, place);
    const text = this.#redactPattern(nested, place.path);
    if (text !== value) {
      setText(scalar, text);
    }
  }

  /** What looks like a secret; marked as changed where nothing else of the text did. */
  #redactPattern(value: string, path: string): string {
    const text = redactAssignments(redactSecrets(value).text);
    if (text === value) {
      return value;
    }
    const key = `${path} ${text}`;
    return this.mark(key, value) === REDACTED
      ? text
      : text.replace(REDACTED, CHANGED);
  }

  /** A text may hold YAML or JSON, as patches and files of a ConfigMap do. */
  #redactNested(text: string, place: Place): string {
    if (!/[\n{[]/.test(text)) {
      return text;
    }
    const documents = parseAllDocuments(text, { logLevel: 'silent' });
    const isStructure =
      Array.isArray(documents) &&
      documents.every(({ errors }) => errors.length === 0) &&
      documents.some(({ contents }) => isMap(contents) || isSeq(contents));
    if (!isStructure) {
      return text;
    }
    if (place.depth >= DEEPEST_TEXT) {
      return this.mark(place.path, text);
    }
    const before = documents.map(String).join('');
    documents.forEach((document, index) => {
      this.#redact(document.contents, {
        document,
        path: `${place.path}#${index}`,
        secret: false,
        depth: place.depth + 1,
      });
      redactComments(document, document.contents);
    });
    const after = documents.map(String).join('');
    return before === after ? text : after;
  }
}

/** A patch of a Secret, or an operation of a JSON patch on data or on what has a secret name. */
function patchesSecret(map: YAMLMap): boolean {
  const target = map.get('target');
  if (isMap(target) && textOf(target, 'kind')?.toLowerCase() === 'secret') {
    return true;
  }
  const path = map.has('op') ? textOf(map, 'path') ?? '' : '';
  return (
    DATA_PATH.test(path) ||
    // The name of a variable cannot be seen from its number.
    /\/env\/\d+\/value$/.test(path) ||
    isSecretName(path.split('/').at(-1) ?? '')
  );
}

const ASSIGNMENT =
  /(?<![A-Za-z0-9_.-])([A-Za-z0-9_.-]{1,100})(["']?\s{0,3}[:=]\s{0,3})(?!\[redacted)("[^"\n]*"?|'[^'\n]*'?|[^\s,;&}"'\]]+)/g;

/** What stands behind a secret name with `=` or `:`, wherever in the name it says so. */
function redactAssignments(text: string): string {
  return text.replace(ASSIGNMENT, (all, name: string, sign: string) =>
    isSecretName(name) ? `${name}${sign}${REDACTED}` : all,
  );
}

/** `--password` before its value. */
function isSecretFlag(item: unknown): boolean {
  const text = isScalar(item) ? item.value : undefined;
  return (
    typeof text === 'string' &&
    /^-{1,2}[^=\s]+$/.test(text) &&
    isSecretName(text)
  );
}

function withoutLiterals(generators: unknown): unknown {
  // Literals are redacted by themselves; nothing else of a generator is a value.
  return isSeq(generators) ? undefined : generators;
}

function textOf(map: YAMLMap, key: string): string | undefined {
  const value = map.get(key);
  return typeof value === 'string' ? value : undefined;
}

function setText(scalar: Scalar, text: string): void {
  scalar.value = text;
  delete scalar.tag;
  scalar.type = undefined;
  scalar.source = undefined;
}

/** Comments are for people; a Secret that was commented out is not. */
function redactComments(document: Document, root: Node | null): void {
  const clean = (text: string | null | undefined) =>
    text && redactSecrets(text.replace(/[A-Za-z0-9+/=]{24,}/g, REDACTED)).text;
  document.commentBefore = clean(document.commentBefore) ?? null;
  document.comment = clean(document.comment) ?? null;
  const visit = (node: unknown): void => {
    if (isMap(node) || isSeq(node) || isScalar(node) || isAlias(node)) {
      node.commentBefore = clean(node.commentBefore);
      node.comment = clean(node.comment);
    }
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        visit(key);
        visit(value);
      }
    } else if (isSeq(node)) {
      node.items.forEach(visit);
    }
  };
  visit(root);
}
