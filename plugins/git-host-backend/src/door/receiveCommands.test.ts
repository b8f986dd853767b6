import fc from 'fast-check';
import { ReceiveCommandsReader } from './receiveCommands';

const id = fc.stringMatching(/^[0-9a-f]{40}$/);
const ref = fc.stringMatching(/^refs\/(heads|tags)\/[a-zé][a-z0-9é/-]{0,20}$/);
const command = fc.record({ oldId: id, newId: id, ref });

function packet(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([
    Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')),
    bytes,
  ]);
}

describe('the commands of a push', () => {
  it('are read however the bytes are cut, and the bytes stay as they were', () => {
    fc.assert(
      fc.property(
        fc.array(command, { minLength: 1, maxLength: 8 }),
        fc.uint8Array({ maxLength: 50 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 40 }),
        (commands, pack, cuts) => {
          const bytes = Buffer.concat([
            packet(`shallow ${'a'.repeat(40)}`),
            ...commands.map(({ oldId, newId, ref: name }, index) =>
              packet(
                `${oldId} ${newId} ${name}${
                  index === 0 ? '\0 report-status side-band-64k' : '\n'
                }`,
              ),
            ),
            Buffer.from('0000'),
            pack,
          ]);
          const reader = new ReceiveCommandsReader();
          let found: unknown;
          let offset = 0;
          for (const size of [...cuts, bytes.length]) {
            found = reader.feed(bytes.subarray(offset, offset + size));
            offset += size;
            if (found) {
              break;
            }
          }
          expect(found).toEqual(commands);
          expect(reader.bytes).toEqual(
            bytes.subarray(0, Math.min(offset, bytes.length)),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are either complete, incomplete or refused, whatever comes', () => {
    const outcomes = fc.check(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 60 }),
          fc.stringMatching(/^[0-9a-f]{4}[0-9a-f ]{0,60}$/),
        ),
        text => {
          try {
            new ReceiveCommandsReader().feed(Buffer.from(text));
            return true;
          } catch (error) {
            return (error as Error).name === 'InputError';
          }
        },
      ),
      { numRuns: 2_000 },
    );
    expect(outcomes.failed).toBe(false);
  });

  it('are bounded in number', () => {
    const line = packet(
      `${'0'.repeat(40)} ${'1'.repeat(40)} refs/heads/many\n`,
    );
    expect(() =>
      new ReceiveCommandsReader().feed(
        Buffer.concat(Array.from({ length: 501 }, () => line)),
      ),
    ).toThrow('at most 500 branches and tags');
  });
});
