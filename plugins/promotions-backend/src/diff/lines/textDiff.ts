import { type TextDiff } from '@portico/plugin-promotions-common';
import { diffLines } from './diffLines';

type DiffLine = TextDiff['lines'][number];

/** Unchanged lines that are shown around a change. */
const CONTEXT = 3;
/** Lines that one file or object may show; more are cut. */
export const MOST_LINES = 4_000;
const LONGEST_LINE = 500;

/**
 * One file or object as lines, with a little of what stays around each change. Undefined
 * when nothing changed.
 */
export function textDiff(options: {
  name: string;
  /** Undefined where it is new. */
  before: string | undefined;
  /** Undefined where it is gone. */
  after: string | undefined;
}): TextDiff | undefined {
  const { name, before, after } = options;
  if (before === after) {
    return undefined;
  }
  const lines = withGaps(numbered(linesOf(before), linesOf(after)));
  const shown = lines.slice(0, MOST_LINES);
  const cut = lines.length - shown.length;
  return {
    name,
    change: changeOf(before, after),
    lines:
      cut > 0
        ? [
            ...shown,
            {
              kind: 'gap',
              text: `${cut} more lines of this diff are not shown`,
            },
          ]
        : shown,
    cut: cut > 0,
  };
}

/** How many lines were added and removed, the cut ones not counted. */
export function countLines(items: readonly TextDiff[]): {
  added: number;
  removed: number;
} {
  const count = (kind: DiffLine['kind']) =>
    items.reduce(
      (sum, { lines }) => sum + lines.filter(line => line.kind === kind).length,
      0,
    );
  return { added: count('added'), removed: count('removed') };
}

function changeOf(
  before: string | undefined,
  after: string | undefined,
): TextDiff['change'] {
  if (before === undefined) {
    return 'added';
  }
  return after === undefined ? 'removed' : 'changed';
}

function linesOf(text: string | undefined): string[] {
  return text ? text.replace(/\n$/, '').split('\n') : [];
}

function numbered(before: string[], after: string[]): DiffLine[] {
  let old = 0;
  let fresh = 0;
  return diffLines(before, after).map(({ kind, text }) => {
    old += kind === 'added' ? 0 : 1;
    fresh += kind === 'removed' ? 0 : 1;
    return {
      kind,
      ...(kind !== 'added' && { before: old }),
      ...(kind !== 'removed' && { after: fresh }),
      text: shortened(text),
    };
  });
}

function shortened(text: string): string {
  const more = text.length - LONGEST_LINE;
  return more > 0
    ? `${text.slice(0, LONGEST_LINE)}… (${more} more characters)`
    : text;
}

/** Leaves out what is the same and far from every change. */
function withGaps(lines: readonly DiffLine[]): DiffLine[] {
  const near = new Uint8Array(lines.length);
  lines.forEach(({ kind }, index) => {
    if (kind !== 'same') {
      near.fill(1, Math.max(0, index - CONTEXT), index + CONTEXT + 1);
    }
  });
  const result: DiffLine[] = [];
  let hidden = 0;
  const closeGap = () => {
    if (hidden > 0) {
      result.push({
        kind: 'gap',
        text: hidden === 1 ? '1 unchanged line' : `${hidden} unchanged lines`,
      });
    }
    hidden = 0;
  };
  lines.forEach((line, index) => {
    if (near[index]) {
      closeGap();
      result.push(line);
    } else {
      hidden += 1;
    }
  });
  closeGap();
  return result;
}
