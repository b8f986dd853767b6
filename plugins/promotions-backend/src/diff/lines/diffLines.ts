/** One step of the way from some lines to others. */
export interface LineStep {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** More differences than this in one block are not searched for the shortest way. */
const MOST_DIFFERENCES = 400;

/**
 * The steps from some lines to others: taking the removed and the same ones gives the first,
 * the added and the same ones the second.
 *
 * It is the shortest way (Myers) wherever that is found quickly; blocks that have little in
 * common are first cut where a line is in both exactly once.
 */
export function diffLines(
  before: readonly string[],
  after: readonly string[],
): LineStep[] {
  const numbers = new Map<string, number>();
  const intern = (line: string) => {
    const known = numbers.get(line);
    if (known !== undefined) {
      return known;
    }
    numbers.set(line, numbers.size);
    return numbers.size - 1;
  };
  const a = Int32Array.from(before, intern);
  const b = Int32Array.from(after, intern);
  const partners = new Int32Array(a.length).fill(-1);
  match({ a, b, partners }, { a0: 0, a1: a.length, b0: 0, b1: b.length });

  const steps: LineStep[] = [];
  let next = 0;
  const addUpTo = (end: number) => {
    for (; next < end; next += 1) {
      steps.push({ kind: 'added', text: after[next] ?? '' });
    }
  };
  before.forEach((text, index) => {
    const partner = partners[index] ?? -1;
    if (partner < 0) {
      steps.push({ kind: 'removed', text });
      return;
    }
    addUpTo(partner);
    steps.push({ kind: 'same', text });
    next = partner + 1;
  });
  addUpTo(after.length);
  return inOrder(steps);
}

/** In each run of changes what is removed stands before what is added. */
function inOrder(steps: readonly LineStep[]): LineStep[] {
  const ordered: LineStep[] = [];
  let added: LineStep[] = [];
  for (const step of steps) {
    if (step.kind === 'added') {
      added.push(step);
      continue;
    }
    if (step.kind === 'same') {
      ordered.push(...added);
      added = [];
    }
    ordered.push(step);
  }
  return [...ordered, ...added];
}

interface Lines {
  a: Int32Array;
  b: Int32Array;
  /** For each line before the one after that it is; -1 for none. */
  partners: Int32Array;
}

interface Block {
  a0: number;
  a1: number;
  b0: number;
  b1: number;
}

function match(lines: Lines, whole: Block): void {
  // A list instead of recursion: there may be as many blocks as lines.
  const blocks = [whole];
  for (let block = blocks.pop(); block; block = blocks.pop()) {
    const inner = matchEnds(lines, block);
    if (inner.a0 === inner.a1 || inner.b0 === inner.b1) {
      continue;
    }
    if (!matchShortest(lines, inner)) {
      blocks.push(...splitAtUnique(lines, inner));
    }
  }
}

/** Matches what is the same at both ends, and answers with what is between. */
function matchEnds({ a, b, partners }: Lines, block: Block): Block {
  let { a0, a1, b0, b1 } = block;
  while (a0 < a1 && b0 < b1 && a[a0] === b[b0]) {
    partners[a0] = b0;
    a0 += 1;
    b0 += 1;
  }
  while (a0 < a1 && b0 < b1 && a[a1 - 1] === b[b1 - 1]) {
    a1 -= 1;
    b1 -= 1;
    partners[a1] = b1;
  }
  return { a0, a1, b0, b1 };
}

/** Myers' greedy search; false, and nothing matched, where it would take too long. */
function matchShortest({ a, b, partners }: Lines, block: Block): boolean {
  const { a0, b0 } = block;
  const height = block.a1 - a0;
  const width = block.b1 - b0;
  const most = Math.min(height + width, MOST_DIFFERENCES);
  // The furthest line before on each diagonal, and what it was after each round.
  const furthest = new Int32Array(2 * most + 3);
  const middle = most + 1;
  const at = (index: number) => furthest[middle + index] ?? 0;
  const rounds: Int32Array[] = [];
  for (let round = 0; round <= most; round += 1) {
    rounds.push(furthest.slice(middle - round - 1, middle + round + 2));
    for (let k = -round; k <= round; k += 2) {
      const down = k === -round || (k !== round && at(k - 1) < at(k + 1));
      let x = down ? at(k + 1) : at(k - 1) + 1;
      let y = x - k;
      while (x < height && y < width && a[a0 + x] === b[b0 + y]) {
        x += 1;
        y += 1;
      }
      furthest[middle + k] = x;
      if (x >= height && y >= width) {
        trace(rounds, { height, width }, (i, j) => {
          partners[a0 + i] = b0 + j;
        });
        return true;
      }
    }
  }
  return false;
}

/** Walks back through the rounds and tells of each line that is the same. */
function trace(
  rounds: readonly Int32Array[],
  end: { height: number; width: number },
  found: (i: number, j: number) => void,
): void {
  let x = end.height;
  let y = end.width;
  for (let round = rounds.length - 1; round >= 0; round -= 1) {
    const furthest = rounds[round];
    const at = (index: number) => furthest?.[index + round + 1] ?? 0;
    const k = x - y;
    const down = k === -round || (k !== round && at(k - 1) < at(k + 1));
    const before = down ? k + 1 : k - 1;
    const startX = round === 0 ? 0 : at(before);
    const startY = round === 0 ? 0 : startX - before;
    while (x > startX && y > startY) {
      x -= 1;
      y -= 1;
      found(x, y);
    }
    x = startX;
    y = startY;
  }
}

/** Cuts a block where a line stands exactly once on both sides; else nothing is the same. */
function splitAtUnique({ a, b, partners }: Lines, block: Block): Block[] {
  const places = new Map<number, { i: number; j: number }>();
  const note = (line: number, side: 'i' | 'j', place: number) => {
    const known = places.get(line) ?? { i: -1, j: -1 };
    // -2: more than once
    known[side] = known[side] === -1 ? place : -2;
    places.set(line, known);
  };
  for (let i = block.a0; i < block.a1; i += 1) {
    note(a[i] ?? -1, 'i', i);
  }
  for (let j = block.b0; j < block.b1; j += 1) {
    note(b[j] ?? -1, 'j', j);
  }
  const unique = [...places.values()]
    .filter(({ i, j }) => i >= 0 && j >= 0)
    .sort((one, other) => one.i - other.i);
  const anchors = longestRising(unique);
  const blocks: Block[] = [];
  let { a0, b0 } = block;
  for (const { i, j } of anchors) {
    partners[i] = j;
    blocks.push({ a0, a1: i, b0, b1: j });
    a0 = i + 1;
    b0 = j + 1;
  }
  return anchors.length > 0
    ? [...blocks, { a0, a1: block.a1, b0, b1: block.b1 }]
    : [];
}

/** The longest part of a list, ordered by `i`, in which `j` rises too. */
function longestRising(
  pairs: ReadonlyArray<{ i: number; j: number }>,
): Array<{ i: number; j: number }> {
  interface Link {
    pair: { i: number; j: number };
    previous: Link | undefined;
  }
  const ends: Link[] = [];
  for (const pair of pairs) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const mid = Math.floor((low + high) / 2);
      if ((ends[mid]?.pair.j ?? 0) < pair.j) {
        low = mid + 1;
      } else {
        high = mid;
      }
    }
    ends[low] = { pair, previous: ends[low - 1] };
  }
  const rising: Array<{ i: number; j: number }> = [];
  for (let link = ends.at(-1); link; link = link.previous) {
    rising.push(link.pair);
  }
  return rising.reverse();
}
