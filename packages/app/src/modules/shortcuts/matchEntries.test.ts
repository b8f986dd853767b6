import { matchEntries, type QuickOpenEntry } from './matchEntries';

const entry = (title: string, detail?: string): QuickOpenEntry => ({
  id: title,
  section: 'pages',
  title,
  detail,
  run: () => {},
});
const entries = [
  entry('Search'),
  entry('APIs'),
  entry('TypeScript service', 'service'),
  entry('Static site', 'website'),
  entry('Architecture decisions'),
];

it.each([
  [
    '',
    [
      'Search',
      'APIs',
      'TypeScript service',
      'Static site',
      'Architecture decisions',
    ],
  ],
  ['  SER ', ['TypeScript service']],
  ['arch', ['Architecture decisions', 'Search']],
  ['site web', ['Static site']],
  ['nothing', []],
])('finds for %j %j', (text, titles) => {
  expect(matchEntries(entries, text).map(({ title }) => title)).toEqual(titles);
});
