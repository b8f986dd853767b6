import { type ReactNode, useId } from 'react';
import styles from './HomePage.module.css';

/** One part of the home page under its heading. */
export function HomeSection(props: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 className={styles.sectionTitle} id={id}>
        {props.title}
      </h2>
      {props.children}
    </section>
  );
}
