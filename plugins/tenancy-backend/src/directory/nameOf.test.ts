import { principalNameSchema } from '@portico/plugin-tenancy-common';
import fc from 'fast-check';
import { freeName, nameOf } from './nameOf';

describe('nameOf', () => {
  it.each([
    ['Kim.Doe@example.org', 'kim-doe'],
    ['Zoë Müller', 'zoe-muller'],
    ['bot-ci', 'user-bot-ci'],
    ['日本', 'person'],
    ['@example.org', 'example-org'],
  ])('makes of %s %s', (text, name) => {
    expect(nameOf(text, 'person')).toBe(name);
  });

  it('makes a name of any text, and another one of any that is taken', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), text => {
        const name = nameOf(text, 'person');
        const taken = new Set([name, `${name}-2`]);
        for (const one of [name, freeName(name, taken)]) {
          expect(principalNameSchema.safeParse(one).error).toBeUndefined();
          expect(one.startsWith('bot-')).toBe(false);
        }
        expect(taken.has(freeName(name, taken))).toBe(false);
      }),
    );
  });
});
