import {
  at,
  changed,
  CHECKPOINTS,
  edit,
  keptAt,
  lines,
  original,
  SIZE,
  type Tampering,
  withTexts,
} from './sampleBundle';

const positions = [1, 2, 99, 100, 101, 300, 450, 512, 589, 590];

/** Entries that were changed, removed, inserted, swapped, cut off or made anew. */
export const tamperedEntries: Tampering[] = [
  ...positions.flatMap((sequence): Tampering[] => [
    {
      kind: 'edited',
      what: 'a word',
      sequence,
      bundle: changed(edit(sequence)),
    },
    {
      kind: 'edited',
      what: 'its time',
      sequence,
      bundle: changed(copy => {
        copy[at(sequence)] = copy[at(sequence)].replace(
          '"occurredAt":"2026',
          '"occurredAt":"2025',
        );
      }),
    },
    {
      kind: 'edited',
      what: 'the hash before it',
      sequence,
      bundle: changed(copy => {
        copy[at(sequence)] = copy[at(sequence)].replace(
          /"previous":"sha256:.{8}/,
          '"previous":"sha256:00000000',
        );
      }),
    },
    {
      kind: 'edited',
      what: 'its sequence',
      sequence,
      bundle: changed(copy => {
        copy[at(sequence)] = copy[at(sequence)].replace(
          /"sequence":\d+/,
          '"sequence":7777',
        );
      }),
    },
    {
      kind: 'edited',
      what: 'a space between two members',
      sequence,
      bundle: changed(copy => {
        copy[at(sequence)] = copy[at(sequence)].replace(',"act', ', "act');
        copy[at(sequence)] = copy[at(sequence)].replace(/\}$/, ' }');
      }),
    },
    {
      kind: 'malformed',
      what: 'a bracket',
      sequence,
      bundle: changed(copy => {
        copy[at(sequence)] = copy[at(sequence)].slice(0, -1);
      }),
    },
    {
      kind: 'foreign',
      what: 'its chain',
      sequence,
      bundle: changed(copy => {
        copy[at(sequence)] = copy[at(sequence)].replace(
          '"chain":"aurora"',
          '"chain":"borealis"',
        );
      }),
    },
    {
      kind: 'removed',
      what: 'one',
      sequence,
      bundle: changed(copy => {
        copy.splice(at(sequence), 1);
      }),
    },
    {
      kind: 'removed',
      what: 'three',
      sequence,
      bundle: changed(copy => {
        copy.splice(at(sequence), 3);
      }),
    },
    {
      kind: 'inserted',
      what: 'a copy of itself',
      sequence,
      bundle: changed(copy => {
        copy.splice(at(sequence), 0, copy[at(sequence)]);
      }),
    },
    {
      kind: 'inserted',
      what: 'an invented one that fits the one before',
      sequence,
      bundle: changed(copy => {
        const before = JSON.parse(copy[at(sequence)]).previous.slice(7);
        copy.splice(
          at(sequence),
          0,
          original.entryText(sequence, Buffer.from(before, 'hex'), 'invented'),
        );
      }),
    },
    {
      kind: 'inserted',
      what: 'an invented one that fits nothing',
      sequence,
      bundle: changed(copy => {
        copy.splice(
          at(sequence),
          0,
          original.entryText(sequence, Buffer.alloc(32, 5)),
        );
      }),
    },
    {
      kind: 'swapped',
      what: 'with the next',
      sequence,
      bundle: changed(copy => {
        copy.splice(
          at(sequence),
          2,
          copy[at(sequence) + 1],
          copy[at(sequence)],
        );
      }),
    },
    {
      kind: 'swapped',
      what: 'with one far behind',
      sequence,
      bundle: changed(copy => {
        const far = at(597);
        [copy[at(sequence)], copy[far]] = [copy[far], copy[at(sequence)]];
      }),
    },
    {
      kind: 'cut',
      what: 'everything from it on',
      sequence,
      bundle: changed(copy => {
        copy.splice(at(sequence), SIZE - sequence + 1);
      }),
    },
    {
      kind: 'unfinished',
      what: 'behind it',
      sequence: sequence + 1,
      bundle: lines.slice(0, at(sequence) + 1),
    },
    {
      kind: 'unfinished',
      what: 'in the middle of it',
      sequence,
      bundle: [
        ...lines.slice(0, at(sequence)),
        lines[at(sequence)].slice(0, 60),
      ],
      torn: true,
    },
  ]),
  // From here to the next checkpoint all links are right again.
  ...[1, 50, 100, 101, 299, 513].flatMap((sequence): Tampering[] => {
    const texts = original.copy().rewriteFrom(sequence, 'as needed').texts;
    const next = CHECKPOINTS.find(size => size >= sequence) ?? SIZE;
    const before = CHECKPOINTS.findLast(size => size < sequence) ?? 0;
    return [
      {
        // One entry alone, right before the checkpoint, is just an edited one.
        kind: next === sequence ? 'edited' : 'rewritten',
        what: 'to the end, with the old checkpoints',
        sequence: next === sequence ? sequence : before + 1,
        bundle: withTexts(texts),
      },
      {
        kind: next === sequence ? 'edited' : 'rewritten',
        what: 'to the next checkpoint',
        sequence: next === sequence ? sequence : before + 1,
        bundle: withTexts([
          ...texts.slice(0, next),
          ...original.texts.slice(next),
        ]),
      },
      {
        kind: 'rewritten',
        what: 'and signed anew, but not what was kept',
        sequence: 1,
        bundle: original
          .copy()
          .rewriteFrom(sequence, 'as needed')
          .bundle({ checkpoints: [SIZE] }),
        options: { keptCheckpoints: [keptAt(595)] },
      },
      {
        kind: 'fork',
        what: 'and signed anew with the same key',
        sequence: next,
        bundle: original
          .copy()
          .rewriteFrom(sequence, 'as needed')
          .bundle({ checkpoints: CHECKPOINTS }),
        options: { keptCheckpoints: [keptAt(next)] },
      },
    ];
  }),
  {
    kind: 'edited',
    what: 'the last one, behind which nothing is',
    sequence: SIZE - 1,
    bundle: changed(edit(SIZE - 1)),
  },
];
