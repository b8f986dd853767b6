import { resolvePackagePath } from '@backstage/backend-plugin-api';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import {
  editKustomization,
  type KustomizationChange,
} from './editKustomization';

const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;
const commitOf = (letter: string) => letter.repeat(40);
const BASE = 'http://localhost:7007/api/git-host/aurora/checkout.git';

const digest = digestOf('a');
const commit = commitOf('b');
const change: KustomizationChange = {
  images: [{ name: 'checkout', digest }],
  source: { repository: BASE, commit },
  replicas: { name: 'checkout', count: 2 },
};

/** The file as the golden path writes it. */
const template = readFileSync(
  resolvePackagePath(
    '@portico/plugin-promotions-backend',
    '../../templates/typescript-service/deployment/overlays/dev/kustomization.yaml.njk',
  ),
  'utf8',
)
  .replace(
    /\$\{\{ \(values\.cloneUrl.*\}\}/,
    `"${BASE}//deploy/base?ref=${commitOf('0')}"`,
  )
  .replace(/\{%-.*%\}\n/g, '')
  .replace(/\$\{\{ values\.name \}\}/g, 'checkout')
  .replace(/\$\{\{ values\.domain \}\}/g, 'apps.example.com');

describe('editKustomization', () => {
  it('declares the first revision in the file of the golden path, and leaves all else', () => {
    const edited = editKustomization(template, change);
    expect(edited).toBe(
      template
        .replace(commitOf('0'), commit)
        .replace(
          'images: []',
          `images:\n  - name: checkout\n    digest: ${digest}`,
        )
        .replace('count: 0', 'count: 2'),
    );
    expect(parse(edited)).toMatchObject({
      resources: [`${BASE}//deploy/base?ref=${commit}`],
      images: [{ name: 'checkout', digest: digest }],
      replicas: [{ name: 'checkout', count: 2 }],
      patches: [{ target: { kind: 'Ingress' } }],
    });
  });

  it('changes nothing where it is declared already', () => {
    const edited = editKustomization(template, change);
    expect(editKustomization(edited, change)).toBe(edited);
  });

  const head = `resources:\n- ${BASE}//deploy/base?ref=${commitOf('0')}\n`;
  const done = head.replace(commitOf('0'), commit);
  it.each([
    [
      'keys that are missing, and no newline at the end',
      `${head}namespace: shop`,
      `${done}namespace: shop\nimages:\n  - name: checkout\n    digest: ${digest}\nreplicas:\n  - name: checkout\n    count: 2`,
    ],
    [
      'keys without a value',
      `${head}images:\n# many\nreplicas: # none\n`,
      `${done}images:\n  - name: checkout\n    digest: ${digest}\n# many\nreplicas:\n  - name: checkout\n    count: 2 # none\n`,
    ],
    [
      'entries of others, not indented',
      `${head}images:\n- name: proxy # beside\n  digest: ${digestOf(
        'c',
      )}  # kept\n\nreplicas:\n- count: 1\n  name: checkout\n`,
      `${done}images:\n- name: proxy # beside\n  digest: ${digestOf(
        'c',
      )}  # kept\n- name: checkout\n  digest: ${digest}\n\nreplicas:\n- count: 2\n  name: checkout\n`,
    ],
    [
      'entries on one line',
      `${head}images: [{ name: checkout, digest: '${digestOf(
        'c',
      )}' }]\nreplicas: [{name: proxy, count: 3}] # two\n`,
      `${done}images: [{ name: checkout, digest: '${digest}' }]\nreplicas: [{name: proxy, count: 3}, { name: checkout, count: 2 }] # two\n`,
    ],
    [
      'an entry without a digest',
      `${head}images:\n  - name: checkout\n    newName: registry.example/checkout # where\nreplicas: []\n`,
      `${done}images:\n  - name: checkout\n    newName: registry.example/checkout\n    digest: ${digest} # where\nreplicas:\n  - name: checkout\n    count: 2\n`,
    ],
  ])('edits %s', (_, before, after) => {
    expect(editKustomization(before, change)).toBe(after);
  });

  it.each([
    ['no YAML', 'resources: ['],
    ['a list', '- a\n- b\n'],
    [
      'the base of another repository',
      head.replace('aurora/checkout', 'aurora/evil'),
    ],
    ['a base at a branch', `resources:\n  - ${BASE}//deploy/base?ref=main\n`],
    ['one line', `{resources: ["${BASE}//deploy/base?ref=${commitOf('0')}"]}`],
    ['an alias', `${head}replicas: &r\n  - name: other\n    count: 1\nx: *r\n`],
    ['images that are no list', `${head}images: checkout\n`],
  ])('refuses a file with %s', (_, text) => {
    expect(() => editKustomization(text, change)).toThrow(
      /kustomization\.yaml/,
    );
  });

  it('takes every base of the own repository along, and leaves those of others', () => {
    const other = `- https://git.example/shared.git//base?ref=${commitOf(
      '9',
    )}\n`;
    expect(
      editKustomization(
        `${head}${other}- ${BASE}//more?ref=${commitOf('1')}\n- ../base\n`,
        { ...change, replicas: undefined },
      ),
    ).toBe(
      `${done}${other}- ${BASE}//more?ref=${commit}\n- ../base\nimages:\n  - name: checkout\n    digest: ${digest}\n`,
    );
  });

  it('knows the own repository when the portal has moved', () => {
    const moved = BASE.replace('localhost:7007', 'portal.example:443');
    expect(
      editKustomization(head, {
        ...change,
        source: { repository: moved, commit },
      }),
    ).toContain(`${BASE}//deploy/base?ref=${commit}`);
  });

  it('writes several images, one that comes from a registry by its new name and tag', () => {
    expect(
      editKustomization(
        `images:\n- name: app\n  newName: registry.example/shop/app\n  newTag: "1.0"\n`,
        {
          images: [
            { name: 'registry.example/shop/app', digest, tag: '1.10' },
            { name: 'proxy', digest: digestOf('d'), tag: '2' },
          ],
        },
      ),
    ).toBe(
      `images:\n- name: app\n  newName: registry.example/shop/app\n  newTag: "1.10"\n  digest: ${digest}\n- name: proxy\n  digest: ${digestOf(
        'd',
      )}\n`,
    );
  });

  it('keeps every comment, the order and all other values, whatever the file looks like', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
    const comment = fc.option(
      fc.stringMatching(/^[ -~]{0,20}$/).map(text => `# ${text.trim()}`),
      { nil: '' },
    );
    const other = fc.tuple(word, comment).map(([key, note]) => ({
      name: `x${key}`,
      lines: (indent: string) => [
        `${indent}- name: x${key}${note && ` ${note}`}`,
        `${indent}  newName: 'y'`,
      ],
    }));
    const own = (field: string) =>
      fc.constantFrom('plain', '"', "'").map(quote => ({
        name: 'checkout',
        lines: (indent: string) => [
          `${indent}-   ${field}: ${
            field === 'count'
              ? 7
              : `${quote === 'plain' ? '' : quote}${digestOf('9')}${
                  quote === 'plain' ? '' : quote
                }`
          }`,
          `${indent}    name: checkout`,
        ],
      }));
    const list = (key: string, field: string) =>
      fc
        .record({
          entries: fc.uniqueArray(fc.oneof(other, own(field)), {
            maxLength: 4,
            selector: ({ name }) => name,
          }),
          indent: fc.constantFrom('', '  ', '    '),
          note: comment,
          empty: fc.constantFrom('[]', '', '[ ]', '~'),
        })
        .map(({ entries, indent, note, empty }) =>
          entries.length === 0
            ? [`${key}: ${empty}${note && ` ${note}`}`]
            : [
                `${key}:${note && ` ${note}`}`,
                ...entries.flatMap(({ lines }) => lines(indent)),
              ],
        );
    const blocks = fc
      .tuple(
        fc.option(list('images', 'digest'), { nil: [] }),
        fc.option(list('replicas', 'count'), { nil: [] }),
        fc.constantFrom(
          [
            'resources:',
            `  - "${BASE}//deploy/base?ref=${commitOf('0')}" # base`,
          ],
          [`resources: [${BASE}//deploy/base?ref=${commitOf('0')}, more.yaml]`],
        ),
        fc.array(
          comment.map(note => [note]),
          { maxLength: 3 },
        ),
        fc.constantFrom(
          [],
          [
            'patches:',
            '  - patch: |-',
            '      - op: replace',
            '        # inside',
          ],
        ),
      )
      .chain(([images, replicas, resources, notes, patches]) =>
        fc.shuffledSubarray([images, replicas, resources, patches, ...notes], {
          minLength: 4 + notes.length,
        }),
      );
    fc.assert(
      fc.property(
        blocks,
        fc.constantFrom('\n', ''),
        fc.integer({ min: 0, max: 3 }),
        (parts, end, replicas) => {
          const before = `${parts.flat().join('\n')}${end}`;
          const wish = {
            ...change,
            replicas: { name: 'checkout', count: replicas },
          };
          const after = editKustomization(before, wish);
          const was = parse(before);
          const is = parse(after);
          expect(Object.keys(is).slice(0, Object.keys(was).length)).toEqual(
            Object.keys(was),
          );
          const others = (entries: Array<{ name: string }> | null) =>
            (entries ?? []).filter(({ name }) => name !== 'checkout');
          expect({
            ...is,
            images: others(is.images),
            replicas: others(is.replicas),
            resources: undefined,
          }).toEqual({
            ...was,
            images: others(was.images),
            replicas: others(was.replicas),
            resources: undefined,
          });
          expect(after.match(/#.*$/gm)).toEqual(before.match(/#.*$/gm));
          const checkout = (entries: Array<{ name: string }>) =>
            entries.find(({ name }) => name === 'checkout');
          expect(checkout(is.images)).toMatchObject({ digest });
          expect(checkout(is.replicas)).toMatchObject({ count: replicas });
          expect(is.resources[0]).toBe(`${BASE}//deploy/base?ref=${commit}`);
          expect(editKustomization(after, wish)).toBe(after);
        },
      ),
      { numRuns: 300 },
    );
  });
});
