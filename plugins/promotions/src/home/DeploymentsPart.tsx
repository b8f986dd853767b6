import { useEffect } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { Link } from '@backstage/ui';
import { describeProblem, Section } from '@portico/page-states';
import { type HomePartProps } from '@portico/plugin-home';
import {
  type Deployment,
  promotionReadPermission,
} from '@portico/plugin-promotions-common';
import useAsync from 'react-use/esm/useAsync';
import { promotionsApiRef } from '../api/PromotionsApi';
import { ResultMark, SampleMark } from '../components/marks';
import { Moment } from '../components/Moment';
import styles from '../components/Section.module.css';
import { plainName } from '../content/names';
import { shortDigest } from '../content/shortDigest';
import { useDeliveryLinks } from '../hooks/useDeliveryLinks';
import { promotionsTranslationRef } from '../translation';
import partStyles from './DeploymentsPart.module.css';

const SHOWN = 6;
/** The API takes no more. */
const MOST_OWNERS = 50;

/** What was deployed lately of what somebody's groups own, by us and from outside. */
export function DeploymentsPart({ owners, onReady }: HomePartProps) {
  const { t } = useTranslationRef(promotionsTranslationRef);
  const api = useApi(promotionsApiRef);
  const access = usePermission({ permission: promotionReadPermission });
  const { error, value } = useAsync(async () => {
    if (access.loading) {
      return undefined;
    }
    return access.allowed
      ? api.deployments({ owner: owners.slice(0, MOST_OWNERS), limit: SHOWN })
      : { items: undefined };
  }, [access.loading, access.allowed, api, owners]);
  const isReady = error !== undefined || value !== undefined;
  useEffect(() => {
    if (isReady) {
      onReady();
    }
  }, [isReady, onReady]);

  if (!error && !value?.items) {
    return <></>;
  }
  return (
    <Section title={t('recent.title')}>
      {error && (
        <p className={styles.bad} role="alert">
          {t('recent.failed', { reason: describeProblem(error) })}
        </p>
      )}
      {value?.items?.length === 0 && (
        <p className={styles.quiet}>{t('recent.empty')}</p>
      )}
      {value?.items && value.items.length > 0 && (
        <ul className={styles.list}>
          {value.items.map(deployment => (
            <li key={deployment.id}>
              <Row deployment={deployment} />
            </li>
          ))}
        </ul>
      )}
      <p className={styles.small}>{t('recent.source')}</p>
    </Section>
  );
}

function Row(props: { deployment: Deployment }) {
  const { component, version, release, environment, ...deployment } =
    props.deployment;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const links = useDeliveryLinks();
  const name = plainName(component);
  const page = links.delivery(component);
  return (
    <div className={partStyles.row}>
      <span>
        {page ? <Link href={page}>{name}</Link> : name}{' '}
        <code className={partStyles.version}>
          {version ??
            (release ? shortDigest(release) : t('history.unknownVersion'))}
        </code>{' '}
        {deployment.sample && <SampleMark />}
      </span>
      <span>{environment}</span>
      <span>
        <ResultMark result={deployment.result} />
      </span>
      <span className={styles.small}>
        <Moment at={deployment.finishedAt} />
      </span>
    </div>
  );
}
