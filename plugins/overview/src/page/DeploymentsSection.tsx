import { useMemo } from 'react';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import {
  useApiHolder,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { Section } from '@portico/page-states';
import { localRuntimeApiRef } from '@portico/plugin-local-runtime';
import { Moment } from '../components/Moment';
import styles from '../components/Section.module.css';
import { useEntityHref } from '../components/useEntityHref';
import { DeployedSources } from '../health/DeployedSources';
import { DeployedMark } from '../health/DeployedMark';
import { useDeployed } from '../health/useDeployed';
import { specText } from '../relations/relations';
import { overviewTranslationRef } from '../translation';

/** Lines that are kept while the environments are not known. */
const EXPECTED_ENVIRONMENTS = 3;

/**
 * What runs of a component in each environment. Where there is a local runtime, its own
 * card says so, with addresses; a library runs nowhere.
 */
export function DeploymentsSection({ entity }: { entity: Entity }) {
  const apis = useApiHolder();
  const isToldElsewhere = apis.get(localRuntimeApiRef)?.isConfigured ?? false;
  return isToldElsewhere || specText(entity, 'type') === 'library' ? null : (
    <Environments entity={entity} />
  );
}

function Environments({ entity }: { entity: Entity }) {
  const { t } = useTranslationRef(overviewTranslationRef);
  const hrefOf = useEntityHref();
  const components = useMemo(() => [entity], [entity]);
  const deployed = useDeployed(components);
  const ref = stringifyEntityRef(entity);
  const environments = deployed.value?.get(ref) ?? [];
  const isPending = !deployed.value && !deployed.error;
  return (
    <Section
      title={t('deployments.title')}
      actions={
        <Link href={`${hrefOf(ref)}/delivery`}>{t('deployments.all')}</Link>
      }
    >
      {isPending && (
        <ul className={styles.list} aria-busy aria-label={t('health.loading')}>
          {Array.from({ length: EXPECTED_ENVIRONMENTS }, (_, line) => (
            <li key={line} aria-hidden>
              –
            </li>
          ))}
        </ul>
      )}
      {deployed.value && environments.length === 0 && (
        <p className={styles.quiet}>{t('deployments.none')}</p>
      )}
      {environments.length > 0 && (
        <ul className={styles.list}>
          {environments.map(each => (
            <li key={each.environment}>
              <DeployedMark deployed={each} />
              {each.deployedAt && (
                <span className={styles.quiet}>
                  {t('deployments.since')} <Moment at={each.deployedAt} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      <DeployedSources deployed={deployed} />
    </Section>
  );
}
