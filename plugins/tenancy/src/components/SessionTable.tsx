import { type ReactNode, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Cell,
  CellText,
  type ColumnConfig,
  Flex,
  Text,
  useTable,
} from '@backstage/ui';
import { type Session } from '@portico/plugin-tenancy-common';
import { type SessionPage } from '../api/TenancyApi';
import { tenancyTranslationRef } from '../translation';
import { ConfirmDialog } from './ConfirmDialog';
import { formatMoment } from './formatMoment';
import { SectionHeader } from './SectionHeader';
import { TenancyTable } from './TenancyTable';

type SessionRow = Session & { id: string };

/** What is asked about before it is done: one session, or all that may be ended at once. */
type Ending = Session | 'others';

/** Sessions that are not over, newest first, and ending one or several of them. */
export function SessionTable(props: {
  title: string;
  description: string;
  load(): Promise<SessionPage>;
  end(session: Session): Promise<void>;
  /** Shows whose session each is. */
  tenant?: string;
  /** Ends all but the one of this page. */
  endOthers?(sessions: readonly Session[]): Promise<void>;
  endOthersText?: { action: string; title: string; text: string };
  filter?: ReactNode;
}) {
  const { load, end, endOthers, endOthersText, tenant } = props;
  const { t } = useTranslationRef(tenancyTranslationRef);
  const [ending, setEnding] = useState<Ending>();
  const [page, setPage] = useState<SessionPage>({ items: [], hasMore: false });
  const others = page.items.filter(session => !session.current);

  const { tableProps, reload } = useTable<SessionRow>({
    mode: 'complete',
    getData: async () => {
      const loaded = await load();
      setPage(loaded);
      return loaded.items.map(session => ({
        ...session,
        id: `${session.member}.${session.issuedAt}`,
      }));
    },
    paginationOptions: { pageSize: 20 },
  });

  const columns: ColumnConfig<SessionRow>[] = [
    {
      id: 'member',
      label: t('sessions.member'),
      isRowHeader: true,
      isHidden: tenant === undefined,
      minWidth: 150,
      cell: session => <CellText title={`user:${tenant}/${session.member}`} />,
    },
    {
      id: 'since',
      label: t('sessions.since'),
      isRowHeader: tenant === undefined,
      minWidth: 205,
      cell: session => (
        <CellText
          title={formatMoment(session.startedAt)}
          description={session.current ? t('sessions.current') : undefined}
        />
      ),
    },
    {
      id: 'method',
      label: t('sessions.method'),
      cell: session => (
        <CellText title={t(`sessions.methods.${session.method}`)} />
      ),
    },
    {
      id: 'address',
      label: t('sessions.address'),
      cell: session => (
        <CellText title={session.sourceAddress ?? t('sessions.unknown')} />
      ),
    },
    {
      id: 'expires',
      label: t('sessions.expires'),
      minWidth: 205,
      cell: session => <CellText title={formatMoment(session.expiresAt)} />,
    },
    {
      id: 'actions',
      label: t('common.actions'),
      defaultWidth: 110,
      cell: session => (
        <Cell>
          {!session.current && (
            <Button
              variant="tertiary"
              aria-label={t('sessions.endNamed', {
                member: session.member,
                since: formatMoment(session.startedAt),
              })}
              onPress={() => setEnding(session)}
            >
              {t('sessions.end')}
            </Button>
          )}
        </Cell>
      ),
    },
  ];

  return (
    <>
      <SectionHeader
        title={props.title}
        description={props.description}
        actions={
          endOthers &&
          endOthersText &&
          others.length > 0 && (
            <Button variant="secondary" onPress={() => setEnding('others')}>
              {endOthersText.action}
            </Button>
          )
        }
      />
      {props.filter}
      <Flex direction="column" gap="2">
        <TenancyTable
          tableProps={tableProps}
          columns={columns}
          empty={t('sessions.empty')}
          onRetry={reload}
        />
        {page.hasMore && (
          <Text as="p" color="secondary">
            {t('sessions.more', { number: String(page.items.length) })}
          </Text>
        )}
      </Flex>
      {ending === 'others' && endOthers && endOthersText && (
        <ConfirmDialog
          title={endOthersText.title}
          text={endOthersText.text}
          action={endOthersText.action}
          onClose={() => setEnding(undefined)}
          onConfirm={async () => {
            await endOthers(others);
            reload();
          }}
        />
      )}
      {ending && ending !== 'others' && (
        <ConfirmDialog
          title={t('sessions.endTitle', {
            since: formatMoment(ending.startedAt),
          })}
          text={t('sessions.endText')}
          action={t('sessions.end')}
          onClose={() => setEnding(undefined)}
          onConfirm={async () => {
            await end(ending);
            reload();
          }}
        />
      )}
    </>
  );
}
