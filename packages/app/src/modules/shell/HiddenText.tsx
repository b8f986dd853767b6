import styles from './HiddenText.module.css';

/** Text for screen readers alone, inside of a line: `VisuallyHidden` is a block. */
export function HiddenText(props: { children: string }) {
  return <span className={styles.root}>{props.children}</span>;
}
