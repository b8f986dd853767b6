import { useCallback } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Container, Flex, Select } from '@backstage/ui';
import {
  EmptyState,
  LoadingState,
  ProblemState,
  Section,
  useAddressQuery,
} from '@portico/page-states';
import {
  componentRefSchema,
  environmentNameSchema,
} from '@portico/plugin-promotions-common';
import useAsync from 'react-use/esm/useAsync';
import { promotionsApiRef } from '../api/PromotionsApi';
import { EntityName } from '../components/EntityName';
import { PromotionsAccess } from '../components/PromotionsAccess';
import sectionStyles from '../components/Section.module.css';
import { usePages } from '../hooks/usePages';
import styles from './Drift.module.css';
import { DriftTable } from './DriftTable';
import { driftTranslationRef } from './translation';

const PAGE_SIZE = 50;

/** Key of "all environments" in the choice. No environment has such a name. */
const ALL = '*';

/** Where what runs is not what was declared; the address says of what. */
export function DriftPage() {
  return (
    <PromotionsAccess>
      <Container>
        <Flex direction="column" gap="4" py="4">
          <DriftList />
        </Flex>
      </Container>
    </PromotionsAccess>
  );
}

function DriftList() {
  const { t } = useTranslationRef(driftTranslationRef);
  const promotions = useApi(promotionsApiRef);
  const [query, replaceQuery] = useAddressQuery();
  const component = componentRefSchema.safeParse(query.get('component')).data;
  const environment = environmentNameSchema.safeParse(
    query.get('environment'),
  ).data;
  const state = query.get('state') === 'resolved' ? 'resolved' : 'open';
  const loadPage = useCallback(
    (cursor: string | undefined) =>
      promotions.drift({
        component,
        environment,
        state,
        cursor,
        limit: PAGE_SIZE,
      }),
    [promotions, component, environment, state],
  );
  const { pages, loading, error, hasMore, isAdding, showMore, reload } =
    usePages(loadPage, event => event.type === 'drift');
  // The list does not wait for it; without it the choice has no environments.
  const { value: board } = useAsync(
    () => promotions.board({ limit: 1 }),
    [promotions],
  );
  const items = pages?.flatMap(page => page.items);
  const change = (name: string, value: string | undefined) => {
    const next = new URLSearchParams(query);
    if (value === undefined) {
      next.delete(name);
    } else {
      next.set(name, value);
    }
    replaceQuery(next);
  };

  return (
    <Section title={t('title')}>
      <p className={sectionStyles.quiet}>{t('intro')}</p>
      <div className={styles.choice}>
        <Select
          label={t('state')}
          options={[
            { id: 'open', label: t('open') },
            { id: 'resolved', label: t('resolved') },
          ]}
          value={state}
          onChange={key =>
            change('state', key === 'resolved' ? 'resolved' : undefined)
          }
        />
        <Select
          label={t('environment')}
          options={[
            { id: ALL, label: t('anyEnvironment') },
            ...[
              ...new Set([
                ...(board?.environments ?? []),
                ...(environment ? [environment] : []),
              ]),
            ].map(name => ({ id: name, label: name })),
          ]}
          value={environment ?? ALL}
          onChange={key =>
            change(
              'environment',
              key === ALL || key === null ? undefined : String(key),
            )
          }
        />
      </div>
      {component && (
        <Flex gap="2" align="center">
          <span>
            {t('component')}: <EntityName entityRef={component} />
          </span>
          <Button
            variant="tertiary"
            onPress={() => change('component', undefined)}
          >
            {t('allComponents')}
          </Button>
        </Flex>
      )}
      {loading && <LoadingState lines={6} />}
      {error !== undefined && <ProblemState error={error} onRetry={reload} />}
      {items?.length === 0 && (
        <EmptyState
          title={t(state === 'open' ? 'noneTitle' : 'noneResolvedTitle')}
          description={t(state === 'open' ? 'none' : 'noneResolved')}
        />
      )}
      {items && items.length > 0 && (
        <DriftTable items={items} onChange={reload} />
      )}
      {hasMore && (
        <Flex>
          <Button
            variant="secondary"
            aria-disabled={isAdding}
            onPress={showMore}
          >
            {isAdding ? t('loading') : t('more')}
          </Button>
        </Flex>
      )}
    </Section>
  );
}
