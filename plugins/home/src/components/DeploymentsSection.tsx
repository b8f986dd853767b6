import { useEffect } from 'react';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { EnvironmentMark, type Statuses } from '@portico/plugin-overview';
import { deploymentsOf } from '../owned/deployments';
import { homeTranslationRef } from '../translation';
import styles from './DeploymentsSection.module.css';
import { HomeSection } from './HomeSection';
import sectionStyles from './HomeSection.module.css';
import { Moment } from './Moment';
import { useEntityHref } from './useEntityHref';

const SHOWN = 6;

/** What was deployed lately of the listed components. */
export function DeploymentsSection(props: {
  components: Entity[] | undefined;
  statuses: Statuses;
  onReady(): void;
}) {
  const { components = [], statuses, onReady } = props;
  const { t } = useTranslationRef(homeTranslationRef);
  const hrefOf = useEntityHref();
  useEffect(() => {
    if (!statuses.loading) {
      onReady();
    }
  }, [statuses.loading, onReady]);

  // Where nobody tells, or nothing is owned, the parts above say so.
  if (!statuses.value || components.length === 0) {
    return null;
  }
  const deployments = deploymentsOf(components, statuses.value, SHOWN);
  return (
    <HomeSection title={t('deployments.title')}>
      {deployments.length === 0 ? (
        <p className={sectionStyles.quiet}>{t('deployments.empty')}</p>
      ) : (
        <ul className={sectionStyles.list}>
          {deployments.map(
            ({ component, environment, version, at, status }) => {
              const ref = stringifyEntityRef(component);
              return (
                <li key={`${ref} ${environment}`} className={styles.row}>
                  <span className={styles.what}>
                    <Link href={hrefOf(ref)}>
                      {component.metadata.title ?? component.metadata.name}
                    </Link>{' '}
                    <code className={styles.version}>{version}</code>
                  </span>
                  <span className={styles.where}>
                    <EnvironmentMark status={status} />
                  </span>
                  <span className={sectionStyles.quiet}>
                    <Moment at={at} />
                  </span>
                </li>
              );
            },
          )}
        </ul>
      )}
      <p className={sectionStyles.note}>{t('deployments.source')}</p>
    </HomeSection>
  );
}
