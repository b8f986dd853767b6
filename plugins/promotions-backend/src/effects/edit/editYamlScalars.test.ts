import fc from 'fast-check';
import { parseAllDocuments, stringify } from 'yaml';
import { editYamlScalars } from './editYamlScalars';
import { parseYamlPath } from './yamlPath';

const digest = `sha256:${'a'.repeat(64)}`;
const edit = (text: string, path: string, value = digest) =>
  editYamlScalars(text, [{ path, value }], 'values.yaml');

describe('editYamlScalars', () => {
  it.each([
    ['a value', 'image:\n  digest: old # now\nx: 1\n', 'image.digest'],
    ['a quoted value', "image: { digest: 'old', tag: '1' }\n", 'image.digest'],
    ['a place in a list', '- a: x\n- a: old\n', '[1].a'],
    [
      'an entry by its name',
      'containers:\n  - name: proxy\n    image: x\n  - name: app\n    image: old\n',
      'containers[name=app].image',
    ],
    [
      'a key with dots',
      'annotations:\n  example.com/version: old\n',
      'annotations["example.com/version"]',
    ],
    [
      'one document of several',
      '# first\nkind: Service\n---\nkind: Deployment\nspec: { image: old }\n---\n# last\nkind: X\n',
      'spec.image',
    ],
  ])('replaces %s, and nothing else', (_, text, path) => {
    expect(edit(text, path)).toBe(text.replace('old', digest));
  });

  it('fills an empty value, and quotes what would be read as a number', () => {
    expect(edit('image:\n  digest: # later\n  tag:\n', 'image.digest')).toBe(
      `image:\n  digest: ${digest} # later\n  tag:\n`,
    );
    expect(edit('tag: 1.9\n', 'tag', '1.10')).toBe('tag: "1.10"\n');
    expect(edit("tag: '1.9'\n", 'tag', '1.10')).toBe("tag: '1.10'\n");
  });

  it.each([
    ['no YAML', 'a: [', 'a', 'values.yaml is no YAML'],
    ['no such path', 'a: 1\n', 'image.digest', 'has no image.digest; add it'],
    ['a map there', 'a:\n  b: 1\n', 'a', 'has no a'],
    [
      'the path in two documents',
      'a: 1\n---\na: 2\n',
      'a',
      'several documents',
    ],
    ['an anchor there', 'a: &x old\nb: *x\n', 'a', 'does not edit'],
    ['an alias there', 'a: &x old\nb: *x\n', 'b', 'has no b'],
    ['a text that the quotes cannot hold', 'a: "x"\n', 'a', 'does not edit'],
  ])('refuses a file with %s', (what, text, path, why) => {
    expect(() =>
      edit(text, path, what.startsWith('a text') ? 'say "x"' : digest),
    ).toThrow(why);
  });

  it.each(['', 'a..b', 'a[', 'a]', '.a', 'a.', 'a[-1]', 'a["b"', 'a[x=]'])(
    'refuses the path %p',
    path => {
      expect(() => edit('a: 1\n', path)).toThrow();
    },
  );

  it('changes the one scalar that is meant, whatever stands around it', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
    const scalar = fc.oneof(
      word,
      fc.integer(),
      fc.boolean(),
      fc.constantFrom('', 'yes', '1.10', 'a: b', '# no', "it's", 'a\nb'),
    );
    const content = fc.letrec(tie => ({
      node: fc.oneof(
        { depthSize: 'small' },
        scalar,
        fc.dictionary(word, tie('node'), { maxKeys: 4 }),
        fc.array(tie('node'), { maxLength: 3 }),
      ),
    })).node;
    const place = fc.array(word, { minLength: 1, maxLength: 3 });
    const insert = (
      around: unknown,
      [key, ...rest]: string[],
      value: unknown,
    ): unknown => ({
      ...(typeof around === 'object' && !Array.isArray(around) ? around : {}),
      [key]: rest.length === 0 ? value : insert({}, rest, value),
    });
    fc.assert(
      fc.property(
        fc.dictionary(word, content, { maxKeys: 4 }),
        place,
        fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'),
        fc.constantFrom(digest, `registry.example/a@${digest}`, '1.10', '7'),
        (around, path, quote, value) => {
          const before = stringify(insert(around, path, 'OLD-VALUE'), {
            defaultStringType: quote as 'PLAIN',
            defaultKeyType: 'PLAIN',
            lineWidth: 0,
          });
          const text = before.replace(
            /^(.*OLD-VALUE.*)$/m,
            '# before\n$1 # beside',
          );
          const after = edit(text, path.join('.'), value);
          const lines = (all: string) => all.split('\n');
          const changed = lines(after).filter(
            (line, index) => line !== lines(text)[index],
          );
          expect(lines(after)).toHaveLength(lines(text).length);
          expect(changed).toHaveLength(1);
          expect(changed[0]).toContain(value);
          expect(changed[0]).toMatch(/ # beside$/);
          expect(parseAllDocuments(after).map(one => one.toJS())).toEqual([
            insert(around, path, value),
          ]);
          expect(edit(after, path.join('.'), value)).toBe(after);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('parseYamlPath', () => {
  it('reads keys, places and entries', () => {
    expect(parseYamlPath('a.b-c[0].d[name=x/y].e["f.g"]')).toEqual([
      { key: 'a' },
      { key: 'b-c' },
      { index: 0 },
      { key: 'd' },
      { field: 'name', value: 'x/y' },
      { key: 'e' },
      { key: 'f.g' },
    ]);
  });
});
