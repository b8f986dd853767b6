import { type ReactNode, useId } from 'react';
import styles from './Section.module.css';

/** One part of a page under its heading. */
export function Section(props: {
  title: string;
  /** Beside the heading. */
  actions?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 className={styles.title} id={id}>
          {props.title}
        </h2>
        {props.actions}
      </div>
      {props.children}
    </section>
  );
}
