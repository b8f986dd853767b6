import { useCallback } from 'react';
import { parseEntityRef } from '@backstage/catalog-model';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { Button, Container, Flex, Select } from '@backstage/ui';
import {
  EmptyState,
  LoadingState,
  ProblemState,
  Section,
  useAddressQuery,
} from '@portico/page-states';
import useAsync from 'react-use/esm/useAsync';
import { promotionsApiRef } from '../api/PromotionsApi';
import { PromotionsAccess } from '../components/PromotionsAccess';
import sectionStyles from '../components/Section.module.css';
import { usePages } from '../hooks/usePages';
import styles from './Board.module.css';
import { BoardTable } from './BoardTable';
import { boardTranslationRef } from './translation';

const PAGE_SIZE = 50;

/** Key of "all owners" in the choice. No group has such a ref. */
const ALL = '*';

/** Every component of the tenant and what runs of it in each environment. */
export function BoardPage() {
  return (
    <PromotionsAccess>
      <Container>
        <Flex direction="column" gap="4" py="4">
          <Board />
        </Flex>
      </Container>
    </PromotionsAccess>
  );
}

function Board() {
  const { t } = useTranslationRef(boardTranslationRef);
  const promotions = useApi(promotionsApiRef);
  const [query, replaceQuery] = useAddressQuery();
  const owner = query.get('owner') ?? undefined;
  const loadPage = useCallback(
    (cursor: string | undefined) =>
      promotions.board({ owner, cursor, limit: PAGE_SIZE }),
    [promotions, owner],
  );
  const { pages, loading, error, hasMore, isAdding, showMore, reload } =
    usePages(loadPage, () => true);
  const owners = useOwners(owner);
  const rows = pages?.flatMap(page => page.items) ?? [];
  const choose = (next: string | undefined) =>
    replaceQuery(new URLSearchParams(next && { owner: next }));

  return (
    <Section
      title={t('title')}
      actions={
        <div className={styles.owner}>
          <Select
            aria-label={t('owner')}
            searchable
            options={[
              { id: ALL, label: t('anyOwner') },
              ...owners.map(ref => ({
                id: ref,
                label: t('ownedBy', { owner: nameOf(ref) }),
              })),
            ]}
            value={owner ?? ALL}
            onChange={key =>
              choose(key === ALL || key === null ? undefined : String(key))
            }
          />
        </div>
      }
    >
      {loading && <LoadingState lines={10} />}
      {error !== undefined && <ProblemState error={error} onRetry={reload} />}
      {pages && rows.length === 0 && (
        <EmptyState
          title={t(owner ? 'emptyOfOwnerTitle' : 'emptyTitle')}
          description={t(owner ? 'emptyOfOwner' : 'empty')}
          action={
            owner && (
              <Button variant="secondary" onPress={() => choose(undefined)}>
                {t('allOwners')}
              </Button>
            )
          }
        />
      )}
      {pages && rows.length > 0 && (
        <>
          <BoardTable environments={pages[0].environments} rows={rows} />
          <Flex align="center" gap="4">
            <span className={sectionStyles.small} role="status">
              {t(hasMore ? 'shownFirst' : 'shown', { count: rows.length })}
            </span>
            {hasMore && (
              <Button
                variant="secondary"
                aria-disabled={isAdding}
                onPress={showMore}
              >
                {isAdding ? t('loading') : t('more')}
              </Button>
            )}
          </Flex>
        </>
      )}
    </Section>
  );
}

/**
 * Refs of whoever owns a component that the reader sees. The board does not wait for them;
 * without them the choice has only the owner of the address.
 */
function useOwners(chosen: string | undefined): string[] {
  const catalog = useApi(catalogApiRef);
  const { value = [] } = useAsync(async () => {
    const { facets } = await catalog.getEntityFacets({
      filter: { kind: 'component' },
      facets: ['relations.ownedBy'],
    });
    return facets['relations.ownedBy']?.map(facet => facet.value) ?? [];
  }, [catalog]);
  return [...new Set([...value, ...(chosen ? [chosen] : [])])].sort((a, b) =>
    nameOf(a).localeCompare(nameOf(b)),
  );
}

function nameOf(ref: string): string {
  try {
    return parseEntityRef(ref, { defaultKind: 'group' }).name;
  } catch {
    // Anybody can write anything into an address.
    return ref;
  }
}
