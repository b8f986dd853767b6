import {
  CATALOG_FILTER_EXISTS,
  type QueryEntitiesResponse,
} from '@backstage/catalog-client';
import {
  type Entity,
  getCompoundEntityRef,
  parseEntityRef,
  RELATION_OWNED_BY,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import {
  identityApiRef,
  PageLayout,
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import {
  catalogApiRef,
  EntityDisplayName,
} from '@backstage/plugin-catalog-react';
import techdocsPlugin from '@backstage/plugin-techdocs/alpha';
import { Badge, Container, Flex, Link, SearchField, Text } from '@backstage/ui';
import { EmptyState, LoadingState, ProblemState } from '@portico/page-states';
import { useState } from 'react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import styles from './DocsIndexPage.module.css';
import { docsTranslationRef } from './translation';

const MOST_ENTITIES = 1_000;

/** All documentation that the reader may see, by owner; one's own teams come first. */
export function DocsIndexPage() {
  const { t } = useTranslationRef(docsTranslationRef);
  const catalog = useApi(catalogApiRef);
  const identity = useApi(identityApiRef);
  const { value, loading, error, retry } = useAsyncRetry(async () => {
    const [found, { ownershipEntityRefs }] = await Promise.all([
      catalog.queryEntities({
        filter: {
          'metadata.annotations.backstage.io/techdocs-ref':
            CATALOG_FILTER_EXISTS,
        },
        fields: [
          'kind',
          'metadata.namespace',
          'metadata.name',
          'metadata.title',
          'metadata.description',
          'spec.type',
          'relations',
        ],
        orderFields: [{ field: 'metadata.name', order: 'asc' }],
        limit: MOST_ENTITIES,
      }),
      identity.getBackstageIdentity(),
    ]);
    return { found, own: new Set(ownershipEntityRefs) };
  }, [catalog, identity]);
  return (
    <PageLayout title={t('index.title')}>
      <Container>
        {loading && !value && <LoadingState />}
        {error && <ProblemState error={error} onRetry={retry} />}
        {value && <DocsByOwner {...value} />}
      </Container>
    </PageLayout>
  );
}

function DocsByOwner(props: {
  found: QueryEntitiesResponse;
  own: ReadonlySet<string>;
}) {
  const { found, own } = props;
  const { t } = useTranslationRef(docsTranslationRef);
  const [text, setText] = useState('');
  if (found.items.length === 0) {
    return (
      <EmptyState title={t('index.empty')} description={t('index.emptyText')} />
    );
  }
  const shown = found.items.filter(entity => fits(entity, text));
  return (
    <Flex direction="column" gap="5">
      <Flex align="end" gap="4">
        <div className={styles.search}>
          <SearchField
            label={t('index.search')}
            value={text}
            onChange={setText}
          />
        </div>
        <Text color="secondary" role="status">
          {t('index.results', { number: String(shown.length) })}
        </Text>
      </Flex>
      {shown.length === 0 && (
        <EmptyState
          title={t('index.noneFound', { text })}
          description={t('index.noneFoundText')}
        />
      )}
      {byOwner(shown, own).map(([owner, entities]) => (
        <section key={owner} aria-labelledby={`docs-of-${owner}`}>
          <h2 className={styles.owner} id={`docs-of-${owner}`}>
            {owner ? (
              <EntityDisplayName entityRef={owner} hideIcon disableTooltip />
            ) : (
              t('index.noOwner')
            )}
            {own.has(owner) && <Badge>{t('index.yours')}</Badge>}
          </h2>
          <ul className={styles.list}>
            {entities.map(entity => (
              <DocsRow key={stringifyEntityRef(entity)} entity={entity} />
            ))}
          </ul>
        </section>
      ))}
      {found.totalItems > found.items.length && (
        <Text as="p">
          {t('index.more', { number: String(found.items.length) })}
        </Text>
      )}
    </Flex>
  );
}

function DocsRow(props: { entity: Entity }) {
  const { entity } = props;
  const { t } = useTranslationRef(docsTranslationRef);
  const docsRoute = useRouteRef(techdocsPlugin.routes.docRoot);
  const { kind, namespace, name } = getCompoundEntityRef(entity);
  const title = entity.metadata.title ?? name;
  const type = entity.spec?.type;
  return (
    <li>
      <Link
        href={docsRoute?.({
          kind: kind.toLocaleLowerCase('en-US'),
          namespace,
          name,
        })}
      >
        {title}
      </Link>
      <Text color="secondary">
        {typeof type === 'string' ? t('index.kind', { kind, type }) : kind}
      </Text>
      {entity.metadata.description && (
        <Text as="p">{entity.metadata.description}</Text>
      )}
    </li>
  );
}

function fits(entity: Entity, text: string): boolean {
  const { name, title = '', description = '' } = entity.metadata;
  const all = `${name} ${title} ${description}`.toLocaleLowerCase('en-US');
  return text
    .toLocaleLowerCase('en-US')
    .split(/\s+/)
    .every(word => all.includes(word));
}

function byOwner(
  entities: readonly Entity[],
  own: ReadonlySet<string>,
): Array<[owner: string, entities: Entity[]]> {
  const groups = new Map<string, Entity[]>();
  for (const entity of entities) {
    const owner =
      entity.relations?.find(({ type }) => type === RELATION_OWNED_BY)
        ?.targetRef ?? '';
    groups.set(owner, [...(groups.get(owner) ?? []), entity]);
  }
  // Own teams, other teams of the tenant, the platform, nobody.
  const rank = (owner: string) => {
    if (own.has(owner)) return 0;
    if (owner === '') return 3;
    return parseEntityRef(owner).namespace === 'default' ? 2 : 1;
  };
  return [...groups].sort(
    ([a], [b]) => rank(a) - rank(b) || a.localeCompare(b),
  );
}
