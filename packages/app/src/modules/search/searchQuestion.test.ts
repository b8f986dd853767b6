import fc from 'fast-check';
import {
  readQuestion,
  resultKinds,
  resultTypes,
  writeQuestion,
} from './searchQuestion';

describe('the question in the address', () => {
  it('comes back as it was written', () => {
    const questions = fc.record({
      text: fc.string({ maxLength: 40 }).map(text => text.trim()),
      type: fc.constantFrom(...resultTypes),
      kind: fc.option(fc.constantFrom(...resultKinds), { nil: undefined }),
      cursor: fc.option(fc.stringMatching(/^[A-Za-z0-9+=]{1,9}$/), {
        nil: undefined,
      }),
    });
    fc.assert(
      fc.property(questions, ({ text, type, kind, cursor }) => {
        const question = {
          text,
          type,
          ...(kind && type === 'software-catalog' && { kind }),
          ...(cursor && { cursor }),
        };
        const address = writeQuestion(question).toString();
        expect(readQuestion(new URLSearchParams(address))).toEqual(question);
      }),
    );
  });

  it('takes a kind as a search of the catalog', () => {
    expect(readQuestion(new URLSearchParams('query=a&kind=api'))).toEqual({
      text: 'a',
      type: 'software-catalog',
      kind: 'API',
    });
  });

  it('leaves out what makes no sense', () => {
    expect(
      readQuestion(new URLSearchParams('query=%20&type=people&kind=robot')),
    ).toEqual({ text: '', type: 'all' });
  });
});
