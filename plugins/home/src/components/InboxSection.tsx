import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { LoadingState, Section } from '@portico/page-states';
import { type Me } from '@portico/plugin-tenancy-common';
import { type InboxPart } from '../inbox/InboxPart';
import { homeTranslationRef } from '../translation';
import styles from './HomeSection.module.css';

/** Milliseconds after which what is known is shown, whatever still loads. */
const PATIENCE = 5_000;

/** What waits for a person, from all parts that are installed. */
export function InboxSection(props: {
  me: Me;
  parts: InboxPart[];
  onReady(): void;
}) {
  const { me, parts, onReady } = props;
  const { t } = useTranslationRef(homeTranslationRef);
  const [counts, setCounts] = useState<ReadonlyMap<number, number | undefined>>(
    new Map(),
  );
  const [isPatient, setPatient] = useState(true);

  useEffect(() => {
    const timer = setTimeout(() => setPatient(false), PATIENCE);
    return () => clearTimeout(timer);
  }, []);

  const isSettled = counts.size === parts.length;
  const isShown = isSettled || !isPatient;
  useEffect(() => {
    if (isShown) {
      onReady();
    }
  }, [isShown, onReady]);

  const callbacks = useRef(new Map<number, (count?: number) => void>());
  const onSettledOf = useCallback((index: number) => {
    const known = callbacks.current.get(index);
    if (known) {
      return known;
    }
    const onSettled = (count?: number) =>
      setCounts(before => new Map(before).set(index, count));
    callbacks.current.set(index, onSettled);
    return onSettled;
  }, []);

  const isEmpty = isSettled && [...counts.values()].every(count => count === 0);
  return (
    <Section title={t('inbox.title')}>
      {!isShown && <LoadingState lines={1} />}
      {isEmpty && <p className={styles.quiet}>{t('inbox.empty')}</p>}
      <div hidden={!isShown}>
        {parts.map((Part, index) => (
          <Part key={index} me={me} onSettled={onSettledOf(index)} />
        ))}
      </div>
    </Section>
  );
}
