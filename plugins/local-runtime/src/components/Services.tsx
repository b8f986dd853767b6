import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { Alert, Button } from '@backstage/ui';
import {
  describeProblem,
  EmptyState,
  LoadingState,
  problemKindOf,
  ProblemState,
} from '@portico/page-states';
import {
  type EnvironmentState,
  type EnvironmentStatus,
  localRuntimeLogReadPermission,
  localRuntimeOperatePermission,
} from '@portico/plugin-local-runtime-common';
import {
  type EntityEnvironment,
  localRuntimeApiRef,
} from '../api/LocalRuntimeApi';
import { useServiceLog } from '../hooks/useServiceLog';
import { useStatus } from '../hooks/useStatus';
import { localRuntimeTranslationRef } from '../translation';
import { EnvironmentFacts } from './EnvironmentFacts';
import { Figures } from './Figures';
import { LogView } from './LogView';
import { Panel } from './Panel';
import styles from './Services.module.css';
import { EnvironmentMark } from './StateMark';

/** What runs of the entity in each environment, with figures and log. */
export function Services() {
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  const { entityRef, loading, error, value: status, retry } = useStatus();
  const isUnknown =
    (error !== undefined && problemKindOf(error) === 'absent') ||
    status?.environments.length === 0;
  return (
    <Panel title={t('tab.services')}>
      {loading && <LoadingState label={t('service.loading')} />}
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
      {status?.environments.map(environment => (
        <Service
          key={environment.environment}
          entityRef={entityRef}
          status={environment}
          onChange={retry}
        />
      ))}
    </Panel>
  );
}

function Service(props: {
  entityRef: string;
  status: EnvironmentStatus;
  onChange(): void;
}) {
  const { entityRef, status, onChange } = props;
  const { environment, state } = status;
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  const mayRead = usePermission({ permission: localRuntimeLogReadPermission });
  const [isLogOpen, setIsLogOpen] = useState(false);
  return (
    <article className={styles.service} aria-label={environment}>
      <div className={styles.head}>
        <h3 className={styles.name}>{environment}</h3>
        <EnvironmentMark state={state} />
        {hasProcess(state) && <Probes status={status} />}
        <Actions
          entityRef={entityRef}
          environment={environment}
          state={state}
          onChange={onChange}
        />
      </div>
      <EnvironmentFacts status={status} />
      {hasProcess(state) && (
        <Figures
          entityRef={entityRef}
          environment={environment}
          memoryLimitBytes={status.memoryLimitBytes}
        />
      )}
      {state !== 'notDeclared' && mayRead.allowed && (
        <div>
          <Button
            size="small"
            variant="tertiary"
            aria-expanded={isLogOpen}
            onPress={() => setIsLogOpen(!isLogOpen)}
          >
            {isLogOpen
              ? t('service.hideLog', { environment })
              : t('service.showLog', { environment })}
          </Button>
        </div>
      )}
      {state !== 'notDeclared' && !mayRead.loading && !mayRead.allowed && (
        <p className={styles.quiet}>{t('log.noAccess')}</p>
      )}
      {isLogOpen && (
        <ServiceLog entityRef={entityRef} environment={environment} />
      )}
    </article>
  );
}

function Probes(props: { status: EnvironmentStatus }) {
  const { live, ready } = props.status.health;
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  const words = {
    passing: 'service.probePassing',
    failing: 'service.probeFailing',
    unknown: 'service.probeUnknown',
  } as const;
  return (
    <span className={styles.quiet}>
      {t(words[live], { probe: t('service.live') })},{' '}
      {t(words[ready], { probe: t('service.ready') })}
    </span>
  );
}

function ServiceLog(props: EntityEnvironment) {
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  const log = useServiceLog(props);
  return (
    <LogView
      label={t('log.ofService', { environment: props.environment })}
      log={log}
    />
  );
}

function Actions(
  props: EntityEnvironment & { state: EnvironmentState; onChange(): void },
) {
  const { entityRef, environment, state, onChange } = props;
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  const api = useApi(localRuntimeApiRef);
  const { allowed } = usePermission({
    permission: localRuntimeOperatePermission,
  });
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  if (!allowed || state === 'notDeclared' || state === 'stopped') {
    return null;
  }
  const act = state === 'sleeping' ? 'wake' : 'restart';
  const run = async () => {
    setPending(true);
    setError(undefined);
    try {
      await api[act]({ entityRef, environment });
      onChange();
    } catch (problem) {
      setError(problem);
    }
    setPending(false);
  };
  return (
    <>
      <Button
        size="small"
        variant="secondary"
        isPending={pending}
        aria-label={t(
          act === 'wake' ? 'service.wakeLabel' : 'service.restartLabel',
          { environment },
        )}
        onPress={run}
      >
        {t(act === 'wake' ? 'service.wake' : 'service.restart')}
      </Button>
      {error !== undefined && (
        <div role="alert">
          <Alert
            status="warning"
            title={t('service.actionFailed')}
            description={describeProblem(error)}
          />
        </div>
      )}
    </>
  );
}

function hasProcess(state: EnvironmentState): boolean {
  return ['starting', 'running', 'unhealthy'].includes(state);
}
