import fc from 'fast-check';
import { diffLines, type LineStep } from './diffLines';
import { MOST_LINES, textDiff } from './textDiff';

const side = (steps: readonly LineStep[], without: LineStep['kind']) =>
  steps.filter(({ kind }) => kind !== without).map(({ text }) => text);
const changes = (steps: readonly LineStep[]) =>
  steps.filter(({ kind }) => kind !== 'same').length;

/** Length of the shortest way, by the textbook's table. */
function shortest(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  a.forEach((line, i) => {
    const next = [i + 1];
    b.forEach((other, j) => {
      next.push(line === other ? row[j] : Math.min(row[j + 1], next[j]) + 1);
    });
    row = next;
  });
  return row[b.length];
}

describe('diffLines', () => {
  const line = fc.constantFrom('a', 'b', 'c', 'd', '');
  const lines = fc.array(line, { maxLength: 40 });

  it('gives either side back, by the shortest way', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const steps = diffLines(before, after);
        expect(side(steps, 'added')).toEqual(before);
        expect(side(steps, 'removed')).toEqual(after);
        expect(changes(steps)).toBe(shortest(before, after));
      }),
      { numRuns: 500 },
    );
  });

  it('gives either side back of texts with little in common, too', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 600, max: 1_500 }),
        fc.array(fc.nat(1_500), { maxLength: 40 }),
        (length, kept) => {
          const before = Array.from({ length }, (_, i) => `old ${i}`);
          const after = Array.from({ length }, (_, i) => `new ${i}`);
          for (const i of kept.filter(index => index < length)) {
            after[i] = before[i];
          }
          const steps = diffLines(before, after);
          expect(side(steps, 'added')).toEqual(before);
          expect(side(steps, 'removed')).toEqual(after);
          expect(steps.filter(({ kind }) => kind === 'same')).toHaveLength(
            new Set(kept.filter(index => index < length)).size,
          );
        },
      ),
      { numRuns: 20 },
    );
  });

  it('takes no time for thousands of lines', () => {
    const before = Array.from({ length: 20_000 }, (_, i) => `${i % 977}`);
    const after = before.map((text, i) => (i % 3 === 0 ? `new ${text}` : text));
    const start = process.cpuUsage();
    const steps = diffLines(before, after);
    // Of the processor, since others may use it at the same time
    expect(process.cpuUsage(start).user / 1_000).toBeLessThan(2_000);
    expect(side(steps, 'added')).toEqual(before);
    expect(side(steps, 'removed')).toEqual(after);
  });
});

describe('textDiff', () => {
  const text = (length: number, change?: number) =>
    `${Array.from({ length }, (_, i) =>
      i === change ? 'changed' : `line ${i + 1}`,
    ).join('\n')}\n`;

  it('shows a change with what is around it, and says how much is left out', () => {
    expect(
      textDiff({ name: 'file', before: text(20), after: text(20, 9) }),
    ).toEqual({
      name: 'file',
      change: 'changed',
      cut: false,
      lines: [
        { kind: 'gap', text: '6 unchanged lines' },
        { kind: 'same', before: 7, after: 7, text: 'line 7' },
        { kind: 'same', before: 8, after: 8, text: 'line 8' },
        { kind: 'same', before: 9, after: 9, text: 'line 9' },
        { kind: 'removed', before: 10, text: 'line 10' },
        { kind: 'added', after: 10, text: 'changed' },
        { kind: 'same', before: 11, after: 11, text: 'line 11' },
        { kind: 'same', before: 12, after: 12, text: 'line 12' },
        { kind: 'same', before: 13, after: 13, text: 'line 13' },
        { kind: 'gap', text: '7 unchanged lines' },
      ],
    });
  });

  it('tells what is new, gone and the same', () => {
    expect(
      textDiff({ name: 'a', before: undefined, after: 'x\n' }),
    ).toMatchObject({ change: 'added', lines: [{ kind: 'added', after: 1 }] });
    expect(
      textDiff({ name: 'a', before: 'x\n', after: undefined }),
    ).toMatchObject({ change: 'removed', lines: [{ kind: 'removed' }] });
    expect(textDiff({ name: 'a', before: 'x', after: 'x' })).toBeUndefined();
  });

  it('cuts what is too long, and says so', () => {
    const diff = textDiff({
      name: 'a',
      before: undefined,
      after: text(MOST_LINES + 5),
    });
    expect(diff).toMatchObject({ cut: true });
    expect(diff?.lines).toHaveLength(MOST_LINES + 1);
    expect(diff?.lines.at(-1)).toEqual({
      kind: 'gap',
      text: '5 more lines of this diff are not shown',
    });
    const long = textDiff({ name: 'a', before: '', after: 'x'.repeat(600) });
    expect(long?.lines[0]?.text).toMatch(/^x{500}… \(100 more characters\)$/);
  });
});
