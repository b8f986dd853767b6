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

/** One figure: its value with unit and level, the one before, and what it is made of. */
export function FigureCard(props: {
  name: FigureName;
  figure: Figure;
  days: number;
}) {
  const { name, figure, days } = props;
  const { t } = useTranslationRef(figuresTranslationRef);
  const formatValue = useFormatValue();
  const id = useId();
  return (
    <section className={styles.card} aria-labelledby={id}>
      <h3 className={styles.name} id={id}>
        {t(`names.${name}`)}
      </h3>
      <p className={styles.value}>
        {figure.value === undefined
          ? t('value.none')
          : formatValue(figure.value, figure.unit)}
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
            value: formatValue(figure.medianOfComponents, figure.unit),
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
  const formatValue = useFormatValue();
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
  const before = formatValue(figure.before, figure.unit);
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

/** A value in the unit in which people think of it. */
function useFormatValue() {
  const { t } = useTranslationRef(figuresTranslationRef);
  return (value: number, unit: Figure['unit']): string => {
    switch (unit) {
      case 'perWeek':
        return t('value.perWeek', { value: number.format(value) });
      case 'percent':
        return t('value.percent', { value: number.format(value) });
      case 'hours':
        if (value < 1) {
          return t('value.minutes', { value: number.format(value * 60) });
        }
        return value < 48
          ? t('value.hours', { value: number.format(value) })
          : t('value.days', { value: number.format(value / 24) });
      default:
        return unit satisfies never;
    }
  };
}
