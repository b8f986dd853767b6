import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  Button,
  Cell,
  CellText,
  type ColumnConfig,
  Flex,
  useTable,
} from '@backstage/ui';
import {
  type Group,
  type Member,
  tenancyMemberManagePermission,
  tenancyMemberReadPermission,
} from '@portico/plugin-tenancy-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { tenancyApiRef } from '../api/TenancyApi';
import { tenancyTranslationRef } from '../translation';
import { AdministrationPage } from './AdministrationPage';
import { ConfirmDialog } from './ConfirmDialog';
import { GroupsSection } from './GroupsSection';
import { Loading } from './Loading';
import { MemberDialog } from './MemberDialog';
import { ProblemAlert } from './ProblemAlert';
import { SectionHeader } from './SectionHeader';
import { isSettled, TenancyTable } from './TenancyTable';
import { toError } from './toError';

const noGroups: Group[] = [];

/** People, machines and groups of a tenant. */
export function MembersPage() {
  return (
    <AdministrationPage permission={tenancyMemberReadPermission}>
      {({ tenant, title }) => (
        <Members key={tenant} tenant={tenant} title={title} />
      )}
    </AdministrationPage>
  );
}

type MemberRow = Member & { id: string };

function Members(props: { tenant: string; title: string }) {
  const { tenant, title } = props;
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const manage = usePermission({ permission: tenancyMemberManagePermission });
  const [editing, setEditing] = useState<Member | 'new'>();
  const [disabling, setDisabling] = useState<Member>();
  const [error, setError] = useState<Error>();

  const groups = useAsyncRetry(() => tenancy.groups(tenant), [tenancy, tenant]);
  const [members, setMembers] = useState<Member[]>([]);
  const { tableProps, reload } = useTable<MemberRow>({
    mode: 'complete',
    getData: async () => {
      const items = await tenancy.members(tenant);
      setMembers(items);
      return items.map(member => ({ ...member, id: member.name }));
    },
    paginationOptions: { pageSize: 20 },
  });

  const setDisabled = (member: Member, disabled: boolean) =>
    tenancy
      .putMember(tenant, member.name, {
        displayName: member.displayName,
        ...(member.email && { email: member.email }),
        roles: member.roles,
        groups: member.groups,
        disabled,
      })
      .then(reload);

  const enable = (member: Member) =>
    setDisabled(member, false).catch(caught => setError(toError(caught)));

  const columns: ColumnConfig<MemberRow>[] = [
    {
      id: 'name',
      label: t('members.name'),
      isRowHeader: true,
      cell: member => (
        <CellText
          title={member.displayName}
          description={`user:${tenant}/${member.name}`}
        />
      ),
    },
    {
      id: 'roles',
      label: t('members.roles'),
      cell: member => (
        <CellText
          title={
            member.kind === 'machine'
              ? t('members.machine')
              : member.roles.map(role => t(`roles.${role}`)).join(', ')
          }
        />
      ),
    },
    {
      id: 'groups',
      label: t('members.groups'),
      cell: member => <CellText title={member.groups.join(', ') || '–'} />,
    },
    {
      id: 'state',
      label: t('members.state'),
      defaultWidth: 110,
      cell: member => (
        <CellText
          title={
            member.disabledAt ? t('members.disabled') : t('members.enabled')
          }
        />
      ),
    },
    {
      id: 'actions',
      label: t('common.actions'),
      isHidden: !manage.allowed,
      cell: member => (
        <Cell>
          {member.kind === 'person' && (
            <Flex gap="2">
              <Button
                variant="secondary"
                aria-label={t('members.editNamed', {
                  name: member.displayName,
                })}
                onPress={() => setEditing(member)}
              >
                {t('members.edit')}
              </Button>
              {member.disabledAt ? (
                <Button
                  variant="tertiary"
                  aria-label={t('members.enableNamed', {
                    name: member.displayName,
                  })}
                  onPress={() => enable(member)}
                >
                  {t('members.enable')}
                </Button>
              ) : (
                <Button
                  variant="tertiary"
                  aria-label={t('members.disableNamed', {
                    name: member.displayName,
                  })}
                  onPress={() => setDisabling(member)}
                >
                  {t('members.disable')}
                </Button>
              )}
            </Flex>
          )}
        </Cell>
      ),
    },
  ];

  // What may be done decides how high the head is.
  if (manage.loading) {
    return <Loading />;
  }
  return (
    <>
      <SectionHeader
        title={t('members.title', { tenant: title })}
        description={t('members.description')}
        actions={
          manage.allowed && (
            <Button variant="primary" onPress={() => setEditing('new')}>
              {t('members.add')}
            </Button>
          )
        }
      />
      {error && <ProblemAlert error={error} />}
      <TenancyTable
        tableProps={tableProps}
        columns={columns}
        empty={t('members.empty')}
        onRetry={reload}
      />
      {/* What stands below would be moved by the rows above. */}
      {isSettled(tableProps) && (
        <GroupsSection
          tenant={tenant}
          title={title}
          groups={groups}
          members={members}
          mayManage={manage.allowed}
        />
      )}
      {editing && (
        <MemberDialog
          tenant={tenant}
          member={editing === 'new' ? undefined : editing}
          groups={groups.value ?? noGroups}
          onClose={() => setEditing(undefined)}
          onDone={reload}
        />
      )}
      {disabling && (
        <ConfirmDialog
          title={t('members.disableTitle', { name: disabling.displayName })}
          text={t('members.disableText')}
          action={t('members.disable')}
          onClose={() => setDisabling(undefined)}
          onConfirm={() => setDisabled(disabling, true)}
        />
      )}
    </>
  );
}
