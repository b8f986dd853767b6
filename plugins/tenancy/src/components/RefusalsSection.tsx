import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { CellText, type ColumnConfig, useTable } from '@backstage/ui';
import { type SourceRefusal, tenancyApiRef } from '../api/TenancyApi';
import { tenancyTranslationRef } from '../translation';
import { SectionHeader } from './SectionHeader';
import { TenancyTable } from './TenancyTable';

/** What was refused in a tenant's sources: file, line and reason. */
export function RefusalsSection(props: { tenant: string }) {
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const { tableProps, reload } = useTable<SourceRefusal & { id: string }>({
    mode: 'complete',
    getData: async () =>
      (await tenancy.refusals(props.tenant)).map((refusal, index) => ({
        ...refusal,
        id: String(index),
      })),
    paginationOptions: { pageSize: 20 },
  });

  const columns: ColumnConfig<SourceRefusal & { id: string }>[] = [
    {
      id: 'place',
      label: t('refusals.place'),
      isRowHeader: true,
      cell: refusal => (
        <CellText
          title={
            refusal.line === undefined
              ? refusal.file
              : t('refusals.line', {
                  file: refusal.file,
                  line: String(refusal.line),
                })
          }
          description={refusal.source}
        />
      ),
    },
    {
      id: 'entity',
      label: t('refusals.entity'),
      cell: refusal => <CellText title={refusal.entityRef ?? '–'} />,
    },
    {
      id: 'reason',
      label: t('refusals.reason'),
      defaultWidth: '2fr',
      cell: refusal => <CellText title={refusal.reason} />,
    },
  ];

  return (
    <>
      <SectionHeader title={t('refusals.title')} />
      <TenancyTable
        tableProps={tableProps}
        columns={columns}
        empty={t('refusals.none')}
        onRetry={reload}
      />
    </>
  );
}
