import { type ReactElement, useMemo } from 'react';
import {
  type RouteFunc,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import {
  Cell,
  Column,
  type ColumnConfig,
  Link,
  Row,
  Table,
} from '@backstage/ui';
import { useMediaQuery } from '../../useMediaQuery';
import { EVERY_KIND, type SortField, sortableFields } from './catalogView';
import { type EntityName, type EntityRow } from './entityRow';
import styles from './EntityTable.module.css';
import { isKnownKind } from './kinds';
import { catalogListTranslationRef } from './translation';

/** From here on all columns have room. */
const ROOMY = '(min-width: 1024px)';
const TAGS_SHOWN = 3;

type ColumnId =
  | 'name'
  | 'kind'
  | 'type'
  | 'owner'
  | 'system'
  | 'domain'
  | 'lifecycle'
  | 'tags';

/** What there is to say of the entities of a kind. */
const columnsOfKind: Record<string, readonly ColumnId[]> = {
  component: ['name', 'type', 'owner', 'system', 'lifecycle', 'tags'],
  api: ['name', 'type', 'owner', 'system', 'lifecycle', 'tags'],
  resource: ['name', 'type', 'owner', 'system', 'tags'],
  system: ['name', 'owner', 'domain', 'tags'],
  domain: ['name', 'owner', 'tags'],
  template: ['name', 'type', 'owner', 'tags'],
  group: ['name', 'type'],
  user: ['name'],
  [EVERY_KIND]: ['name', 'kind', 'type', 'owner', 'lifecycle', 'tags'],
};

/** Left out where there is little room; their filters still find by them. */
const roomyColumns: readonly ColumnId[] = ['system', 'domain', 'tags'];

type EntityRoute = RouteFunc<{ kind: string; namespace: string; name: string }>;

/** One page of a list. */
export function EntityTable(props: {
  kind: string;
  rows: EntityRow[];
  isStale: boolean;
  sort: { field: SortField; isDescending: boolean };
  onSort(field: SortField, isDescending: boolean): void;
  /** Whether rows of the platform are to be told from those of the tenant. */
  marksPlatform: boolean;
}) {
  const { kind, rows, sort, onSort, marksPlatform } = props;
  const { t } = useTranslationRef(catalogListTranslationRef);
  const entityRoute = useRouteRef(catalogPlugin.routes.catalogEntity);
  const isRoomy = useMediaQuery(ROOMY);

  const columns = useMemo(() => {
    const sortable = sortableFields(kind);
    return (columnsOfKind[kind] ?? columnsOfKind[EVERY_KIND])
      .filter(id => isRoomy || !roomyColumns.includes(id))
      .map(
        (id): ColumnConfig<EntityRow> => ({
          id,
          label: t(`column.${id}`),
          isRowHeader: id === 'name',
          isSortable: sortable.some(field => field === id),
          header: () => (
            <Column
              id={id}
              isRowHeader={id === 'name'}
              allowsSorting={sortable.some(field => field === id)}
              className={styles[id]}
            >
              {t(`column.${id}`)}
            </Column>
          ),
          cell: row => cellOf(id, row),
        }),
      );

    function cellOf(id: ColumnId, row: EntityRow): ReactElement {
      switch (id) {
        case 'name':
          return (
            <Cell className={styles.cell}>
              <span className={styles.title}>
                <Reference name={row} route={entityRoute}>
                  {row.name}
                </Reference>
                {row.title !== row.name && (
                  <span className={styles.more} title={row.title}>
                    {row.title}
                  </span>
                )}
                {marksPlatform && row.isOfPlatform && (
                  <span className={styles.mark}>{t('platform')}</span>
                )}
              </span>
              {row.description !== undefined && (
                <span className={styles.description} title={row.description}>
                  {row.description}
                </span>
              )}
            </Cell>
          );
        case 'kind':
          return (
            <Cell className={styles.cell}>
              {isKnownKind(row.kind) && row.kind !== 'all'
                ? t(`kind.${row.kind}`)
                : row.kind}
            </Cell>
          );
        case 'type':
        case 'lifecycle':
          return (
            <Cell className={styles.cell}>
              <span title={row[id]}>{row[id] ?? ''}</span>
            </Cell>
          );
        case 'owner':
          return <NameCell name={row.owner} route={entityRoute} />;
        case 'system':
        case 'domain':
          return <NameCell name={row.partOf} route={entityRoute} />;
        case 'tags':
          return (
            <Cell className={styles.cell}>
              <span className={styles.tagList} title={row.tags.join(', ')}>
                {row.tags.length > TAGS_SHOWN + 1
                  ? t('moreTags', {
                      tags: row.tags.slice(0, TAGS_SHOWN).join(', '),
                      number: String(row.tags.length - TAGS_SHOWN),
                    })
                  : row.tags.join(', ')}
              </span>
            </Cell>
          );
        default:
          return id satisfies never;
      }
    }
  }, [kind, isRoomy, entityRoute, marksPlatform, t]);

  return (
    <Table<EntityRow>
      className={styles.table}
      columnConfig={columns}
      data={rows}
      isStale={props.isStale}
      pagination={{ type: 'none' }}
      sort={{
        descriptor: {
          column: sort.field,
          direction: sort.isDescending ? 'descending' : 'ascending',
        },
        onSortChange: ({ column, direction }) => {
          const field = sortableFields(kind).find(name => name === column);
          if (field) {
            onSort(field, direction === 'descending');
          }
        },
      }}
      rowConfig={({ item }) => (
        <Row
          id={item.id}
          columns={columns}
          href={entityRoute?.(item)}
          textValue={item.name}
        >
          {column => column.cell(item)}
        </Row>
      )}
    />
  );
}

function NameCell(props: {
  name: EntityName | undefined;
  route: EntityRoute | undefined;
}) {
  const { name, route } = props;
  return (
    <Cell className={styles.cell}>
      {name && (
        <Reference name={name} route={route}>
          {name.name}
        </Reference>
      )}
    </Cell>
  );
}

function Reference(props: {
  name: EntityName;
  route: EntityRoute | undefined;
  children: string;
}) {
  const { name, route, children } = props;
  return route ? (
    <Link href={route(name)} standalone className={styles.link}>
      {children}
    </Link>
  ) : (
    <>{children}</>
  );
}
