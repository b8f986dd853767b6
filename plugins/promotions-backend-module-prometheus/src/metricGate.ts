import { InputError, ServiceUnavailableError } from '@backstage/errors';
import { environmentNameSchema } from '@portico/plugin-promotions-common';
import {
  contentDigest,
  defineGate,
  type Gate,
} from '@portico/plugin-promotions-node';
import { z } from 'zod';
import { type MetricQuery } from './MetricQuery';

/** Figures change all the time, and each look at them is kept. */
const ASK_AGAIN_MILLISECONDS = 2 * 60_000;

const optionsSchema = z
  .strictObject({
    /** Name of a query of `promotions.prometheus.queries`. */
    query: z.string().min(1).max(63),
    /** The one that is promoted to, unless told. */
    environment: environmentNameSchema.optional(),
    below: z.number().optional(),
    above: z.number().optional(),
  })
  .refine(
    ({ below, above }) => (below === undefined) !== (above === undefined),
    {
      error: 'must have either below or above',
    },
  );
type MetricOptions = z.infer<typeof optionsSchema>;

/**
 * A figure of Prometheus is below or above a threshold: every series of it. Without data
 * it waits, for no errors counted is not the same as no errors.
 */
export function metricGate(queries: ReadonlyMap<string, MetricQuery>): Gate {
  const gate = defineGate<MetricOptions>({
    kind: 'metric',
    options: optionsSchema,
    async evaluate({ options, tenant, promotion, now, signal }) {
      const query = queries.get(options.query);
      if (!query) {
        throw new ServiceUnavailableError(unknownQuery(queries, options.query));
      }
      const environment = options.environment ?? promotion.environment;
      const text = query.template.fill({
        tenant,
        component: promotion.component.slice(
          promotion.component.indexOf('/') + 1,
        ),
        environment,
      });
      const figures = await query.server.figures(text, signal);
      const worst = worstOf(figures, options);
      const evidence = {
        query: query.name,
        server: query.server.name,
        queryDigest: contentDigest(text),
        environment,
        ...(query.unit && { unit: query.unit }),
        ...(options.below !== undefined && { below: options.below }),
        ...(options.above !== undefined && { above: options.above }),
        series: figures.length,
        // JSON knows no infinity.
        ...(worst !== undefined && { figure: String(worst) }),
      };
      const askAgainAt = new Date(now.getTime() + ASK_AGAIN_MILLISECONDS);
      if (worst === undefined) {
        return {
          outcome: 'waiting',
          reason: `${query.server.name} has no data for ${query.name} in ${environment}.`,
          evidence,
          askAgainAt,
        };
      }
      const fits = isWithin(worst, options);
      return {
        outcome: fits ? 'passed' : 'waiting',
        reason: `${query.name} in ${environment} is ${figureText(
          worst,
          query.unit,
        )}${fits ? ', ' : ', and has to be '}${thresholdText(
          options,
          query.unit,
        )}.`,
        evidence,
        askAgainAt,
      };
    },
  });
  return {
    ...gate,
    checkOptions(options) {
      const checked = gate.checkOptions(options);
      const { query } = optionsSchema.parse(checked);
      if (!queries.has(query)) {
        throw new InputError(unknownQuery(queries, query));
      }
      return checked;
    },
  };
}

function worstOf(
  figures: readonly number[],
  { below }: MetricOptions,
): number | undefined {
  if (figures.length === 0) {
    return undefined;
  }
  return below === undefined ? Math.min(...figures) : Math.max(...figures);
}

function isWithin(figure: number, { below, above }: MetricOptions): boolean {
  return (
    (below === undefined || figure < below) &&
    (above === undefined || figure > above)
  );
}

function thresholdText(
  { below, above }: MetricOptions,
  unit: string | undefined,
): string {
  return below === undefined
    ? `above ${figureText(above ?? NaN, unit)}`
    : `below ${figureText(below, unit)}`;
}

function figureText(figure: number, unit: string | undefined): string {
  const text = Number.isInteger(figure)
    ? String(figure)
    : String(Number(figure.toPrecision(6)));
  return unit ? `${text} ${unit}` : text;
}

function unknownQuery(
  queries: ReadonlyMap<string, MetricQuery>,
  name: string,
): string {
  return `The options of the gate metric are wrong: there is no query "${name}" in this portal, only ${
    [...queries.keys()].join(', ') || 'none at all'
  }`;
}
