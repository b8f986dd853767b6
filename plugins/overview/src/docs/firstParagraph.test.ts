import fc from 'fast-check';
import { firstParagraph } from './firstParagraph';

it.each([
  [
    '# Orders\n\nTakes **orders** from the [shop](https://x).\nAnd more.\n\nNext',
    'Takes orders from the shop. And more.',
  ],
  ['# Orders\nTakes `orders`.', 'Takes orders.'],
  [
    '![build](https://x/b.svg)\n\n# A\n\nText_with_underscores stays, *this* goes.',
    'Text_with_underscores stays, this goes.',
  ],
  ['---\ntitle: x\n---\nText.', 'Text.'],
  ['<!-- a\n\nb -->\n\nText.', 'Text.'],
  ['# Orders\n\n- a list', undefined],
  ['# Orders\n\n```sh\nnpm start\n```', undefined],
  ['# Orders\n\n| a | b |', undefined],
  ['# Orders', undefined],
  ['', undefined],
])('reads %j as %j', (markdown, expected) => {
  expect(firstParagraph(markdown)).toBe(expected);
});

it('is one short line, or nothing', () => {
  fc.assert(
    fc.property(
      fc.string({
        maxLength: 2_000,
        unit: fc.constantFrom(...'ab *_#[]()`-<>!|\n'),
      }),
      markdown => {
        const text = firstParagraph(markdown);
        expect(text === undefined || /^\S/.test(text)).toBe(true);
        expect(text ?? '').not.toContain('\n');
        expect((text ?? '').length).toBeLessThanOrEqual(400);
      },
    ),
  );
});
