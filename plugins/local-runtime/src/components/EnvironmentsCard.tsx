import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { useEntity, entityRouteRef } from '@backstage/plugin-catalog-react';
import {
  EmptyState,
  LoadingState,
  problemKindOf,
  ProblemState,
} from '@portico/page-states';
import { useStatus } from '../hooks/useStatus';
import { RUNS_PATH } from '../routes';
import { localRuntimeTranslationRef } from '../translation';
import { EnvironmentFacts } from './EnvironmentFacts';
import styles from './EnvironmentsCard.module.css';
import { Panel } from './Panel';
import { EnvironmentMark } from './StateMark';

/** What runs where of a component, as the local runtime sees it. */
export function EnvironmentsCard() {
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  const { entity } = useEntity();
  const entityLink = useRouteRef(entityRouteRef);
  const { loading, error, value: status, retry } = useStatus();
  const page = entityLink?.({
    kind: entity.kind.toLowerCase(),
    namespace: entity.metadata.namespace ?? 'default',
    name: entity.metadata.name,
  });
  const isUnknown =
    (error !== undefined && problemKindOf(error) === 'absent') ||
    status?.environments.length === 0;
  return (
    <Panel
      title={t('environments.title')}
      action={
        page && (
          <Link href={`${page}${RUNS_PATH}`}>{t('environments.runs')}</Link>
        )
      }
    >
      {loading && <LoadingState label={t('environments.loading')} lines={2} />}
      {error !== undefined && !isUnknown && (
        <ProblemState
          error={error}
          onRetry={retry}
          title={t('environments.failed')}
        />
      )}
      {isUnknown && (
        <EmptyState
          title={t('environments.nothingTitle')}
          description={t('environments.nothing')}
        />
      )}
      {status && status.environments.length > 0 && (
        <ul className={styles.list}>
          {status.environments.map(environment => (
            <li key={environment.environment} className={styles.environment}>
              <div className={styles.head}>
                <h3 className={styles.name}>{environment.environment}</h3>
                <EnvironmentMark state={environment.state} />
              </div>
              <EnvironmentFacts status={environment} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
