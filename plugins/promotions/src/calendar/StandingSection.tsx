import { useState } from 'react';
import {
  identityApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import { usePermission } from '@backstage/plugin-permission-react';
import { Button } from '@backstage/ui';
import { EmptyState, Mark, Section } from '@portico/page-states';
import {
  type LineStop,
  promotionOperatePermission,
  type WindowCalendar,
} from '@portico/plugin-promotions-common';
import { ConfirmDialog, formatMoment } from '@portico/plugin-tenancy';
import { RiCheckLine, RiForbid2Line } from '@remixicon/react';
import useAsync from 'react-use/esm/useAsync';
import { promotionsApiRef } from '../api/PromotionsApi';
import { EntityName } from '../components/EntityName';
import sectionStyles from '../components/Section.module.css';
import styles from './Calendar.module.css';
import { StopLineDialog } from './StopLineDialog';
import { calendarTranslationRef } from './translation';

const PLATFORM = 'default';

/** Whether each environment is open now; stopping the line and lifting a stop. */
export function StandingSection(props: {
  calendar: WindowCalendar;
  onChange(): void;
}) {
  const { calendar, onChange } = props;
  const { t } = useTranslationRef(calendarTranslationRef);
  const { allowed } = usePermission({ permission: promotionOperatePermission });
  const [stopping, setStopping] = useState(false);
  const stops = calendar.stops.filter(({ lifted }) => !lifted);
  return (
    <>
      {stops.length > 0 && (
        <Stops stops={stops} mayLift={allowed} onChange={onChange} />
      )}
      <Section
        title={t('now.title')}
        actions={
          allowed && (
            <Button
              variant="secondary"
              destructive
              iconStart={<RiForbid2Line />}
              onPress={() => setStopping(true)}
            >
              {t('stops.stop')}
            </Button>
          )
        }
      >
        {calendar.now.length === 0 ? (
          <EmptyState title={t('now.none')} description={t('now.noneHint')} />
        ) : (
          <dl className={styles.standings}>
            {calendar.now.map(({ environment, standing }) => (
              <div key={environment} className={styles.standing}>
                <dt>{environment}</dt>
                <dd>
                  <StandingMark closed={standing.closed} />
                  <p className={sectionStyles.text}>{standing.reason}</p>
                  <p className={sectionStyles.small}>{nextText(standing)}</p>
                </dd>
              </div>
            ))}
          </dl>
        )}
      </Section>
      {stopping && (
        <StopLineDialog
          environments={calendar.now.map(({ environment }) => environment)}
          onClose={() => setStopping(false)}
          onDone={onChange}
        />
      )}
    </>
  );

  function nextText(
    standing: WindowCalendar['now'][number]['standing'],
  ): string {
    if (standing.closed) {
      return standing.nextOpen
        ? t('now.opens', { moment: formatMoment(standing.nextOpen) })
        : t('now.noKnownEnd');
    }
    return standing.nextClose
      ? t('now.closes', { moment: formatMoment(standing.nextClose) })
      : t('now.stays');
  }
}

function StandingMark(props: { closed: boolean }) {
  const { t } = useTranslationRef(calendarTranslationRef);
  return props.closed ? (
    <Mark tone="warning" icon={<RiForbid2Line />} text={t('now.closed')} />
  ) : (
    <Mark tone="positive" icon={<RiCheckLine />} text={t('now.open')} />
  );
}

function Stops(props: {
  stops: LineStop[];
  mayLift: boolean;
  onChange(): void;
}) {
  const { stops, mayLift, onChange } = props;
  const { t } = useTranslationRef(calendarTranslationRef);
  const promotions = useApi(promotionsApiRef);
  const identity = useApi(identityApiRef);
  const [lifting, setLifting] = useState<LineStop>();
  const { value: isPlatform = false } = useAsync(async () => {
    const { userEntityRef } = await identity.getBackstageIdentity();
    return parseEntityRef(userEntityRef).namespace === PLATFORM;
  }, [identity]);
  const nameOf = (stop: LineStop) => stop.environment ?? t('stops.all');
  return (
    <Section title={t('stops.title')}>
      <ul className={sectionStyles.list}>
        {stops.map(stop => (
          <li key={stop.id} className={styles.stop}>
            <div>
              <Mark
                tone="strong"
                icon={<RiForbid2Line />}
                text={
                  stop.environment
                    ? t('stops.of', { environment: stop.environment })
                    : t('stops.ofAll')
                }
              />
              <p className={sectionStyles.text}>{stop.reason}</p>
              <p className={sectionStyles.small}>
                {stop.by && (
                  <>
                    <EntityName entityRef={stop.by} />,{' '}
                  </>
                )}
                {t('stops.since', { moment: formatMoment(stop.since) })}
                {stop.scope === 'platform' && <> · {t('stops.byPlatform')}</>}
              </p>
            </div>
            {mayLift && (stop.scope === 'tenant' || isPlatform) && (
              <Button
                variant="secondary"
                aria-label={t('stops.liftNamed', {
                  environment: nameOf(stop),
                })}
                onPress={() => setLifting(stop)}
              >
                {t('stops.lift')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {lifting && (
        <ConfirmDialog
          title={t('stops.liftTitle', { environment: nameOf(lifting) })}
          text={t('stops.liftText')}
          action={t('stops.lift')}
          onClose={() => setLifting(undefined)}
          onConfirm={async () => {
            await promotions.liftStop(lifting.id);
            onChange();
          }}
        />
      )}
    </Section>
  );
}
