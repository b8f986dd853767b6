import { useLayoutEffect, useRef } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { LoadingState, ProblemState } from '@portico/page-states';
import { type LogState } from '../hooks/useRunLog';
import { localRuntimeTranslationRef } from '../translation';
import styles from './LogView.module.css';

const CLOSE_TO_END_PIXELS = 40;

/** A log that stays at its end while it grows, unless somebody scrolled back. */
export function LogView(props: { label: string; log: LogState }) {
  const { label, log } = props;
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  const box = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    if (box.current && isAtEnd.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [log.text]);
  if (log.loading) {
    return <LoadingState label={t('log.loading')} />;
  }
  if (log.error !== undefined && log.text === '') {
    return <ProblemState error={log.error} title={t('log.failed')} />;
  }
  return (
    <>
      {log.isCut && <p className={styles.note}>{t('log.cut')}</p>}
      <pre
        ref={box}
        className={styles.log}
        role="region"
        aria-label={label}
        // It scrolls, so it has to be reached by the keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onScroll={({ currentTarget }) => {
          const { scrollHeight, scrollTop, clientHeight } = currentTarget;
          isAtEnd.current =
            scrollHeight - scrollTop - clientHeight < CLOSE_TO_END_PIXELS;
        }}
      >
        {log.text || t('log.empty')}
      </pre>
      {log.isLive && <p className={styles.note}>{t('log.live')}</p>}
    </>
  );
}
