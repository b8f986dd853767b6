import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import {
  chartFolder,
  readObjects,
  render,
  valuesOf,
} from './__testUtils__/chart';

jest.setTimeout(120_000);

const ruleSchema = z.object({
  spec: z.object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            alert: z.string(),
            expr: z.string(),
            labels: z.object({ severity: z.enum(['critical', 'warning']) }),
            annotations: z.object({
              summary: z.string().regex(/\.$/),
              runbook_url: z.string(),
            }),
          }),
        ),
      }),
    ),
  }),
});

/** Names of metrics in an expression, without their labels and texts. */
function metricsIn(expression: string): string[] {
  return (
    expression
      .replace(/"[^"]*"/g, '')
      .match(/\b(portico|kube|catalog|backend)_[a-z_]+|\bup\b/g) ?? []
  );
}

async function alerts() {
  const rule = readObjects(await render(valuesOf('everything'))).find(
    ({ kind }) => kind === 'PrometheusRule',
  );
  return ruleSchema.parse(rule).spec.groups.flatMap(({ rules }) => rules);
}

describe('the alerts', () => {
  it('lead to an entry of the runbook each', async () => {
    const runbook = readFileSync(
      resolve(chartFolder, '../../docs/runbook.md'),
      'utf8',
    );
    const entries = [...runbook.matchAll(/^#+ (Portico\w+)\s*$/gm)].map(
      ([, name]) => name,
    );
    const rules = await alerts();
    expect(entries.sort()).toEqual(rules.map(({ alert }) => alert).sort());
    for (const { alert, annotations } of rules) {
      expect(annotations.runbook_url).toBe(
        `https://docs.example.com/portico/runbook#${alert.toLowerCase()}`,
      );
    }
  });

  it('watch this installation alone', async () => {
    for (const { alert, expr } of await alerts()) {
      const series = expr.match(/\{[^}]*\}/g) ?? [];
      expect({ alert, series: series.length }).toEqual({
        alert,
        series: metricsIn(expr).length,
      });
      for (const labels of series) {
        expect(labels).toContain('namespace="portico"');
      }
    }
  });
});

describe('what is shown and watched', () => {
  it('is among the metrics that the portal describes', async () => {
    const described = readFileSync(
      resolve(chartFolder, '../../docs/operations.md'),
      'utf8',
    );
    const dashboard = JSON.stringify(
      parse(readFileSync(join(chartFolder, 'files/dashboard.json'), 'utf8')),
    );
    const shown = [
      ...dashboard.matchAll(/"expr":"((?:[^"\\]|\\.)*)"/g),
    ].flatMap(([, expression]) => metricsIn(JSON.parse(`"${expression}"`)));
    const watched = (await alerts()).flatMap(({ expr }) => metricsIn(expr));
    expect(shown.length).toBeGreaterThan(20);
    const own = [...new Set([...shown, ...watched])]
      .filter(name => name.startsWith('portico_'))
      .map(name => name.replace(/_(bucket|count|sum)$/, ''));
    expect(own.filter(name => !described.includes(name))).toEqual([]);
  });
});
