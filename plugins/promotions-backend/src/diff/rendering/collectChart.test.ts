import { collectChart } from './collectChart';

const files = new Map([
  ['checkout/chart/Chart.yaml', ''],
  ['checkout/chart/values/staging.yaml', ''],
  ['checkout/other/staging.yaml', ''],
]);

it('takes the nearest chart above the values', () => {
  expect(
    collectChart({
      files,
      values: 'checkout/chart/values/staging.yaml',
      release: 'checkout',
    }),
  ).toMatchObject({ tool: 'helm', folder: 'checkout/chart' });
});

it('says so where there is none', () => {
  expect(() =>
    collectChart({
      files,
      values: 'checkout/other/staging.yaml',
      release: 'checkout',
    }),
  ).toThrow('There is no Chart.yaml beside or above checkout/other');
});
