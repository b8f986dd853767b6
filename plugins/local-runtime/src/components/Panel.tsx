import { type ReactNode, useId } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { localRuntimeTranslationRef } from '../translation';
import styles from './Panel.module.css';

/** A part of a page that says where it comes from: the local runtime. */
export function Panel(props: {
  title: string;
  /** Beside the title. */
  action?: ReactNode;
  children: ReactNode;
}) {
  const { title, action, children } = props;
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  const id = useId();
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        <span className={styles.source}>{t('name')}</span>
        {action}
      </div>
      {children}
    </section>
  );
}
