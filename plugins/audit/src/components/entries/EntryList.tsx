import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Flex, Switch, Text, VisuallyHidden } from '@backstage/ui';
import { RiArrowDownLine, RiArrowUpLine } from '@remixicon/react';
import {
  type AuditEntryView,
  type ChainList,
} from '@portico/plugin-audit-common';
import { type View } from '../../content/addressQuery';
import { entryId } from '../../hooks/entryList';
import { type Entries } from '../../hooks/useEntries';
import { useIsInView } from '../../hooks/useIsInView';
import { useMediaQuery } from '../../hooks/useMediaQuery';
import { useTail } from '../../hooks/useTail';
import { auditTranslationRef } from '../../translation';
import { ProblemAlert } from '../ProblemAlert';
import styles from './EntriesPage.module.css';
import { EntryPanel } from './EntryPanel';
import { EntryTable } from './EntryTable';

/** From here on an entry is shown beside the list. */
const BESIDE = '(min-width: 1100px)';

/** From here on all columns have room beside an open entry. */
const ROOMY = '(min-width: 1700px)';

/** The list of entries with its live tail and the entry that is open. */
export function EntryList(props: {
  view: View;
  entries: Entries;
  chainList: ChainList | undefined;
  /** Whether somebody is at the fields of the filter. */
  isFiltering: boolean;
  isFiltered: boolean;
  open: string | undefined;
  onOpen(id: string | undefined): void;
  actions: ReactNode;
}) {
  const { view, entries, chainList, open, onOpen } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const [isLive, setLive] = useState(false);
  const [announcement, setAnnouncement] = useState('');
  const top = useRef<HTMLDivElement>(null);
  const isAtTop = useIsInView(top);
  const isBeside = useMediaQuery(BESIDE);
  const isRoomy = useMediaQuery(ROOMY);
  const hasEnd = view.to !== undefined;
  const panelId = isBeside ? open : undefined;

  const tail = useTail({
    view,
    on: isLive && !hasEnd,
    held: !isAtTop || props.isFiltering,
    onOpen: entries.catchUp,
    onEntries: views => {
      entries.add(views);
      setAnnouncement(t('live.added', { count: views.length }));
    },
  });

  const { items, status } = entries;
  const opened = items.find(item => entryId(item) === panelId);
  // An address with an open entry does not move the focus by itself.
  const wasOpenedHere = useRef(false);
  const showOpen = (item: AuditEntryView | undefined) => {
    wasOpenedHere.current = true;
    onOpen(item && entryId(item));
  };
  const beside = opened ? items.indexOf(opened) : -1;

  return (
    <>
      <div className={styles.bar} ref={top}>
        <Text color="secondary" aria-live="polite">
          {status === 'loading'
            ? t('common.loading')
            : t('entries.shown', { count: items.length })}
        </Text>
        <Flex gap="3" align="center">
          <LiveState
            state={isLive ? tail.state : 'off'}
            held={!isAtTop || props.isFiltering}
          />
          <Switch
            label={t('live.switch')}
            isSelected={isLive && !hasEnd}
            isDisabled={hasEnd}
            onChange={setLive}
          />
          {props.actions}
        </Flex>
      </div>
      <VisuallyHidden aria-live="polite" role="status">
        {announcement}
      </VisuallyHidden>
      {tail.error && <ProblemAlert error={tail.error} />}
      {tail.waiting.length > 0 && (
        <div className={styles.waiting}>
          <Button
            variant="primary"
            size="small"
            iconStart={<RiArrowUpLine />}
            onPress={() => {
              tail.release();
              top.current?.scrollIntoView({ block: 'center' });
            }}
          >
            {t('live.waiting', { count: tail.waiting.length })}
          </Button>
        </div>
      )}
      {entries.error ? (
        <ProblemAlert error={entries.error} onRetry={entries.reload} />
      ) : (
        <div className={styles.split} data-beside={panelId !== undefined}>
          <div className={styles.list}>
            {status === 'loaded' && items.length === 0 ? (
              <Nothing isFiltered={props.isFiltered} />
            ) : (
              <EntryTable
                items={
                  status === 'loading' && items.length === 0 ? undefined : items
                }
                width={isBeside && (isRoomy || !panelId) ? 'wide' : 'narrow'}
                showsChain={(chainList?.items.length ?? 0) > 1}
                fresh={entries.fresh}
                isStale={status === 'loading'}
                open={panelId}
                onOpen={isBeside ? showOpen : undefined}
              />
            )}
            <OlderEntries entries={entries} />
          </div>
          {panelId && (
            <EntryPanel
              id={panelId}
              loaded={opened}
              takesFocus={wasOpenedHere.current}
              chainList={chainList}
              onNewer={
                beside > 0 ? () => showOpen(items[beside - 1]) : undefined
              }
              onOlder={
                beside !== -1 && beside < items.length - 1
                  ? () => showOpen(items[beside + 1])
                  : undefined
              }
              onClose={() => onOpen(undefined)}
            />
          )}
        </div>
      )}
    </>
  );
}

function LiveState(props: {
  state: ReturnType<typeof useTail>['state'];
  held: boolean;
}) {
  const { t } = useTranslationRef(auditTranslationRef);
  switch (props.state) {
    case 'off':
      return null;
    case 'connecting':
    case 'broken':
    case 'open':
      return (
        <Text color="secondary" variant="body-small" role="status">
          {props.state === 'open' && props.held
            ? t('live.held')
            : t(`live.${props.state}`)}
        </Text>
      );
    default:
      return props.state satisfies never;
  }
}

function Nothing(props: { isFiltered: boolean }) {
  const { t } = useTranslationRef(auditTranslationRef);
  return (
    <Flex direction="column" gap="1" p="4" role="status">
      <Text as="h2" variant="title-x-small">
        {props.isFiltered ? t('entries.noMatch') : t('entries.none')}
      </Text>
      <Text as="p" color="secondary">
        {props.isFiltered ? t('entries.noMatchHint') : t('entries.noneHint')}
      </Text>
    </Flex>
  );
}

function OlderEntries(props: { entries: Entries }) {
  const { entries } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const end = useRef<HTMLParagraphElement>(null);
  const [wasAsked, setAsked] = useState(false);
  const isEnd = entries.status === 'loaded' && !entries.nextCursor;

  // The button that had the focus is gone with the last page.
  useEffect(() => {
    if (isEnd && wasAsked) {
      end.current?.focus();
    }
  }, [isEnd, wasAsked]);

  if (entries.items.length === 0) {
    return null;
  }
  return (
    <Flex direction="column" align="center" gap="3" py="4">
      {entries.older instanceof Error && (
        <ProblemAlert error={entries.older} onRetry={entries.loadOlder} />
      )}
      {entries.nextCursor ? (
        <Button
          variant="secondary"
          iconStart={<RiArrowDownLine />}
          aria-disabled={entries.older === 'loading'}
          onPress={() => {
            setAsked(true);
            entries.loadOlder();
          }}
        >
          {entries.older === 'loading'
            ? t('common.loading')
            : t('entries.older')}
        </Button>
      ) : (
        <p ref={end} tabIndex={-1} className={styles.end}>
          {t('entries.end')}
        </p>
      )}
    </Flex>
  );
}
