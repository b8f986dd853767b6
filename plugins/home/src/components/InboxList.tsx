import { type ReactNode, useId } from 'react';
import { Link } from '@backstage/ui';
import styles from './InboxList.module.css';

/** One thing that waits. */
export interface InboxItem {
  id: string;
  title: string;
  /** Why it waits, and since when or until when. */
  text?: ReactNode;
  /** Where it is dealt with. */
  href?: string;
}

/** The things of one kind that wait for a person, and where the rest of them is. */
export function InboxList(props: {
  title: string;
  /** How many there are in all, where not all of them are listed. */
  total?: number;
  items: InboxItem[];
  all?: { title: string; href: string };
}) {
  const { title, items, total = items.length, all } = props;
  const id = useId();
  return (
    <div className={styles.root}>
      <h3 className={styles.title} id={id}>
        {title} <span className={styles.count}>{total}</span>
      </h3>
      <ul className={styles.list} aria-labelledby={id}>
        {items.map(item => (
          <li key={item.id}>
            {item.href ? (
              <Link href={item.href}>{item.title}</Link>
            ) : (
              <span>{item.title}</span>
            )}
            {item.text && <span className={styles.text}>{item.text}</span>}
          </li>
        ))}
      </ul>
      {all && items.length < total && <Link href={all.href}>{all.title}</Link>}
    </div>
  );
}
