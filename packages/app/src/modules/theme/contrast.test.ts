import { existsSync, readdirSync, readFileSync } from 'fs';
import path from 'path';
import { darkPorticoTheme, lightPorticoTheme } from './createPorticoTheme';

type Tokens = Map<string, string>;

function readTokens(mode: 'light' | 'dark'): Tokens {
  const css = readFileSync(path.join(__dirname, 'tokens.css'), 'utf8');
  const tokens: Tokens = new Map();
  for (const [, selector, body] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (selector.includes("mode='dark'") && mode !== 'dark') {
      continue;
    }
    for (const [, name, value] of body.matchAll(
      /(--[a-z0-9-]+):\s*([^;]+);/g,
    )) {
      tokens.set(name, value.trim());
    }
  }
  return tokens;
}

function colour(tokens: Tokens, name: string): string {
  const value = tokens.get(name);
  const reference = value && /^var\((--[a-z0-9-]+)\)$/.exec(value);
  if (reference) {
    return colour(tokens, reference[1]);
  }
  if (!value || !/^#[0-9a-f]{6}$/.test(value)) {
    throw new Error(`tokens.css has no plain colour for ${name}`);
  }
  return value;
}

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map(start => {
    const channel = parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045
      ? channel / 12.92
      : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort(
    (a, b) => a - b,
  );
  return (light + 0.05) / (dark + 0.05);
}

/** Where text may stand. */
const grounds = [
  '--bui-bg-app',
  ...[1, 2, 3, 4].flatMap(level => [
    `--bui-bg-neutral-${level}`,
    `--bui-bg-neutral-${level}-hover`,
    `--bui-bg-neutral-${level}-pressed`,
  ]),
];

/** What may be text on any of them. */
const texts = [
  '--bui-fg-primary',
  '--bui-fg-secondary',
  '--bui-fg-positive',
  '--bui-fg-negative',
  '--bui-fg-warning',
  '--bui-fg-announcement',
  '--portico-link',
];

/** Text on a ground of its own. */
const pairs: [text: string, ground: string][] = [
  ['--bui-accent-fg', '--bui-accent-bg'],
  ['--bui-accent-fg', '--bui-accent-bg-hover'],
  ['--portico-nav-active-fg', '--portico-nav-active-bg'],
  ...['positive', 'negative', 'warning', 'announcement'].flatMap(
    (status): [string, string][] => [
      [`--bui-${status}-fg`, `--bui-${status}-bg`],
      [`--bui-${status}-fg-subdued`, `--bui-${status}-bg-subdued`],
    ],
  ),
];

/** What shows where a control is, or that it is on or has the focus. */
const marks = ['--bui-ring', '--bui-border-2', '--bui-accent-bg'];

/** Lines that only separate, and edges of things that their text makes plain. */
const decoration = [
  '--bui-border-1',
  '--portico-button-edge',
  ...['positive', 'negative', 'warning', 'announcement'].map(
    status => `--bui-${status}-border`,
  ),
];

describe.each(['light', 'dark'] as const)('the %s colours', mode => {
  const tokens = readTokens(mode);

  it.each(texts.flatMap(text => grounds.map(ground => [text, ground])))(
    'have text %s readable on %s',
    (text, ground) => {
      expect(
        contrast(colour(tokens, text), colour(tokens, ground)),
      ).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(pairs)('have %s readable on %s', (text, ground) => {
    expect(
      contrast(colour(tokens, text), colour(tokens, ground)),
    ).toBeGreaterThanOrEqual(4.5);
  });

  it.each(
    marks.flatMap(mark =>
      [
        '--bui-bg-app',
        '--bui-bg-neutral-1',
        '--bui-bg-neutral-2',
        '--bui-bg-neutral-3',
        '--bui-bg-neutral-4',
      ].map(ground => [mark, ground]),
    ),
  )('have the mark %s visible on %s', (mark, ground) => {
    expect(
      contrast(colour(tokens, mark), colour(tokens, ground)),
    ).toBeGreaterThanOrEqual(3);
  });
});

describe('the style sheets of Portico', () => {
  const repository = path.join(__dirname, '../../../../..');
  const rules = ['packages', 'plugins']
    .flatMap(parent =>
      readdirSync(path.join(repository, parent)).map(name =>
        path.join(repository, parent, name, 'src'),
      ),
    )
    .filter(existsSync)
    .flatMap(folder =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter(file => file.endsWith('.css') && !file.endsWith('tokens.css'))
        .map(file => path.join(folder, file)),
    )
    .flatMap(file => {
      const css = readFileSync(file, 'utf8').replace(/\/\*.*?\*\//gs, '');
      return [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].map(
        ([, selector, body]) => ({
          rule: `${path.relative(repository, file)}: ${selector.trim()}`,
          body,
        }),
      );
    });

  /** Rules and the tokens that they give to a property. */
  const uses = (property: RegExp) =>
    rules.flatMap(({ rule, body }) =>
      [...body.matchAll(/([a-z-]+):\s*([^;]+)/g)]
        .filter(([, name]) => property.test(name))
        .flatMap(([, , value]) =>
          [...value.matchAll(/var\((--[a-z0-9-]+)/g)].map(([, token]) => ({
            rule,
            body,
            token,
          })),
        ),
    );

  it('write with colours that are checked on every ground, or on their own', () => {
    expect(
      uses(/^color$/).filter(
        ({ token, body }) =>
          !texts.includes(token) &&
          token !== '--bui-fg-disabled' &&
          !pairs.some(
            ([text, ground]) =>
              text === token && body.includes(`var(${ground})`),
          ),
      ),
    ).toEqual([]);
  });

  it('paint grounds that text is checked on', () => {
    const known = new Set([
      ...grounds,
      ...pairs.map(([, ground]) => ground),
      // Bars and dots without text, and what lies behind a dialog.
      ...marks,
      ...texts,
      ...decoration,
      '--portico-scrim',
    ]);
    expect(
      uses(/^background(-color)?$/).filter(({ token }) => !known.has(token)),
    ).toEqual([]);
  });

  it('draw lines that are marks, decoration or text colours', () => {
    const known = new Set([...marks, ...decoration, ...texts]);
    expect(
      uses(/^(border|outline)(-[a-z]+)*$/).filter(
        ({ token }) =>
          !known.has(token) &&
          !/^--(bui-(space|radius)|portico-.*(width|height))/.test(token),
      ),
    ).toEqual([]);
  });

  it('name no colour themselves', () => {
    expect(
      rules.filter(
        ({ rule, body }) =>
          /#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/i.test(body) &&
          // What stock parts write into their elements is cured value by value.
          !rule.includes('theme/stock.css'),
      ),
    ).toEqual([]);
  });
});

describe('the colours that Material UI gets', () => {
  it.each([
    ['light', lightPorticoTheme],
    ['dark', darkPorticoTheme],
  ] as const)('are the %s tokens', (mode, theme) => {
    const tokens = readTokens(mode);
    const palette = theme.getTheme('v5')?.palette;
    expect({
      ground: palette?.background.default,
      surface: palette?.background.paper,
      text: palette?.text.primary,
      subtle: palette?.text.secondary,
      accent: palette?.primary.main,
      accentText: palette?.primary.contrastText,
      error: palette?.error.main,
      warning: palette?.warning.main,
      ok: palette?.success.main,
    }).toEqual({
      ground: colour(tokens, '--bui-bg-app'),
      surface: colour(tokens, '--bui-bg-neutral-1'),
      text: colour(tokens, '--bui-fg-primary'),
      subtle: colour(tokens, '--bui-fg-secondary'),
      accent: colour(tokens, '--bui-accent-bg'),
      accentText: colour(tokens, '--bui-accent-fg'),
      error: colour(tokens, '--bui-fg-negative'),
      warning: colour(tokens, '--bui-fg-warning'),
      ok: colour(tokens, '--bui-fg-positive'),
    });
  });
});
