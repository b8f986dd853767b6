import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { Alert, Button } from '@backstage/ui';
import { describeProblem } from '@portico/page-states';
import {
  localRuntimeLogReadPermission,
  localRuntimeOperatePermission,
  type Run,
} from '@portico/plugin-local-runtime-common';
import { localRuntimeApiRef } from '../api/LocalRuntimeApi';
import { formatBytes } from '../content/formatBytes';
import { formatDuration } from '../content/moments';
import { useRunLog } from '../hooks/useRunLog';
import { localRuntimeTranslationRef } from '../translation';
import styles from './Builds.module.css';
import { LogView } from './LogView';
import { RunMark } from './StateMark';

/** One run: its steps, why it did not succeed, and what it wrote. */
export function BuildDetail(props: {
  entityRef: string;
  run: Run;
  /** Only the newest commit can be built again. */
  isNewest: boolean;
  onRepeated(run: Run): void;
}) {
  const { entityRef, run, isNewest, onRepeated } = props;
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  const mayRead = usePermission({ permission: localRuntimeLogReadPermission });
  const commit = run.commit.id.slice(0, 7);
  return (
    <div className={styles.detail}>
      <div className={styles.head}>
        <h3 className={styles.title}>
          {t('build.title', { commit })}: {run.commit.subject}
        </h3>
        <RunMark state={run.state} />
        {isNewest && ['failed', 'timedOut'].includes(run.state) && (
          <RepeatButton
            entityRef={entityRef}
            run={run}
            onRepeated={onRepeated}
          />
        )}
      </div>
      {run.reason && (
        <Alert
          status={run.state === 'superseded' ? 'info' : 'danger'}
          icon
          title={t('build.reasonTitle')}
          description={run.reason.message}
        />
      )}
      <ol className={styles.steps} aria-label={t('build.steps')}>
        {run.steps.map(step => (
          <li key={step.name}>
            {t(`step.${step.name}`)}:{' '}
            <strong>{t(`stepState.${step.state}`)}</strong>{' '}
            <span className={styles.quiet}>
              {formatDuration(step.startedAt, step.endedAt)}
            </span>
          </li>
        ))}
      </ol>
      {run.artefact && (
        <span className={styles.quiet}>
          {t('build.artefact', {
            digest: run.artefact.digest.slice(0, 19),
            size: formatBytes(run.artefact.bytes),
          })}
        </span>
      )}
      {mayRead.allowed && (
        <BuildLog
          key={run.id}
          entityRef={entityRef}
          runId={run.id}
          commit={commit}
        />
      )}
      {!mayRead.loading && !mayRead.allowed && (
        <span className={styles.quiet}>{t('log.noAccess')}</span>
      )}
    </div>
  );
}

function BuildLog(props: { entityRef: string; runId: string; commit: string }) {
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  const log = useRunLog(props.entityRef, props.runId);
  return <LogView label={t('build.log', { commit: props.commit })} log={log} />;
}

function RepeatButton(props: {
  entityRef: string;
  run: Run;
  onRepeated(run: Run): void;
}) {
  const { entityRef, run, onRepeated } = props;
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  const api = useApi(localRuntimeApiRef);
  const { allowed } = usePermission({
    permission: localRuntimeOperatePermission,
  });
  const [state, setState] = useState<{ isPending: boolean; error?: unknown }>({
    isPending: false,
  });
  if (!allowed) {
    return null;
  }
  const repeat = async () => {
    setState({ isPending: true });
    try {
      const repeated = await api.repeatRun(entityRef, run.id);
      setState({ isPending: false });
      onRepeated(repeated);
    } catch (error) {
      setState({ isPending: false, error });
    }
  };
  return (
    <>
      <Button
        size="small"
        variant="secondary"
        isPending={state.isPending}
        onPress={repeat}
      >
        {t('build.again')}
      </Button>
      {state.error !== undefined && (
        <div role="alert">
          <Alert
            status="warning"
            title={t('build.againFailed')}
            description={describeProblem(state.error)}
          />
        </div>
      )}
    </>
  );
}
