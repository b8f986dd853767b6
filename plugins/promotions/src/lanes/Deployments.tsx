import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link, VisuallyHidden } from '@backstage/ui';
import { EmptyState, Mark, ProblemState, Section } from '@portico/page-states';
import {
  type Deployment,
  type DeploymentList,
} from '@portico/plugin-promotions-common';
import { RiArrowGoBackLine, RiCheckLine, RiCloseLine } from '@remixicon/react';
import { EntityName } from '../components/EntityName';
import { SampleMark } from '../components/marks';
import { Moment } from '../components/Moment';
import styles from '../components/Section.module.css';
import { shortDigest } from '../content/shortDigest';
import { useDeliveryLinks } from '../hooks/useDeliveryLinks';
import { type Live } from '../hooks/useLive';
import { promotionsTranslationRef } from '../translation';

const looks = {
  succeeded: { tone: 'positive', icon: <RiCheckLine /> },
  failed: { tone: 'negative', icon: <RiCloseLine /> },
  rolledBack: { tone: 'warning', icon: <RiArrowGoBackLine /> },
} as const;

/** The deployments of a component, newest first, by us and from outside. */
export function Deployments(props: { deployments: Live<DeploymentList> }) {
  const { value, error, reload } = props.deployments;
  const { t } = useTranslationRef(promotionsTranslationRef);
  return (
    <Section title={t('history.title')}>
      {error !== undefined && (
        <ProblemState
          error={error}
          title={t('history.failed')}
          onRetry={reload}
        />
      )}
      {value?.items.length === 0 && (
        <EmptyState
          title={t('history.emptyTitle')}
          description={t('history.empty')}
        />
      )}
      {value && value.items.length > 0 && (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <caption>
              <VisuallyHidden>{t('history.title')}</VisuallyHidden>
            </caption>
            <thead>
              <tr>
                <th scope="col">{t('history.when')}</th>
                <th scope="col">{t('history.environment')}</th>
                <th scope="col">{t('history.version')}</th>
                <th scope="col">{t('history.result')}</th>
                <th scope="col">{t('history.who')}</th>
              </tr>
            </thead>
            <tbody>
              {value.items.map(deployment => (
                <DeploymentRow key={deployment.id} deployment={deployment} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function DeploymentRow(props: { deployment: Deployment }) {
  const { deployment } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const links = useDeliveryLinks();
  const kind = t(`kind.${deployment.kind}`);
  const version =
    deployment.version ??
    (deployment.release
      ? shortDigest(deployment.release)
      : t('history.unknownVersion'));
  return (
    <tr>
      <td>
        <Moment at={deployment.finishedAt} />
      </td>
      <td>{deployment.environment}</td>
      <td>
        {version} {deployment.sample && <SampleMark />}
      </td>
      <td>
        <Mark
          {...looks[deployment.result]}
          text={t(`result.${deployment.result}`)}
        />
      </td>
      <td>
        {deployment.promotion ? (
          <Link
            href={links.promotion(deployment.promotion)}
            aria-label={t('history.promotionNamed', {
              kind,
              version,
              environment: deployment.environment,
            })}
          >
            {kind}
          </Link>
        ) : (
          kind
        )}
        <p className={styles.small}>
          {/* No link: it would be too close to the one above to be hit. */}
          <EntityName entityRef={deployment.initiatedBy} isPlain />
        </p>
      </td>
    </tr>
  );
}
