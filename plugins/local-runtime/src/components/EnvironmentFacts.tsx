import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link, VisuallyHidden } from '@backstage/ui';
import {
  type EnvironmentStatus,
  type Revision,
} from '@portico/plugin-local-runtime-common';
import { formatClock, formatMoment } from '../content/moments';
import { localRuntimeTranslationRef } from '../translation';
import styles from './EnvironmentsCard.module.css';

/** The environment that releases reach without a promotion. */
const FIRST_ENVIRONMENT = 'dev';

/** What runs in an environment, since when, where, and why not where it does not. */
export function EnvironmentFacts(props: { status: EnvironmentStatus }) {
  const { status } = props;
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  const shown = status.running ?? status.declared;
  const isOther =
    status.running !== undefined &&
    status.declared !== undefined &&
    status.running.digest !== status.declared.digest;
  return (
    <>
      {shown && (
        <p className={styles.text}>
          <strong>{nameOf(shown)}</strong>
          {saysCommitBeside(shown) && (
            <span className={styles.quiet}>
              {' '}
              {t('environments.commit', {
                commit: shown.commit?.slice(0, 7) ?? '',
              })}
            </span>
          )}
        </p>
      )}
      {isOther && status.declared && (
        <p className={styles.text}>
          {t('environments.declaredOther', {
            version: nameOf(status.declared),
          })}
        </p>
      )}
      {status.state === 'notDeclared' ? (
        <p className={styles.quiet}>
          {status.environment === FIRST_ENVIRONMENT
            ? t('environments.devNothing')
            : t('environments.promotion')}
        </p>
      ) : (
        <p className={styles.quiet}>
          <time dateTime={status.since}>
            {t('environments.since', { time: formatMoment(status.since) })}
          </time>
        </p>
      )}
      {status.reason && (
        <p className={styles.reason}>{status.reason.message}</p>
      )}
      {status.restarts > 0 && (
        <p className={styles.quiet}>
          {t('environments.restarts', {
            times: String(status.restarts),
          })}{' '}
          {status.retryAt &&
            t('environments.retryAt', { time: formatClock(status.retryAt) })}
        </p>
      )}
      {status.state === 'sleeping' && (
        <p className={styles.quiet}>{t('environments.wakes')}</p>
      )}
      {status.address && status.state !== 'notDeclared' && (
        <p className={styles.text}>
          <Link href={status.address} target="_blank" rel="noopener noreferrer">
            {status.address}
            <VisuallyHidden> ({t('environments.opensNew')})</VisuallyHidden>
          </Link>
        </p>
      )}
    </>
  );
}

/** Versions that the runtime makes end with their commit. */
function saysCommitBeside({ version, commit }: Revision): boolean {
  return (
    version !== undefined &&
    commit !== undefined &&
    !version.includes(commit.slice(0, 7))
  );
}

/** The version; where another runtime made the release, the beginning of its digest. */
function nameOf({ version, commit, digest }: Revision): string {
  return version ?? commit?.slice(0, 7) ?? digest.slice(0, 19);
}
