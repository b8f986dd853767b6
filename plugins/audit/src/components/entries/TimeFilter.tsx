import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { DateRangePicker, Select } from '@backstage/ui';
import {
  getLocalTimeZone,
  parseAbsolute,
  type ZonedDateTime,
} from '@internationalized/date';
import {
  type TimePreset,
  timePresets,
  type View,
} from '../../content/addressQuery';
import { auditTranslationRef } from '../../translation';
import styles from './FilterBar.module.css';

const ANY = 'any';
const OWN = 'own';
const presets = Object.keys(timePresets) as TimePreset[];

/** A range of time: one that ends now, or one of one's own to the minute. */
export function TimeFilter(props: {
  view: View;
  onChange(change: Partial<View>): void;
}) {
  const { view, onChange } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const hasOwn = view.from !== undefined || view.to !== undefined;
  const [choosing, setChoosing] = useState(false);
  const showsOwn = hasOwn || choosing;

  return (
    <>
      <Select
        label={t('filter.time')}
        options={[
          { id: ANY, label: t('range.any') },
          ...presets.map(preset => ({
            id: preset,
            label: t(`range.${preset}`),
          })),
          { id: OWN, label: t('range.own') },
        ]}
        value={showsOwn ? OWN : view.range ?? ANY}
        onChange={key => {
          setChoosing(key === OWN);
          if (key !== OWN) {
            onChange({
              range: presets.find(preset => preset === key),
              from: undefined,
              to: undefined,
            });
          }
        }}
      />
      {showsOwn && (
        <div className={styles.range}>
          <DateRangePicker
            label={t('filter.ownRange')}
            granularity="minute"
            hourCycle={24}
            value={toRange(view)}
            onChange={range =>
              onChange({
                range: undefined,
                from: toInstant(range?.start),
                to: toInstant(range?.end),
              })
            }
          />
        </div>
      )}
    </>
  );
}

/** The picker takes both ends or none; an open one is shown as its other. */
function toRange(
  view: View,
): { start: ZonedDateTime; end: ZonedDateTime } | null {
  const start = view.from ?? view.to;
  const end = view.to ?? new Date().toISOString();
  return start === undefined
    ? null
    : {
        start: parseAbsolute(start, getLocalTimeZone()),
        end: parseAbsolute(end, getLocalTimeZone()),
      };
}

function toInstant(
  moment: { toDate(timeZone: string): Date } | undefined,
): string | undefined {
  return moment?.toDate(getLocalTimeZone()).toISOString();
}
