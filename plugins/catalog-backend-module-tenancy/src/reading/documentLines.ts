import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type LineCounter,
  type ParsedNode,
} from 'yaml';
import { type DocumentPath, RefusedDocument } from './RefusedDocument';

/** Finds lines of values in one parsed document. */
export class DocumentLines {
  constructor(
    private readonly document: Document.Parsed<ParsedNode>,
    private readonly lineCounter: LineCounter,
    /** Lines of the file before the document. */
    private readonly linesBefore: number,
  ) {}

  /** The line where the document's content begins. */
  get first(): number {
    return this.lineOfOffset(
      this.document.contents?.range?.[0] ?? this.document.range[0],
    );
  }

  /** The line of the value at the path, or of the deepest part of it that exists. */
  of(path: DocumentPath): number {
    let line = this.first;
    let node: unknown = this.document.contents;
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find(
          item => isScalar(item.key) && String(item.key.value) === String(step),
        );
        if (!pair) {
          return line;
        }
        if (isScalar(pair.key) && pair.key.range) {
          line = this.lineOfOffset(pair.key.range[0]);
        }
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        if (!isNode(node) || !node.range) {
          return line;
        }
        line = this.lineOfOffset(node.range[0]);
      } else {
        return line;
      }
    }
    return line;
  }

  lineOfOffset(offset: number): number {
    return (
      this.linesBefore + Math.max(1, this.lineCounter.linePos(offset).line)
    );
  }
}

/**
 * Refuses keys that occur twice in a map. The parser's own check compares every
 * key with every other, which a long map turns into minutes.
 *
 * @throws RefusedDocument with the path of the second key
 */
export function refuseDuplicateKeys(
  document: Document.Parsed<ParsedNode>,
  lines: DocumentLines,
): void {
  const visit = (node: unknown, path: DocumentPath): void => {
    if (isMap(node)) {
      const seen = new Set<string>();
      for (const pair of node.items) {
        const key = isScalar(pair.key) ? String(pair.key.value) : undefined;
        if (key === undefined) {
          throw new RefusedDocument(
            path,
            'has a key that is no text; expected plain keys',
          );
        }
        if (seen.has(key)) {
          throw new RefusedDocument(
            [...path, key],
            `has the key "${key.slice(0, 120)}" twice; expected each key once`,
            isNode(pair.key) && pair.key.range
              ? lines.lineOfOffset(pair.key.range[0])
              : undefined,
          );
        }
        seen.add(key);
        visit(pair.value, [...path, key]);
      }
    } else if (isSeq(node)) {
      node.items.forEach((item, index) => visit(item, [...path, index]));
    }
  };
  visit(document.contents, []);
}
