import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { RiSearchLine } from '@remixicon/react';
import { Keys } from '../shortcuts';
import styles from './SearchEntry.module.css';
import { useShell } from './ShellContext';
import { shellTranslationRef } from './translation';

/** Looks like a field and opens the one that searches and goes to pages. */
export function SearchEntry() {
  const { t } = useTranslationRef(shellTranslationRef);
  const { open } = useShell();
  return (
    <button
      type="button"
      className={styles.root}
      aria-haspopup="dialog"
      onClick={() => open('quickOpen')}
    >
      <RiSearchLine aria-hidden />
      <span className={styles.text}>{t('header.search')}</span>
      <span className={styles.keys} aria-hidden>
        <Keys keys="/" />
      </span>
    </button>
  );
}
