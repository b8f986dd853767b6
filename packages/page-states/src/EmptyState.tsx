import { type ReactNode } from 'react';
import styles from './EmptyState.module.css';

/** Says that there is nothing, why, and what to do about it. */
export function EmptyState(props: {
  title: string;
  description?: string;
  /** Buttons or links that lead on. */
  action?: ReactNode;
}) {
  const { title, description, action } = props;
  return (
    <div role="status" className={styles.root}>
      <p className={styles.title}>{title}</p>
      {description && <p className={styles.text}>{description}</p>}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  );
}
