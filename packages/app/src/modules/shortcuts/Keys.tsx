import { Fragment } from 'react';
import styles from './Keys.module.css';

/** Keys to press, one after the other. */
export function Keys(props: { keys: string }) {
  return (
    <span className={styles.root}>
      {props.keys.split(' ').map((key, index) => (
        <Fragment key={index}>
          {index > 0 && ' '}
          <kbd className={styles.key}>{key}</kbd>
        </Fragment>
      ))}
    </span>
  );
}
