import { type ReactElement } from 'react';
import styles from './Mark.module.css';

/** How much a mark wants to be seen. */
export type Tone =
  | 'plain'
  | 'positive'
  | 'announcement'
  | 'warning'
  | 'negative'
  | 'strong';

/** A word with an icon on a ground of its own; never by colour alone. */
export function Mark(props: { tone: Tone; icon: ReactElement; text: string }) {
  return (
    <span className={`${styles.mark} ${styles[props.tone]}`}>
      <span aria-hidden style={{ display: 'inline-flex' }}>
        {props.icon}
      </span>
      {props.text}
    </span>
  );
}
