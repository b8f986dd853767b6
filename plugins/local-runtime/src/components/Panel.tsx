import { type ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Section } from '@portico/page-states';
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
  return (
    <Section
      title={title}
      actions={
        <>
          <span className={styles.source}>{t('name')}</span>
          {action}
        </>
      }
    >
      {children}
    </Section>
  );
}
