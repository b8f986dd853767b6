import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  type ColumnConfig,
  Table,
  type TableItem,
  type TableProps,
  Text,
} from '@backstage/ui';
import { tenancyTranslationRef } from '../translation';
import { ProblemAlert } from './ProblemAlert';

/** A table of a page, or why there is none and a way to try again. */
export function TenancyTable<T extends TableItem>(props: {
  /** From `useTable`. */
  tableProps: Omit<TableProps<T>, 'columnConfig'>;
  columns: readonly ColumnConfig<T>[];
  /** What to say when there is no row. */
  empty?: string;
  onRetry(): void;
}) {
  const { tableProps, columns, empty, onRetry } = props;
  const { t } = useTranslationRef(tenancyTranslationRef);
  return tableProps.error ? (
    <ProblemAlert
      error={tableProps.error}
      action={
        <Button variant="secondary" onPress={onRetry}>
          {t('common.retry')}
        </Button>
      }
    />
  ) : (
    <Table
      {...tableProps}
      pagination={onlyWhereThereAreMore(tableProps.pagination)}
      columnConfig={columns}
      emptyState={empty && <Text>{empty}</Text>}
    />
  );
}

/** Whether a table knows its rows, or that it cannot have them. */
export function isSettled<T extends TableItem>(
  tableProps: Pick<TableProps<T>, 'data' | 'error'>,
): boolean {
  return tableProps.data !== undefined || tableProps.error !== undefined;
}

type Pagination = TableProps<TableItem>['pagination'];

/** No pages to turn where one shows everything. */
function onlyWhereThereAreMore(pagination: Pagination): Pagination {
  return pagination.type === 'page' &&
    pagination.totalCount !== undefined &&
    pagination.totalCount <= pagination.pageSize
    ? { type: 'none' }
    : pagination;
}
