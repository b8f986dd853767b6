import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Cell,
  CellText,
  type ColumnConfig,
  useTable,
} from '@backstage/ui';
import { type Group, type Member } from '@portico/plugin-tenancy-common';
import { type AsyncState } from 'react-use/esm/useAsyncFn';
import { tenancyApiRef } from '../api/TenancyApi';
import { tenancyTranslationRef } from '../translation';
import { ConfirmDialog } from './ConfirmDialog';
import { GroupDialog } from './GroupDialog';
import { SectionHeader } from './SectionHeader';
import { TenancyTable } from './TenancyTable';

type GroupRow = Group & { id: string };

/** The groups of a tenant, and how many belong to each. */
export function GroupsSection(props: {
  tenant: string;
  title: string;
  groups: AsyncState<Group[]> & { retry(): void };
  members: Member[];
  mayManage: boolean;
}) {
  const { tenant, groups, members } = props;
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Group>();

  const { tableProps } = useTable<GroupRow>({
    mode: 'complete',
    data: groups.value?.map(group => ({ ...group, id: group.name })),
    paginationOptions: { pageSize: 20 },
  });

  const columns: ColumnConfig<GroupRow>[] = [
    {
      id: 'name',
      label: t('groups.name'),
      isRowHeader: true,
      cell: group => (
        <CellText
          title={group.displayName}
          description={`group:${tenant}/${group.name}`}
        />
      ),
    },
    {
      id: 'type',
      label: t('groups.type'),
      cell: group => <CellText title={group.type} />,
    },
    {
      id: 'parent',
      label: t('groups.parent'),
      cell: group => <CellText title={group.parent ?? '–'} />,
    },
    {
      id: 'roles',
      label: t('members.roles'),
      cell: group => (
        <CellText
          title={group.roles.map(role => t(`roles.${role}`)).join(', ') || '–'}
        />
      ),
    },
    {
      id: 'members',
      label: t('groups.members'),
      defaultWidth: 110,
      cell: group => (
        <CellText
          title={String(
            members.filter(member => member.groups.includes(group.name)).length,
          )}
        />
      ),
    },
    {
      id: 'actions',
      label: t('common.actions'),
      isHidden: !props.mayManage,
      cell: group => (
        <Cell>
          <Button
            variant="tertiary"
            aria-label={t('groups.removeNamed', { name: group.displayName })}
            onPress={() => setRemoving(group)}
          >
            {t('groups.remove')}
          </Button>
        </Cell>
      ),
    },
  ];

  return (
    <>
      <SectionHeader
        title={t('groups.title', { tenant: props.title })}
        actions={
          props.mayManage && (
            <Button variant="secondary" onPress={() => setAdding(true)}>
              {t('groups.add')}
            </Button>
          )
        }
      />
      <TenancyTable
        tableProps={{
          ...tableProps,
          isPending: groups.loading,
          error: groups.error,
        }}
        columns={columns}
        empty={t('groups.empty')}
        onRetry={groups.retry}
      />
      {adding && (
        <GroupDialog
          tenant={tenant}
          groups={groups.value ?? []}
          onClose={() => setAdding(false)}
          onDone={groups.retry}
        />
      )}
      {removing && (
        <ConfirmDialog
          title={t('groups.removeTitle', { name: removing.displayName })}
          text={t('groups.removeText')}
          action={t('groups.remove')}
          onClose={() => setRemoving(undefined)}
          onConfirm={async () => {
            await tenancy.removeGroup(tenant, removing.name);
            groups.retry();
          }}
        />
      )}
    </>
  );
}
