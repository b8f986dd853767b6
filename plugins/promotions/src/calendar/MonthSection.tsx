import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, ButtonIcon } from '@backstage/ui';
import { Section, useAddressQuery } from '@portico/page-states';
import { type WindowOccurrence } from '@portico/plugin-promotions-common';
import {
  RiArrowLeftSLine,
  RiArrowRightSLine,
  RiForbid2Line,
  RiLoginBoxLine,
} from '@remixicon/react';
import sectionStyles from '../components/Section.module.css';
import styles from './Calendar.module.css';
import {
  addMonths,
  type Day,
  type Month,
  readMonth,
  weeksOf,
  writeMonth,
} from './monthGrid';
import { calendarTranslationRef } from './translation';

/** So many windows of a day are named; the list below has all. */
const SHOWN = 4;

const titleFormat = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: 'long',
});
const dayFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });
const weekdayFormat = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const longWeekdayFormat = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
});

/** The windows of a month as a table of its days. */
export function MonthSection(props: {
  month: Month;
  now: Date;
  occurrences: readonly WindowOccurrence[];
}) {
  const { month, now, occurrences } = props;
  const { t } = useTranslationRef(calendarTranslationRef);
  const [query, replaceQuery] = useAddressQuery();
  const weeks = weeksOf(month, occurrences);
  const show = (next: Month) => {
    const changed = new URLSearchParams(query);
    if (writeMonth(next) === writeMonth(readMonth(null, now))) {
      changed.delete('month');
    } else {
      changed.set('month', writeMonth(next));
    }
    replaceQuery(changed);
  };
  return (
    <Section
      title={titleFormat.format(new Date(month.year, month.month))}
      actions={
        <div className={sectionStyles.buttons}>
          <ButtonIcon
            variant="secondary"
            icon={<RiArrowLeftSLine />}
            aria-label={t('month.previous')}
            onPress={() => show(addMonths(month, -1))}
          />
          <Button
            variant="secondary"
            onPress={() => show(readMonth(null, now))}
          >
            {t('month.today')}
          </Button>
          <ButtonIcon
            variant="secondary"
            icon={<RiArrowRightSLine />}
            aria-label={t('month.next')}
            onPress={() => show(addMonths(month, 1))}
          />
        </div>
      }
    >
      <table className={styles.month}>
        <caption className={sectionStyles.small}>
          {t('month.zone', {
            zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
          })}
        </caption>
        <thead>
          <tr>
            {weeks[0].map(({ from }) => (
              <th
                key={from.getTime()}
                scope="col"
                abbr={longWeekdayFormat.format(from)}
              >
                {weekdayFormat.format(from)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map(week => (
            <tr key={week[0].from.getTime()}>
              {week.map(day => (
                <DayCell
                  key={day.from.getTime()}
                  day={day}
                  isToday={day.from <= now && now < day.to}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function DayCell(props: { day: Day; isToday: boolean }) {
  const { day, isToday } = props;
  const { t } = useTranslationRef(calendarTranslationRef);
  const more = day.occurrences.length - SHOWN;
  return (
    <td
      className={day.isOfMonth ? styles.day : styles.otherDay}
      aria-current={isToday ? 'date' : undefined}
    >
      <time
        className={styles.dayNumber}
        dateTime={`${writeMonth({
          year: day.from.getFullYear(),
          month: day.from.getMonth(),
        })}-${String(day.from.getDate()).padStart(2, '0')}`}
        title={dayFormat.format(day.from)}
      >
        {day.from.getDate()}
        {isToday && <span className={styles.today}> {t('month.isToday')}</span>}
      </time>
      {day.occurrences.length > 0 && (
        <ul className={styles.occurrences}>
          {day.occurrences.slice(0, SHOWN).map(occurrence => {
            const isDenied = occurrence.window.effect === 'deny';
            return (
              <li
                key={`${occurrence.window.name} ${occurrence.pipelineRef} ${occurrence.from}`}
                className={isDenied ? styles.deny : styles.allow}
              >
                <span aria-hidden className={styles.icon}>
                  {isDenied ? <RiForbid2Line /> : <RiLoginBoxLine />}
                </span>
                <span>
                  <strong>
                    {isDenied ? t('month.closes') : t('month.opens')}
                  </strong>{' '}
                  {occurrence.environments.join(', ')}: {occurrence.window.name}
                </span>
              </li>
            );
          })}
          {more > 0 && <li>{t('month.more', { count: more })}</li>}
        </ul>
      )}
    </td>
  );
}
