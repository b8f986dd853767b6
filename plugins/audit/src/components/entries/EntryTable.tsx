import { useMemo } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Cell, type ColumnConfig, Row, Table, Text } from '@backstage/ui';
import { type AuditEntryView } from '@portico/plugin-audit-common';
import { formatAge, formatMoment, momentAndZone } from '../../content/moments';
import { shortRef } from '../../content/shortRef';
import { entryId } from '../../hooks/entryList';
import { useAuditLinks } from '../../hooks/useAuditLinks';
import { useWording } from '../../hooks/useWording';
import { useNow } from '../../hooks/useNow';
import { auditTranslationRef } from '../../translation';
import { OutcomeMark, SeverityMark } from '../Mark';
import styles from './EntryTable.module.css';

interface EntryRow {
  id: string;
  view: AuditEntryView;
}

/** How much room there is for columns. */
export type TableWidth = 'narrow' | 'wide';

/** Entries, newest first. */
export function EntryTable(props: {
  items: AuditEntryView[] | undefined;
  width: TableWidth;
  showsChain: boolean;
  /** Ids of rows that a tail added. */
  fresh: ReadonlySet<string>;
  isStale: boolean;
  /** Id of the entry that is open beside the table. */
  open?: string;
  /** Opens an entry beside the table; it gets a page of its own where it is missing. */
  onOpen?(view: AuditEntryView): void;
}) {
  const { items, showsChain, fresh, open, onOpen, isStale } = props;
  const isNarrow = props.width === 'narrow';
  const { t } = useTranslationRef(auditTranslationRef);
  const links = useAuditLinks();
  const wording = useWording();
  const now = useNow();
  const rows = useMemo(
    () => items?.map(view => ({ id: entryId(view), view })),
    [items],
  );

  const columns: ColumnConfig<EntryRow>[] = [
    {
      id: 'time',
      label: t('entries.time'),
      width: isNarrow ? 158 : 166,
      cell: ({ view }) => {
        const { moment, zone } = momentAndZone(view.entry.occurredAt, now);
        return (
          <TwoLines
            title={
              <time
                dateTime={view.entry.occurredAt}
                title={formatMoment(view.entry.occurredAt)}
              >
                {moment}
              </time>
            }
            more={`${zone} · ${formatAge(view.entry.occurredAt, now)}`}
          />
        );
      },
    },
    {
      id: 'actor',
      label: t('entries.actor'),
      defaultWidth: isNarrow ? '0.8fr' : '1fr',
      minWidth: 124,
      cell: ({ view }) => (
        <TwoLines
          title={shortRef(wording.actor(view))}
          more={
            view.entry.onBehalfOf === undefined
              ? t(`actorKind.${view.entry.actor.kind}`)
              : t('entries.onBehalfOf', {
                  person: shortRef(wording.ref(view.entry.onBehalfOf, view)),
                })
          }
        />
      ),
    },
    {
      id: 'act',
      label: isNarrow ? t('entries.actAndSubject') : t('entries.act'),
      isRowHeader: true,
      defaultWidth: isNarrow ? '1.8fr' : '1.4fr',
      minWidth: 180,
      cell: ({ view }) => (
        <TwoLines
          title={<span className={styles.act}>{view.entry.act}</span>}
          more={
            isNarrow
              ? wording.ref(view.entry.subject.ref, view)
              : t('entries.number', { number: String(view.entry.sequence) })
          }
        />
      ),
    },
    {
      id: 'subject',
      label: t('entries.subject'),
      isHidden: isNarrow,
      defaultWidth: '1.4fr',
      minWidth: 140,
      cell: ({ view }) => (
        <TwoLines
          title={wording.ref(view.entry.subject.ref, view)}
          more={view.entry.subject.kind}
        />
      ),
    },
    {
      id: 'chain',
      label: t('entries.chain'),
      isHidden: !showsChain || isNarrow,
      width: 110,
      cell: ({ view }) => <TwoLines title={wording.chain(view.entry.chain)} />,
    },
    {
      id: 'outcome',
      label: t('entries.outcome'),
      width: 118,
      cell: ({ view }) => (
        <Cell className={styles.marks}>
          <OutcomeMark outcome={view.entry.outcome} />
          {isNarrow && isNotable(view) && (
            <SeverityMark severity={view.entry.severity} />
          )}
        </Cell>
      ),
    },
    {
      id: 'severity',
      label: t('entries.severity'),
      isHidden: isNarrow,
      width: 104,
      cell: ({ view }) => (
        <Cell className={styles.marks}>
          <SeverityMark severity={view.entry.severity} />
        </Cell>
      ),
    },
  ];
  const visibleColumns = columns.filter(column => !column.isHidden);

  return (
    <Table<EntryRow>
      className={styles.table}
      columnConfig={columns}
      data={rows}
      isPending={rows === undefined}
      isStale={isStale}
      pagination={{ type: 'none' }}
      emptyState={<Text>{t('entries.none')}</Text>}
      rowConfig={({ item }) => (
        <Row
          id={item.id}
          columns={visibleColumns}
          className={[
            item.id === open ? styles.open : '',
            fresh.has(item.id) ? styles.fresh : '',
          ].join(' ')}
          aria-current={item.id === open ? 'true' : undefined}
          {...(onOpen
            ? { onAction: () => onOpen(item.view) }
            : { href: links.entry(item.view.entry) })}
        >
          {column => column.cell(item)}
        </Row>
      )}
    />
  );
}

function TwoLines(props: { title: React.ReactNode; more?: string }) {
  return (
    <Cell className={styles.cell}>
      <span className={styles.title}>{props.title}</span>
      {props.more !== undefined && (
        <span className={styles.more}>{props.more}</span>
      )}
    </Cell>
  );
}

function isNotable({ entry }: AuditEntryView): boolean {
  return entry.severity === 'high' || entry.severity === 'critical';
}
