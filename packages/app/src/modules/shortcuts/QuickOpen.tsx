import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { RiSearchLine } from '@remixicon/react';
import { shellTranslationRef } from '../shell/translation';
import { Keys } from './Keys';
import { matchEntries, type QuickOpenEntry } from './matchEntries';
import { ModalDialog } from './ModalDialog';
import styles from './QuickOpen.module.css';

const sections = ['catalog', 'pages', 'create', 'actions'] as const;

/** A field that goes to pages and things of the catalog, creates, and searches. */
export function QuickOpen(props: {
  /** Everything that is known without asking. */
  entries: QuickOpenEntry[];
  /** What the catalog has for the text; matched there. */
  hits: QuickOpenEntry[];
  isLoading: boolean;
  hasFailed: boolean;
  text: string;
  onText(text: string): void;
  onSearch(text: string): void;
  onClose(): void;
}) {
  const { text, entries, hits, isLoading, hasFailed, onSearch, onClose } =
    props;
  const { t } = useTranslationRef(shellTranslationRef);
  const id = useId();
  const [chosen, setChosen] = useState(0);

  const shown = useMemo(() => {
    const all = [...hits, ...matchEntries(entries, text)];
    const found = sections.flatMap(section =>
      all.filter(entry => entry.section === section),
    );
    const searched: QuickOpenEntry[] =
      text.trim() === ''
        ? []
        : [
            {
              id: 'search',
              section: 'actions',
              title: t('quickOpen.search', { text: text.trim() }),
              run: () => onSearch(text.trim()),
            },
          ];
    return [...found, ...searched];
  }, [entries, hits, text, onSearch, t]);

  const active = Math.min(chosen, shown.length - 1);
  const optionId = (index: number) => `${id}-${index}`;
  const run = (entry: QuickOpenEntry | undefined) => {
    if (entry) {
      onClose();
      entry.run();
    }
  };
  const choose = (index: number) => {
    setChosen(index);
    document
      .getElementById(optionId(index))
      ?.scrollIntoView({ block: 'nearest' });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) {
      return;
    }
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && shown.length > 0) {
      event.preventDefault();
      choose((active + steps[event.key] + shown.length) % shown.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(shown[active]);
    }
  };

  let state: string = t('quickOpen.found', { number: String(shown.length) });
  if (hasFailed) {
    state = t('quickOpen.failed');
  } else if (isLoading) {
    state = t('quickOpen.loading');
  }

  return (
    <ModalDialog label={t('quickOpen.title')} onClose={onClose}>
      <div className={styles.field}>
        <RiSearchLine aria-hidden />
        <input
          className={styles.input}
          role="combobox"
          aria-label={t('quickOpen.label')}
          aria-expanded
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={
            shown.length > 0 ? optionId(active) : undefined
          }
          // It was opened to type into.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          autoComplete="off"
          spellCheck={false}
          placeholder={t('quickOpen.placeholder')}
          value={text}
          onChange={event => {
            setChosen(0);
            props.onText(event.target.value);
          }}
          onKeyDown={onKeyDown}
        />
        <Keys keys="Esc" />
      </div>
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={t('quickOpen.results')}
        className={styles.list}
      >
        {sections.map(section => {
          const inSection = shown.filter(entry => entry.section === section);
          return (
            inSection.length > 0 && (
              <div
                key={section}
                role="group"
                aria-labelledby={`${id}-${section}`}
              >
                <div
                  id={`${id}-${section}`}
                  role="presentation"
                  className={styles.section}
                >
                  {t(`quickOpen.${section}`)}
                </div>
                {inSection.map(entry => {
                  const index = shown.indexOf(entry);
                  return (
                    // The field has the focus and passes the keys on.
                    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
                    <div
                      key={entry.id}
                      id={optionId(index)}
                      role="option"
                      aria-selected={index === active}
                      className={styles.option}
                      onClick={() => run(entry)}
                      onMouseMove={() => setChosen(index)}
                    >
                      <span className={styles.title}>{entry.title}</span>
                      {entry.detail && (
                        <span className={styles.detail}>{entry.detail}</span>
                      )}
                      {entry.keys && <Keys keys={entry.keys} />}
                    </div>
                  );
                })}
              </div>
            )
          );
        })}
      </div>
      <p className={styles.state} role="status">
        {state}
      </p>
    </ModalDialog>
  );
}
