import fc from 'fast-check';
import { QueryTemplate } from './QueryTemplate';

const fill = (text: string, component = 'checkout') =>
  QueryTemplate.parse(text, 'here').fill({
    tenant: 'aurora',
    component,
    environment: 'prod',
  });

describe('QueryTemplate', () => {
  it('puts names into quoted strings, and leaves the rest as it is', () => {
    expect(
      fill(
        `sum(rate(errors{namespace="{tenant}-{environment}", app='{component}'}[5m])) / 2 # {"x"}`,
      ),
    ).toBe(
      `sum(rate(errors{namespace="aurora-prod", app='checkout'}[5m])) / 2 # {"x"}`,
    );
    expect(fill('up{job="{other}", x=`{raw}`} > 2')).toBe(
      'up{job="{other}", x=`{raw}`} > 2',
    );
  });

  it.each([
    [
      'a quote',
      'up{app="{component}"}',
      'a"} or up{b="',
      'up{app="a\\"} or up{b=\\""}',
    ],
    ['a backslash', 'up{app="{component}"}', 'a\\', 'up{app="a\\\\"}'],
    ['the other quote', `up{app='{component}'}`, `a'"`, `up{app='a\\'"'}`],
    ['a line', 'up{app="{component}"}', 'a\nb', 'up{app="a\\u000ab"}'],
    [
      'an expression',
      'up{app=~"{component}.*"}',
      'a.b|c',
      'up{app=~"a\\\\.b\\\\|c.*"}',
    ],
    [
      'an expression after a space',
      'up{app!~ "{component}"}',
      '.*',
      'up{app!~ "\\\\.\\\\*"}',
    ],
  ])('escapes %s', (_, text, component, expected) => {
    expect(fill(text, component)).toBe(expected);
  });

  it.each([
    ['up{app={component}}', 'outside of quotes'],
    ['{component}', 'outside of quotes'],
    ['up{app=`{component}`}', 'in a string in backticks'],
    ['up{app="{component}}', 'has no end'],
    ['up{app="a\\"}', 'has no end'],
  ])('refuses %s', (text, message) => {
    expect(() => fill(text)).toThrow(message);
  });

  it('never lets a value out of its string', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('"', "'", '\\', '\n', 'a', '}', '{', '$'),
        }),
        fc.constantFrom('"', "'"),
        fc.constantFrom('=', '=~'),
        (value, mark, operator) => {
          const text = fill(
            `up{app${operator}${mark}{component}${mark}}`,
            value,
          );
          const inside = text.slice(
            `up{app${operator}${mark}`.length,
            -`${mark}}`.length,
          );
          // Read as Go reads it: no bare quote, no bare line, every backslash escapes.
          expect(inside).toMatch(
            mark === '"' ? /^(?:[^"\\\n]|\\.)*$/ : /^(?:[^'\\\n]|\\.)*$/,
          );
          const read = inside.replace(
            /\\u([0-9a-f]{4})|\\(.)/g,
            (_, code, character) =>
              code ? String.fromCharCode(parseInt(code, 16)) : character,
          );
          expect(operator === '=' ? read : read.replace(/\\(.)/g, '$1')).toBe(
            value,
          );
        },
      ),
    );
  });
});
