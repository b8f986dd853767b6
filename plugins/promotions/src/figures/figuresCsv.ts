import { type DeliveryFigures } from '@portico/plugin-promotions-common';
import { figureNames } from './figureNames';

/**
 * The figures and the days behind them as a table for a spreadsheet: one row for each figure
 * and for each day.
 */
export function figuresCsv(figures: DeliveryFigures): string {
  const { scope, from, to, sample } = figures;
  const rows: Array<Array<string | number | boolean | undefined>> = [
    [
      'scope',
      'from',
      'to',
      'figure',
      'value',
      'unit',
      'n',
      'before',
      'level',
      'median_of_components',
      'note',
      'sample',
    ],
    ...figureNames.map(name => {
      const { value, unit, n, before, level, medianOfComponents, note } =
        figures[name];
      return [
        scope,
        from,
        to,
        name,
        value,
        unit,
        n,
        before,
        level,
        medianOfComponents,
        note,
        sample,
      ];
    }),
    ...figures.days.flatMap(({ day, succeeded, failed }) =>
      [['succeeded', succeeded] as const, ['failed', failed] as const].map(
        ([name, count]) => [
          scope,
          day,
          day,
          name,
          count,
          'deployments',
          undefined,
          undefined,
          undefined,
          undefined,
          undefined,
          sample,
        ],
      ),
    ),
  ];
  return rows.map(row => `${row.map(toField).join(',')}\r\n`).join('');
}

/** A field of RFC 4180; what a spreadsheet would take for a formula is kept text. */
function toField(value: string | number | boolean | undefined): string {
  if (typeof value !== 'string') {
    return value === undefined ? '' : String(value);
  }
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
