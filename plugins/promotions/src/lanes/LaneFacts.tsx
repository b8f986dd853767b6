import { type ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { type Lane } from '@portico/plugin-promotions-common';
import { EntityName } from '../components/EntityName';
import { ExternalLink } from '../components/ExternalLink';
import { HealthMark, PhaseMark, SampleMark } from '../components/marks';
import { Moment } from '../components/Moment';
import styles from '../components/Section.module.css';
import { shortDigest } from '../content/shortDigest';
import { useDeliveryLinks } from '../hooks/useDeliveryLinks';
import { RolloutLine } from '../rollout/RolloutLine';
import { promotionsTranslationRef } from '../translation';
import laneStyles from './Lanes.module.css';

/** What runs in an environment, how it does, and what keeps others out. */
export function LaneFacts(props: {
  component: string;
  lane: Lane;
  before: Lane | undefined;
  /** Ends a hold. */
  holdAction: ReactNode;
}) {
  const { component, lane, before, holdAction } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const links = useDeliveryLinks();
  const { environment, open, hold } = lane;
  return (
    <>
      <Running lane={lane} />
      <Health lane={lane} />
      {before && (
        <p className={styles.text}>
          {lane.behind > 0
            ? t('lanes.behind', {
                count: lane.behind,
                environment: before.environment,
              })
            : t('lanes.behindNone', { environment: before.environment })}
        </p>
      )}
      {open && (
        <div>
          <div className={styles.row}>
            <Link href={links.promotion(open.id)}>
              {t('lanes.openPromotion', {
                kind: t(`kind.${open.kind}`),
                version: open.release.content.version,
              })}
            </Link>
            <PhaseMark phase={open.phase} />
          </div>
          <p className={styles.small}>{open.reason}</p>
          {lane.driver === 'argocd' && <RolloutLine promotion={open.id} />}
        </div>
      )}
      {hold && (
        <div>
          <p className={styles.text}>
            {t('lanes.hold', { reason: hold.reason })}
          </p>
          <p className={styles.small}>
            <EntityName entityRef={hold.by} />, <Moment at={hold.since} />
          </p>
          {holdAction}
        </div>
      )}
      <FreezeStanding window={lane.window} />
      {lane.drift > 0 && (
        <p className={styles.bad}>
          <Link href={links.drift({ component, environment })}>
            {t('lanes.drift', { count: lane.drift })}
          </Link>
        </p>
      )}
      {lane.problem && <p className={styles.bad}>{lane.problem}</p>}
    </>
  );
}

function Running(props: { lane: Lane }) {
  const { release, deployedAt, deployment, observation, sampleOnly } =
    props.lane;
  const { t } = useTranslationRef(promotionsTranslationRef);
  if (!release) {
    return (
      <p className={styles.quiet}>
        {observation && observation.running.length > 0
          ? t('lanes.unannounced')
          : t(sampleOnly ? 'lanes.sampleOnly' : 'lanes.nothing')}
      </p>
    );
  }
  return (
    <div>
      <p className={laneStyles.version}>{release.content.version}</p>
      <p className={styles.small}>
        <code title={release.id}>{shortDigest(release.id)}</code>
        {deployedAt && (
          <>
            {' '}
            {t('lanes.since')} <Moment at={deployedAt} />
          </>
        )}
      </p>
      {deployment?.sample && <SampleMark />}
    </div>
  );
}

function Health(props: { lane: Lane }) {
  const { observation, release } = props.lane;
  const { t } = useTranslationRef(promotionsTranslationRef);
  if (!observation) {
    return release ? (
      <p className={styles.quiet}>{t('lanes.notObserved')}</p>
    ) : null;
  }
  return (
    <div>
      <HealthMark health={observation.health} />
      <p className={styles.text}>{observation.reason}</p>
      <p className={styles.small}>
        <ExternalLink href={observation.url}>{observation.source}</ExternalLink>
        , <Moment at={observation.observedAt} />
      </p>
    </div>
  );
}

function FreezeStanding(props: { window: Lane['window'] }) {
  const { closed, reason, nextOpen, nextClose } = props.window;
  const { t } = useTranslationRef(promotionsTranslationRef);
  if (!closed) {
    return nextClose ? (
      <p className={styles.small}>
        {t('lanes.nextClose')} <Moment at={nextClose} />
      </p>
    ) : null;
  }
  return (
    <div>
      <p className={styles.bad}>{t('lanes.closed', { reason })}</p>
      <p className={styles.small}>
        {nextOpen ? (
          <>
            {t('lanes.nextOpen')} <Moment at={nextOpen} />
          </>
        ) : (
          t('lanes.noOpening')
        )}
      </p>
    </div>
  );
}
