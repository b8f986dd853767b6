import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EmptyState, Mark, Section } from '@portico/page-states';
import { type WindowOccurrence } from '@portico/plugin-promotions-common';
import { formatMoment } from '@portico/plugin-tenancy';
import { RiForbid2Line, RiLoginBoxLine } from '@remixicon/react';
import { EntityName } from '../components/EntityName';
import sectionStyles from '../components/Section.module.css';
import { calendarTranslationRef } from './translation';

/** The windows of the next weeks, each in its own time zone and in that of the reader. */
export function ComingSection(props: {
  days: number;
  occurrences: readonly WindowOccurrence[];
}) {
  const { days, occurrences } = props;
  const { t } = useTranslationRef(calendarTranslationRef);
  return (
    <Section title={t('coming.title')}>
      {occurrences.length === 0 ? (
        <EmptyState
          title={t('coming.none', { days: String(days) })}
          description={t('coming.noneHint')}
        />
      ) : (
        <>
          <p className={sectionStyles.quiet}>
            {t('coming.period', { days: String(days) })}
          </p>
          <div
            className={sectionStyles.scroll}
            role="group"
            aria-label={t('coming.title')}
            // A table that is wider than the page is moved with the arrow keys.
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
          >
            <table className={sectionStyles.table}>
              <thead>
                <tr>
                  <th scope="col">{t('coming.window')}</th>
                  <th scope="col">{t('coming.effect')}</th>
                  <th scope="col">{t('coming.environments')}</th>
                  <th scope="col">{t('coming.from')}</th>
                  <th scope="col">{t('coming.to')}</th>
                </tr>
              </thead>
              <tbody>
                {occurrences.map(occurrence => (
                  <Row
                    key={`${occurrence.window.name} ${occurrence.pipelineRef} ${occurrence.from}`}
                    occurrence={occurrence}
                  />
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </Section>
  );
}

function Row({ occurrence }: { occurrence: WindowOccurrence }) {
  const { t } = useTranslationRef(calendarTranslationRef);
  const { window, environments, from, to, pipelineRef } = occurrence;
  return (
    <tr>
      <td>
        {window.name}
        {window.reason && (
          <p className={sectionStyles.small}>{window.reason}</p>
        )}
        <p className={sectionStyles.small}>
          <EntityName entityRef={pipelineRef} />
        </p>
      </td>
      <td>
        {window.effect === 'deny' ? (
          <Mark
            tone="warning"
            icon={<RiForbid2Line />}
            text={t('month.closes')}
          />
        ) : (
          <Mark
            tone="positive"
            icon={<RiLoginBoxLine />}
            text={t('month.opens')}
          />
        )}
      </td>
      <td>{environments.join(', ')}</td>
      {[from, to].map(moment => (
        <td key={moment}>
          <time dateTime={moment}>{formatIn(moment, window.timeZone)}</time>
          <p className={sectionStyles.small}>
            {t('coming.here', { moment: formatMoment(moment) })}
          </p>
        </td>
      ))}
    </tr>
  );
}

/** A moment in the zone that a window is written in, with the name of the zone. */
function formatIn(moment: string, timeZone: string): string {
  const text = new Intl.DateTimeFormat(undefined, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone,
  }).format(new Date(moment));
  return `${text} ${timeZone}`;
}
