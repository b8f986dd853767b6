import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { CellText, type ColumnConfig, useTable } from '@backstage/ui';
import {
  type BindingKind,
  bindingKinds,
  claimAnnotations,
} from '@portico/plugin-bindings-common';
import { SectionHeader, TenancyTable } from '@portico/plugin-tenancy';
import { bindingsTranslationRef } from '../translation';

const rows = bindingKinds.map(id => ({ id }));

/** For whoever writes catalog files and asks for credentials. */
export function NeedsSection() {
  const { t } = useTranslationRef(bindingsTranslationRef);
  const { tableProps, reload } = useTable<{ id: BindingKind }>({
    mode: 'complete',
    getData: () => rows,
    paginationOptions: { pageSize: 20 },
  });
  const columns: ColumnConfig<{ id: BindingKind }>[] = [
    {
      id: 'kind',
      label: t('needs.kind'),
      isRowHeader: true,
      cell: ({ id }) => <CellText title={t(`kinds.${id}`)} />,
    },
    {
      id: 'annotations',
      label: t('needs.annotations'),
      cell: ({ id }) => <CellText title={claimAnnotations(id).join(', ')} />,
    },
    {
      id: 'credential',
      label: t('needs.credential'),
      cell: ({ id }) => <CellText title={t(`credentialNeeds.${id}`)} />,
    },
  ];
  return (
    <>
      <SectionHeader
        title={t('needs.title')}
        description={t('needs.description')}
      />
      <TenancyTable
        tableProps={tableProps}
        columns={columns}
        onRetry={reload}
      />
    </>
  );
}
