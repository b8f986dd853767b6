import { deliveryFiguresSchema } from '@portico/plugin-promotions-common';
import { figuresCsv } from './figuresCsv';

it('writes a row for each figure and two for each day, and no formulas', () => {
  const csv = figuresCsv(
    deliveryFiguresSchema.parse({
      scope: '=cmd()',
      from: '2026-10-22T12:00:00.000Z',
      to: '2026-11-21T12:00:00.000Z',
      deploymentFrequency: {
        value: 0.7,
        unit: 'perWeek',
        n: 3,
        before: 0.47,
        level: 'low',
      },
      leadTime: { unit: 'hours', n: 0, note: 'Not enough: "none", so far' },
      changeFailureRate: {
        value: 50,
        unit: 'percent',
        n: 4,
        medianOfComponents: 33.33,
        level: 'low',
      },
      timeToRestore: { unit: 'hours', n: 0 },
      days: [{ day: '2026-10-22', succeeded: 2, failed: 1 }],
      sample: false,
    }),
  );
  expect(csv.split('\r\n')).toEqual([
    'scope,from,to,figure,value,unit,n,before,level,median_of_components,note,sample',
    "'=cmd(),2026-10-22T12:00:00.000Z,2026-11-21T12:00:00.000Z,deploymentFrequency,0.7,perWeek,3,0.47,low,,,false",
    `'=cmd(),2026-10-22T12:00:00.000Z,2026-11-21T12:00:00.000Z,leadTime,,hours,0,,,,"Not enough: ""none"", so far",false`,
    "'=cmd(),2026-10-22T12:00:00.000Z,2026-11-21T12:00:00.000Z,changeFailureRate,50,percent,4,,low,33.33,,false",
    "'=cmd(),2026-10-22T12:00:00.000Z,2026-11-21T12:00:00.000Z,timeToRestore,,hours,0,,,,,false",
    "'=cmd(),2026-10-22,2026-10-22,succeeded,2,deployments,,,,,,false",
    "'=cmd(),2026-10-22,2026-10-22,failed,1,deployments,,,,,,false",
    '',
  ]);
});
