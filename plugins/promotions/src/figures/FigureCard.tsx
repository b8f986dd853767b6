import { useId } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Mark, type Tone } from '@portico/page-states';
import { type Figure } from '@portico/plugin-promotions-common';
import {
  RiArrowRightDownLine,
  RiArrowRightLine,
  RiArrowRightUpLine,
  RiMedalLine,
} from '@remixicon/react';
import sectionStyles from '../components/Section.module.css';
import { type FigureName, trendOf } from './figureNames';
import styles from './Figures.module.css';
import { figuresTranslationRef } from './translation';

const levelTones: Record<NonNullable<Figure['level']>, Tone> = {
  elite: 'positive',
  medium: 'announcement',
  low: 'warning',
};

const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const small = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 1 });

/** What is small in the unit of a greater value is not nothing. */
function formatNumber(value: number): string {
  return (value < 0.1 ? small : number).format(value);
}

/** One figure: its value with unit and level, the one before, and what it is made of. */
export function FigureCard(props: {
  name: FigureName;
  figure: Figure;
  days: number;
}) {
  const { name, figure, days } = props;
  const { t } = useTranslationRef(figuresTranslationRef);
  const formatValue = useFormatValue(figure);
  const id = useId();
  return (
    <section className={styles.card} aria-labelledby={id}>
      <h3 className={styles.name} id={id}>
        {t(`names.${name}`)}
      </h3>
      <p className={styles.value}>
        {figure.value === undefined
          ? t('value.none')
          : formatValue(figure.value)}
      </p>
      {figure.level && (
        <Mark
          tone={levelTones[figure.level]}
          icon={<RiMedalLine />}
          text={t(`level.${figure.level}`)}
        />
      )}
      <Trend name={name} figure={figure} days={days} />
      <p className={sectionStyles.small}>
        {t(`n.${name}`, { count: figure.n })}
      </p>
      {figure.medianOfComponents !== undefined && (
        <p className={sectionStyles.small}>
          {t('medianOfComponents', {
            value: formatValue(figure.medianOfComponents),
          })}
        </p>
      )}
      {figure.note && <p className={sectionStyles.text}>{figure.note}</p>}
      <p className={`${sectionStyles.small} ${styles.help}`}>
        {t(`help.${name}`)}
      </p>
    </section>
  );
}

function Trend(props: { name: FigureName; figure: Figure; days: number }) {
  const { name, figure, days } = props;
  const { t } = useTranslationRef(figuresTranslationRef);
  const formatValue = useFormatValue(figure);
  if (figure.value === undefined) {
    return null;
  }
  if (figure.before === undefined) {
    return (
      <p className={sectionStyles.small}>
        {t('trend.none', { days: String(days) })}
      </p>
    );
  }
  const trend = trendOf(name, figure.value, figure.before);
  const before = formatValue(figure.before);
  return (
    <p className={styles.trend}>
      <span aria-hidden className={styles.icon}>
        {arrowOf(figure.value, figure.before)}
      </span>
      {trend === 'same' ? t('trend.same') : t(`trend.${trend}`, { before })}
    </p>
  );
}

function arrowOf(value: number, before: number) {
  if (value === before) {
    return <RiArrowRightLine />;
  }
  return value > before ? <RiArrowRightUpLine /> : <RiArrowRightDownLine />;
}

/** Values of one figure, all in the unit in which people think of the current one. */
function useFormatValue({ unit, value: current = 0 }: Figure) {
  const { t } = useTranslationRef(figuresTranslationRef);
  return (value: number): string => {
    switch (unit) {
      case 'perWeek':
        return t('value.perWeek', { value: formatNumber(value) });
      case 'percent':
        return t('value.percent', { value: formatNumber(value) });
      case 'hours':
        if (current < 1) {
          return t('value.minutes', { value: formatNumber(value * 60) });
        }
        return current < 48
          ? t('value.hours', { value: formatNumber(value) })
          : t('value.days', { value: formatNumber(value / 24) });
      default:
        return unit satisfies never;
    }
  };
}
