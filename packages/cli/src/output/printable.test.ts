import fc from 'fast-check';
import { printable } from './printable';

describe('printable', () => {
  it('keeps text as it is', () => {
    const text = 'Größe: 3 × «gut»\n\tzweite Zeile 東京 👍';
    expect(printable(text)).toBe(text);
  });

  it('lets nothing through that a terminal acts upon', () => {
    const dangerous = fc.oneof(
      fc.integer({ min: 0, max: 0x9f }).map(code => String.fromCodePoint(code)),
      fc.constantFrom(
        '\u001b[2J',
        '\u001b]0;x\u0007',
        '\u009b31m',
        '\u202e',
        '\r',
      ),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(dangerous), parts => {
        expect(printable(parts.join(''))).not.toMatch(
          /[^\P{Cc}\n\t]|\p{Bidi_Control}/u,
        );
      }),
    );
  });
});
