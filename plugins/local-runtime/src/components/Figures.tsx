import { useCallback } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  type MetricSample,
  type ServiceMetrics,
} from '@portico/plugin-local-runtime-common';
import { localRuntimeApiRef } from '../api/LocalRuntimeApi';
import { formatBytes } from '../content/formatBytes';
import { LINE_SIZE, linePoints } from '../content/linePoints';
import { useLive } from '../hooks/useLive';
import { localRuntimeTranslationRef } from '../translation';
import styles from './Services.module.css';

const PAUSE_MILLISECONDS = 5_000;

/** The last figures of a service, each with its course. */
export function Figures(props: {
  entityRef: string;
  environment: string;
  memoryLimitBytes?: number;
}) {
  const { entityRef, environment, memoryLimitBytes } = props;
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  const api = useApi(localRuntimeApiRef);
  const load = useCallback(
    () => api.metrics({ entityRef, environment }),
    [api, entityRef, environment],
  );
  // Figures are an extra: while they cannot be told, the rest is shown.
  const { value: metrics } = useLive(load, () => PAUSE_MILLISECONDS);
  const last = metrics?.samples.at(-1);
  if (!metrics || !last) {
    return null;
  }
  const perSecond = (number: number | undefined) =>
    number === undefined
      ? undefined
      : t('service.perSecond', { number: number.toFixed(1) });
  const used = formatBytes(last.memoryBytes);
  return (
    <>
      <dl
        className={styles.figures}
        aria-label={t('service.figures', { environment })}
      >
        <Figure
          name={t('service.memory')}
          value={
            memoryLimitBytes
              ? t('service.memoryOf', {
                  used,
                  limit: formatBytes(memoryLimitBytes),
                })
              : used
          }
          metrics={metrics}
          of={sample => sample.memoryBytes}
        />
        <Figure
          name={t('service.requests')}
          value={perSecond(last.requestsPerSecond)}
          metrics={metrics}
          of={sample => sample.requestsPerSecond}
        />
        <Figure
          name={t('service.errors')}
          value={perSecond(last.errorsPerSecond)}
          metrics={metrics}
          of={sample => sample.errorsPerSecond}
        />
        <Figure
          name={t('service.latency')}
          value={
            last.latencyMilliseconds &&
            t('service.milliseconds', {
              number: last.latencyMilliseconds.p95.toFixed(0),
            })
          }
          metrics={metrics}
          of={sample => sample.latencyMilliseconds?.p95}
        />
      </dl>
      <p className={styles.quiet}>
        {t('service.source', { seconds: String(metrics.intervalSeconds) })}
      </p>
    </>
  );
}

function Figure(props: {
  name: string;
  /** Undefined where the service does not tell it. */
  value: string | undefined;
  metrics: ServiceMetrics;
  of(sample: MetricSample): number | undefined;
}) {
  const { name, value, metrics, of } = props;
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  if (value === undefined) {
    return null;
  }
  const points = linePoints(
    metrics.samples.flatMap(sample => of(sample) ?? []),
  );
  const minutes = Math.max(
    1,
    Math.round((metrics.samples.length * metrics.intervalSeconds) / 60),
  );
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {points && (
          <svg
            className={styles.line}
            viewBox={`0 0 ${LINE_SIZE.width} ${LINE_SIZE.height}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={t('service.history', {
              name,
              minutes: String(minutes),
            })}
          >
            <polyline points={points} />
          </svg>
        )}
      </dd>
    </div>
  );
}
