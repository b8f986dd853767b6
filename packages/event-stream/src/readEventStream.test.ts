import fc from 'fast-check';
import { readEventStream, type ServerSentEvent } from './readEventStream';

async function* inPieces(pieces: string[]) {
  yield* pieces;
}

async function read(pieces: string[]): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of readEventStream(inPieces(pieces))) {
    events.push(event);
  }
  return events;
}

const stream = [
  ': welcome',
  'id: aurora:1',
  'event: entry',
  'data: {"a":1}',
  '',
  ': heartbeat',
  '',
  'data: first',
  'data:second',
  'retry: 100',
  '',
  'id: aurora:2',
  'event: no data, so no event',
  '',
  'data: third',
  '',
  'data: unfinished',
].join('\n');

const expected = [
  { id: 'aurora:1', event: 'entry', data: '{"a":1}' },
  { id: 'aurora:1', event: 'message', data: 'first\nsecond' },
  { id: 'aurora:2', event: 'message', data: 'third' },
];

describe('readEventStream', () => {
  it('reads the same events wherever the text is cut and however its lines end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat(stream.length + 20), { maxLength: 20 }),
        async (lineEnd, cuts) => {
          const text = stream.replaceAll('\n', lineEnd);
          const places = [0, ...cuts.sort((a, b) => a - b), text.length];
          const pieces = places.map((start, index) =>
            text.slice(start, places[index + 1] ?? text.length),
          );
          expect(await read(pieces)).toEqual(expected);
        },
      ),
    );
  });
});
