import { useCallback } from 'react';
import { parseEntityRef } from '@backstage/catalog-model';
import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Button, ButtonLink, Flex, Link } from '@backstage/ui';
import {
  EmptyState,
  LoadingState,
  ProblemState,
  Section,
} from '@portico/page-states';
import {
  componentRefSchema,
  type Deployment,
} from '@portico/plugin-promotions-common';
import { promotionsApiRef } from '../api/PromotionsApi';
import { EntityName } from '../components/EntityName';
import { ResultMark, SampleMark } from '../components/marks';
import { Moment } from '../components/Moment';
import sectionStyles from '../components/Section.module.css';
import { useDeliveryLinks } from '../hooks/useDeliveryLinks';
import { usePages } from '../hooks/usePages';
import { boardRouteRef } from '../routes';
import { promotionsTranslationRef } from '../translation';
import styles from './Figures.module.css';
import { figuresTranslationRef } from './translation';

const PAGE_SIZE = 20;

/** The deployments to production that the figures are made of, newest first. */
export function DeploymentsSection(props: { scope: string | undefined }) {
  const { scope } = props;
  const { t } = useTranslationRef(figuresTranslationRef);
  const board = useRouteRef(boardRouteRef);
  const component = componentRefSchema.safeParse(scope).data;
  const owner = component === undefined ? scope : undefined;
  return (
    <Section title={t('deployments.title')}>
      <DeploymentList component={component} owner={owner} />
      {owner !== undefined && (
        <Flex>
          <ButtonLink
            variant="secondary"
            href={`${board?.() ?? '/delivery/board'}?${new URLSearchParams({
              owner,
            })}`}
          >
            {t('deployments.board')}
          </ButtonLink>
        </Flex>
      )}
    </Section>
  );
}

function DeploymentList(props: {
  component: string | undefined;
  owner: string | undefined;
}) {
  const { component, owner } = props;
  const { t } = useTranslationRef(figuresTranslationRef);
  const promotions = useApi(promotionsApiRef);
  const loadPage = useCallback(
    (cursor: string | undefined) =>
      promotions.deployments({
        component,
        owner,
        tier: 'production',
        cursor,
        limit: PAGE_SIZE,
      }),
    [promotions, component, owner],
  );
  const { pages, loading, error, hasMore, isAdding, showMore, reload } =
    usePages(loadPage, event => event.type === 'deployment');
  const items = pages?.flatMap(page => page.items);
  return (
    <>
      {loading && <LoadingState lines={6} />}
      {error !== undefined && <ProblemState error={error} onRetry={reload} />}
      {items?.length === 0 && (
        <EmptyState
          title={t('deployments.none')}
          description={t('deployments.noneHint')}
        />
      )}
      {items && items.length > 0 && <DeploymentTable items={items} />}
      {hasMore && (
        <Flex>
          <Button
            variant="secondary"
            aria-disabled={isAdding}
            onPress={showMore}
          >
            {isAdding ? t('deployments.loading') : t('deployments.more')}
          </Button>
        </Flex>
      )}
    </>
  );
}

function DeploymentTable({ items }: { items: readonly Deployment[] }) {
  const { t } = useTranslationRef(figuresTranslationRef);
  const { t: common } = useTranslationRef(promotionsTranslationRef);
  const links = useDeliveryLinks();
  return (
    <div
      className={sectionStyles.scroll}
      role="group"
      aria-label={t('deployments.title')}
      // A table that is wider than the page is moved with the arrow keys.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <table className={`${sectionStyles.table} ${styles.deployments}`}>
        <thead>
          <tr>
            <th scope="col">{t('deployments.component')}</th>
            <th scope="col">{t('deployments.version')}</th>
            <th scope="col">{t('deployments.environment')}</th>
            <th scope="col">{t('deployments.result')}</th>
            <th scope="col">{t('deployments.finished')}</th>
            <th scope="col">{t('deployments.by')}</th>
            <th scope="col">{t('deployments.promotion')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(item => {
            const { name } = parseEntityRef(item.component);
            const version = item.version ?? t('deployments.unknownVersion');
            const href = links.delivery(item.component);
            return (
              <tr key={item.id}>
                <td>{href ? <Link href={href}>{name}</Link> : name}</td>
                <td>
                  {version} {item.sample && <SampleMark />}
                </td>
                <td>{item.environment}</td>
                <td>
                  <ResultMark result={item.result} />
                  <p className={sectionStyles.small}>
                    {common(`kind.${item.kind}`)}
                  </p>
                </td>
                <td>
                  <Moment at={item.finishedAt} />
                </td>
                <td>
                  <EntityName entityRef={item.initiatedBy} />
                </td>
                <td>
                  {item.promotion && (
                    <Link
                      href={links.promotion(item.promotion)}
                      aria-label={t('deployments.showNamed', {
                        component: name,
                        version,
                      })}
                    >
                      {t('deployments.show')}
                    </Link>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
