import { useId } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EmptyState, Section } from '@portico/page-states';
import { type DeliveryFigures } from '@portico/plugin-promotions-common';
import sectionStyles from '../components/Section.module.css';
import { type Bar, barsOf } from './bars';
import styles from './Figures.module.css';
import { figuresTranslationRef } from './translation';

const WIDTH = 960;
const HEIGHT = 180;
/** Room for the numbers at the left and the days below. */
const LEFT = 32;
const BOTTOM = 22;
const TOP = 8;

const dayFormat = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  timeZone: 'UTC',
});

/** How many deployments succeeded and failed on each day: bars, and the same as a table. */
export function DaysChart(props: { days: DeliveryFigures['days'] }) {
  const { t } = useTranslationRef(figuresTranslationRef);
  const { unit, bars } = barsOf(props.days);
  const sum = (name: 'succeeded' | 'failed') =>
    bars.reduce((total, bar) => total + bar[name], 0);
  const most = Math.max(...bars.map(bar => bar.succeeded + bar.failed));
  return (
    <Section title={t('chart.title')}>
      {most === 0 ? (
        <EmptyState title={t('chart.none')} description={t('chart.noneHint')} />
      ) : (
        <>
          <ul className={styles.legend}>
            <li>
              <span className={styles.succeededSwatch} aria-hidden />
              {t('chart.succeeded')}
            </li>
            <li>
              <span className={styles.failedSwatch} aria-hidden />
              {t('chart.failed')}
            </li>
          </ul>
          <Bars
            bars={bars}
            most={most}
            label={t('chart.summary', {
              succeeded: String(sum('succeeded')),
              failed: String(sum('failed')),
              most: String(most),
            })}
          />
          <details className={styles.details}>
            <summary>{t('chart.table')}</summary>
            <div className={sectionStyles.scroll}>
              <table className={sectionStyles.table}>
                <thead>
                  <tr>
                    <th scope="col">{t(`chart.${unit}`)}</th>
                    <th scope="col">{t('chart.succeeded')}</th>
                    <th scope="col">{t('chart.failed')}</th>
                  </tr>
                </thead>
                <tbody>
                  {bars.map(bar => (
                    <tr key={bar.day}>
                      <td>
                        <time dateTime={bar.day}>{formatDay(bar.day)}</time>
                      </td>
                      <td>{bar.succeeded}</td>
                      <td>{bar.failed}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </details>
        </>
      )}
    </Section>
  );
}

function Bars(props: { bars: readonly Bar[]; most: number; label: string }) {
  const { bars, most, label } = props;
  const hatch = useId();
  const step = (WIDTH - LEFT) / bars.length;
  const barWidth = Math.min(step * 0.7, 40);
  const floor = HEIGHT - BOTTOM;
  const heightOf = (count: number) => (count / most) * (floor - TOP);
  const middle = Math.floor((bars.length - 1) / 2);
  const named = [
    { index: 0, x: LEFT, anchor: 'start' as const },
    {
      index: middle,
      x: LEFT + (middle + 0.5) * step,
      anchor: 'middle' as const,
    },
    { index: bars.length - 1, x: WIDTH, anchor: 'end' as const },
  ];
  return (
    <svg
      className={styles.chart}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
    >
      <defs>
        <pattern
          id={hatch}
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="6" height="6" className={styles.failed} />
          <line y2="6" strokeWidth="4" className={styles.hatch} />
        </pattern>
      </defs>
      {[...new Set([0, Math.ceil(most / 2), most])].map(count => (
        <g key={count}>
          <line
            className={styles.grid}
            x1={LEFT}
            x2={WIDTH}
            y1={floor - heightOf(count)}
            y2={floor - heightOf(count)}
          />
          <text
            className={styles.tick}
            x={LEFT - 6}
            y={floor - heightOf(count) + 4}
            textAnchor="end"
          >
            {count}
          </text>
        </g>
      ))}
      {bars.map((bar, index) => {
        const x = LEFT + index * step + (step - barWidth) / 2;
        const succeeded = heightOf(bar.succeeded);
        const failed = heightOf(bar.failed);
        return (
          <g key={bar.day}>
            <rect
              className={styles.succeeded}
              x={x}
              y={floor - succeeded}
              width={barWidth}
              height={succeeded}
            />
            <rect
              fill={`url(#${hatch})`}
              x={x}
              y={floor - succeeded - failed}
              width={barWidth}
              height={failed}
            />
          </g>
        );
      })}
      {named.map(({ index, x, anchor }) => (
        <text
          key={anchor}
          className={styles.tick}
          x={x}
          y={HEIGHT - 6}
          textAnchor={anchor}
        >
          {formatDay(bars[index].day)}
        </text>
      ))}
    </svg>
  );
}

function formatDay(day: string): string {
  return dayFormat.format(new Date(`${day}T00:00:00Z`));
}
