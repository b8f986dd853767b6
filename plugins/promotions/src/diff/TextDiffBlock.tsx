import { memo, useEffect, useId, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { type TextDiff } from '@portico/plugin-promotions-common';
import { RiArrowDownSLine, RiArrowRightSLine } from '@remixicon/react';
import { promotionsTranslationRef } from '../translation';
import styles from './TextDiffBlock.module.css';

/** Lines that are rendered at once; the page stays responsive in between. */
const CHUNK = 200;

const signs = { same: ' ', added: '+', removed: '−', gap: '' } as const;

/** The changed lines of one file or object, behind a button with its name. */
export function TextDiffBlock(props: { diff: TextDiff }) {
  const { diff } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const count = (kind: 'added' | 'removed') =>
    String(diff.lines.filter(line => line.kind === kind).length);
  return (
    <div className={styles.block}>
      <h4 className={styles.heading}>
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? (
            <RiArrowDownSLine aria-hidden />
          ) : (
            <RiArrowRightSLine aria-hidden />
          )}
          <code className={styles.name}>{diff.name}</code>
          <span className={styles.quiet}>
            {t(`diff.${diff.change}`)},{' '}
            {t('diff.lines', {
              added: count('added'),
              removed: count('removed'),
            })}
          </span>
        </button>
      </h4>
      {isOpen && (
        <div
          id={id}
          role="region"
          aria-label={t('diff.linesOf', { name: diff.name })}
          // A wide file is scrolled with the arrow keys.
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          className={styles.lines}
        >
          <Lines lines={diff.lines} />
          {diff.cut && <p className={styles.quiet}>{t('diff.cut')}</p>}
        </div>
      )}
    </div>
  );
}

const Chunk = memo((props: { lines: TextDiff['lines']; start: number }) => {
  const lines = props.lines.slice(props.start, props.start + CHUNK);
  return (
    <div
      className={styles.chunk}
      style={{
        containIntrinsicHeight: `calc(${lines.length} * var(--diff-line))`,
      }}
    >
      {lines.map((line, index) => (
        <div key={index} className={`${styles.line} ${styles[line.kind]}`}>
          <span className={styles.number}>{line.before}</span>
          <span className={styles.number}>{line.after}</span>
          <span className={styles.sign}>{signs[line.kind]}</span>
          <span>{line.text}</span>
        </div>
      ))}
    </div>
  );
});

/** Shows the first lines at once and the rest piece by piece, at their final height. */
function Lines(props: { lines: TextDiff['lines'] }) {
  const { lines } = props;
  const [shown, setShown] = useState(CHUNK);
  const isWhole = shown >= lines.length;
  useEffect(() => {
    if (isWhole) {
      return undefined;
    }
    const timer = setTimeout(() => setShown(shown + CHUNK));
    return () => clearTimeout(timer);
  }, [shown, isWhole]);
  const chunks = Array.from(
    { length: Math.ceil(Math.min(shown, lines.length) / CHUNK) },
    (_, index) => index * CHUNK,
  );
  return (
    <div
      className={styles.content}
      style={{ minHeight: `calc(${lines.length} * var(--diff-line))` }}
    >
      {chunks.map(start => (
        <Chunk key={start} lines={lines} start={start} />
      ))}
    </div>
  );
}
