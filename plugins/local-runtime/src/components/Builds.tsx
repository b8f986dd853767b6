import { useCallback, useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { VisuallyHidden } from '@backstage/ui';
import { EmptyState, LoadingState, ProblemState } from '@portico/page-states';
import { type Run } from '@portico/plugin-local-runtime-common';
import { localRuntimeApiRef } from '../api/LocalRuntimeApi';
import { formatDuration, formatMoment } from '../content/moments';
import { useLive } from '../hooks/useLive';
import { localRuntimeTranslationRef } from '../translation';
import { BuildDetail } from './BuildDetail';
import styles from './Builds.module.css';
import { Panel } from './Panel';
import { RunMark } from './StateMark';

const RUNS = 20;
const QUICK_MILLISECONDS = 1_500;
const SLOW_MILLISECONDS = 6_000;

/** What was built of an entity's repository, newest first, with one of them open. */
export function Builds(props: { entityRef: string }) {
  const { entityRef } = props;
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  const api = useApi(localRuntimeApiRef);
  const [chosen, setChosen] = useState<string>();
  const load = useCallback(
    () => api.runs(entityRef, { limit: RUNS }),
    [api, entityRef],
  );
  const { loading, error, value: runs, retry } = useLive(load, pauseOf);
  const open = runs?.find(({ id }) => id === chosen) ?? runs?.at(0);
  return (
    <Panel title={t('tab.builds')}>
      {loading && <LoadingState label={t('builds.loading')} />}
      {error !== undefined && (
        <ProblemState
          error={error}
          onRetry={retry}
          title={t('builds.failed')}
        />
      )}
      {runs?.length === 0 && (
        <EmptyState
          title={t('builds.emptyTitle')}
          description={t('builds.empty')}
        />
      )}
      {runs && runs.length > 0 && (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <caption>
              <VisuallyHidden>{t('tab.builds')}</VisuallyHidden>
            </caption>
            <thead>
              <tr>
                <th scope="col">{t('builds.result')}</th>
                <th scope="col">{t('builds.commit')}</th>
                <th scope="col">{t('builds.duration')}</th>
                <th scope="col">{t('builds.when')}</th>
              </tr>
            </thead>
            <tbody>
              {runs.map(run => (
                <BuildRow
                  key={run.id}
                  run={run}
                  isOpen={run.id === open?.id}
                  onOpen={() => setChosen(run.id)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {open && (
        <BuildDetail
          entityRef={entityRef}
          run={open}
          isNewest={open === runs?.at(0)}
          onRepeated={run => {
            setChosen(run.id);
            retry();
          }}
        />
      )}
    </Panel>
  );
}

function BuildRow(props: { run: Run; isOpen: boolean; onOpen(): void }) {
  const { run, isOpen, onOpen } = props;
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  return (
    <tr className={isOpen ? styles.chosen : undefined}>
      <td>
        <RunMark state={run.state} />
      </td>
      <td className={styles.commit}>
        <button
          type="button"
          className={styles.subject}
          aria-label={t('builds.show', { subject: run.commit.subject })}
          aria-pressed={isOpen}
          onClick={onOpen}
        >
          {run.commit.subject}
        </button>
        <span className={styles.quiet}>
          <code>{run.commit.id.slice(0, 7)}</code>{' '}
          {t('builds.by', { author: run.commit.authorName })}
          {run.attempt > 1 &&
            `, ${t('builds.attempt', { attempt: String(run.attempt) })}`}
        </span>
      </td>
      <td>{formatDuration(run.startedAt, run.endedAt)}</td>
      <td>
        <time dateTime={run.startedAt ?? run.queuedAt}>
          {formatMoment(run.startedAt ?? run.queuedAt)}
        </time>
      </td>
    </tr>
  );
}

function pauseOf(runs: Run[] | undefined): number {
  return runs?.some(({ endedAt }) => endedAt === undefined)
    ? QUICK_MILLISECONDS
    : SLOW_MILLISECONDS;
}
