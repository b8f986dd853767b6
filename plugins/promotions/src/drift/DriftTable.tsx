import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { Button, Link } from '@backstage/ui';
import { Mark } from '@portico/page-states';
import {
  type Drift,
  promotionOperatePermission,
} from '@portico/plugin-promotions-common';
import { formatMoment } from '@portico/plugin-tenancy';
import { RiVolumeMuteLine } from '@remixicon/react';
import { SampleMark } from '../components/marks';
import sectionStyles from '../components/Section.module.css';
import { formatDistance } from '../content/moments';
import { useDeliveryLinks } from '../hooks/useDeliveryLinks';
import styles from './Drift.module.css';
import { driftClasses } from './driftClasses';
import { MuteDialog } from './MuteDialog';
import { driftTranslationRef } from './translation';

/** Drift, one row each: where, what, and what is different. */
export function DriftTable(props: {
  items: readonly Drift[];
  onChange(): void;
}) {
  const { items, onChange } = props;
  const { t } = useTranslationRef(driftTranslationRef);
  const { allowed } = usePermission({ permission: promotionOperatePermission });
  const [muting, setMuting] = useState<Drift>();
  const now = new Date();
  return (
    <div
      className={sectionStyles.scroll}
      role="group"
      aria-label={t('title')}
      // A table that is wider than the page is moved with the arrow keys.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <table className={`${sectionStyles.table} ${styles.table}`}>
        <thead>
          <tr>
            <th scope="col">{t('columns.where')}</th>
            <th scope="col">{t('columns.what')}</th>
            <th scope="col">{t('columns.field')}</th>
            <th scope="col">{t('columns.values')}</th>
            <th scope="col">{t('columns.seen')}</th>
            {allowed && <th scope="col">{t('columns.actions')}</th>}
          </tr>
        </thead>
        <tbody>
          {items.map(drift => (
            <Row
              key={drift.id}
              drift={drift}
              now={now}
              onMute={allowed ? () => setMuting(drift) : undefined}
            />
          ))}
        </tbody>
      </table>
      {muting && (
        <MuteDialog
          drift={muting}
          onClose={() => setMuting(undefined)}
          onDone={onChange}
        />
      )}
    </div>
  );
}

function Row(props: { drift: Drift; now: Date; onMute?(): void }) {
  const { drift, now, onMute } = props;
  const { t } = useTranslationRef(driftTranslationRef);
  const links = useDeliveryLinks();
  const isMuted = drift.muted && new Date(drift.muted.until) > now;
  const name = drift.component.split('/').at(-1) ?? drift.component;
  const href = links.delivery(drift.component);
  return (
    <tr>
      <td>
        {href ? <Link href={href}>{name}</Link> : name}
        <p className={sectionStyles.small}>
          {drift.environment} {drift.sample && <SampleMark />}
        </p>
      </td>
      <td className={styles.what}>
        <Mark {...driftClasses[drift.class]} text={t(`class.${drift.class}`)} />
        <p className={sectionStyles.text}>{drift.reason}</p>
        <p className={sectionStyles.small}>{t(`classHelp.${drift.class}`)}</p>
        {drift.muted && isMuted && (
          <>
            <Mark
              tone="plain"
              icon={<RiVolumeMuteLine />}
              text={t('muted', { moment: formatMoment(drift.muted.until) })}
            />
            <p className={sectionStyles.small}>
              {t('mutedBy', {
                reason: drift.muted.reason,
                person: drift.muted.by,
              })}
            </p>
          </>
        )}
      </td>
      <td>
        {drift.resource ?? t('whole')}
        {drift.path && (
          <p className={styles.path}>
            <code>{drift.path}</code>
          </p>
        )}
      </td>
      <td>
        {drift.declared === undefined && drift.live === undefined ? (
          '–'
        ) : (
          <dl className={styles.values}>
            <dt>{t('declared')}</dt>
            <dd>
              <Value text={drift.declared} />
            </dd>
            <dt>{t('live')}</dt>
            <dd>
              <Value text={drift.live} />
            </dd>
          </dl>
        )}
      </td>
      <td>
        <time
          dateTime={drift.firstSeenAt}
          title={formatMoment(drift.firstSeenAt)}
        >
          {t('firstSeen', { distance: formatDistance(drift.firstSeenAt, now) })}
        </time>
        <p className={sectionStyles.small}>
          {drift.resolvedAt ? (
            <time
              dateTime={drift.resolvedAt}
              title={formatMoment(drift.resolvedAt)}
            >
              {t('resolvedAt', {
                distance: formatDistance(drift.resolvedAt, now),
              })}
            </time>
          ) : (
            <time
              dateTime={drift.lastSeenAt}
              title={formatMoment(drift.lastSeenAt)}
            >
              {t('lastSeen', {
                distance: formatDistance(drift.lastSeenAt, now),
              })}
            </time>
          )}
        </p>
        <p className={sectionStyles.small}>
          {t('by', { source: drift.source })}
        </p>
      </td>
      {onMute && (
        <td>
          {!drift.resolvedAt && (
            <Button
              variant="tertiary"
              aria-label={t('muteNamed', {
                name: `${name}, ${drift.environment}, ${t(
                  `class.${drift.class}`,
                )}`,
              })}
              onPress={onMute}
            >
              {t('mute')}
            </Button>
          )}
        </td>
      )}
    </tr>
  );
}

function Value({ text }: { text: string | undefined }) {
  const { t } = useTranslationRef(driftTranslationRef);
  return text === undefined ? (
    <span className={styles.nothing}>{t('nothing')}</span>
  ) : (
    <code>{text}</code>
  );
}
