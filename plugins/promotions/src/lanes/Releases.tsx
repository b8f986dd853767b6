import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { VisuallyHidden } from '@backstage/ui';
import { EmptyState, ProblemState, Section } from '@portico/page-states';
import {
  type Lane,
  type Release,
  type ReleaseList,
  releaseRejectPermission,
} from '@portico/plugin-promotions-common';
import { promotionsApiRef } from '../api/PromotionsApi';
import { ActionButton } from '../components/ActionButton';
import { EntityName } from '../components/EntityName';
import { ExternalLink } from '../components/ExternalLink';
import { SampleMark } from '../components/marks';
import { Moment } from '../components/Moment';
import { ReasonDialog } from '../components/ReasonDialog';
import styles from '../components/Section.module.css';
import { shortDigest } from '../content/shortDigest';
import { type Live } from '../hooks/useLive';
import { promotionsTranslationRef } from '../translation';

/** The releases of a component, newest first, with where each of them runs. */
export function Releases(props: {
  releases: Live<ReleaseList>;
  lanes: Lane[];
}) {
  const { releases, lanes } = props;
  const { value, error, reload } = releases;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const api = useApi(promotionsApiRef);
  const access = usePermission({ permission: releaseRejectPermission });
  const [rejecting, setRejecting] = useState<Release>();
  return (
    <Section title={t('releases.title')}>
      {error !== undefined && (
        <ProblemState
          error={error}
          title={t('releases.failed')}
          onRetry={reload}
        />
      )}
      {value?.items.length === 0 && (
        <EmptyState
          title={t('releases.emptyTitle')}
          description={t('releases.empty')}
        />
      )}
      {value && value.items.length > 0 && (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <caption>
              <VisuallyHidden>{t('releases.title')}</VisuallyHidden>
            </caption>
            <thead>
              <tr>
                <th scope="col">{t('releases.version')}</th>
                <th scope="col">{t('releases.commit')}</th>
                <th scope="col">{t('releases.announced')}</th>
                <th scope="col">{t('releases.where')}</th>
                <th scope="col">
                  <VisuallyHidden>{t('releases.rejectShort')}</VisuallyHidden>
                </th>
              </tr>
            </thead>
            <tbody>
              {value.items.map(release => (
                <ReleaseRow
                  key={release.id}
                  release={release}
                  lanes={lanes.filter(lane => lane.release?.id === release.id)}
                  mayReject={access.loading || access.allowed}
                  onReject={() => setRejecting(release)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rejecting && (
        <ReasonDialog
          title={t('releases.rejectTitle', {
            version: rejecting.content.version,
          })}
          text={t('releases.rejectText')}
          submit={t('releases.rejectSubmit')}
          onSubmit={async reason => {
            await api.rejectRelease(rejecting.id, { reason });
            reload();
          }}
          onClose={() => setRejecting(undefined)}
        />
      )}
    </Section>
  );
}

function ReleaseRow(props: {
  release: Release;
  lanes: Lane[];
  mayReject: boolean;
  onReject(): void;
}) {
  const { release, lanes, mayReject, onReject } = props;
  const { content, rejected, origin, foundIn } = release;
  const { t } = useTranslationRef(promotionsTranslationRef);
  return (
    <tr>
      <td>
        <strong>{content.version}</strong>{' '}
        <code title={release.id}>{shortDigest(release.id)}</code>{' '}
        {release.sample && <SampleMark />}
        {rejected && (
          <p className={styles.bad}>
            {t('releases.rejected', { reason: rejected.reason })}
          </p>
        )}
      </td>
      <td>
        {content.source && (
          <code title={content.source.commit}>
            {content.source.commit.slice(0, 7)}
          </code>
        )}
      </td>
      <td>
        <Moment at={release.announcedAt} />
        <p className={styles.small}>
          {foundIn ? (
            <>
              {t('releases.foundIn', { author: foundIn.author })}{' '}
              <ExternalLink href={foundIn.url}>
                {foundIn.commit.slice(0, 7)}
              </ExternalLink>
            </>
          ) : (
            <EntityName entityRef={release.announcedBy} />
          )}
          {origin && (
            <>
              , <ExternalLink href={origin}>{t('releases.build')}</ExternalLink>
            </>
          )}
        </p>
      </td>
      <td>
        {lanes.length > 0 ? (
          lanes.map(({ environment }) => environment).join(', ')
        ) : (
          <span className={styles.quiet}>{t('releases.nowhere')}</span>
        )}
      </td>
      <td>
        {!rejected && !release.sample && (
          <ActionButton
            text={t('releases.rejectShort')}
            label={t('releases.reject', { version: content.version })}
            refusal={mayReject ? undefined : t('releases.noReject')}
            onPress={onReject}
          />
        )}
      </td>
    </tr>
  );
}
