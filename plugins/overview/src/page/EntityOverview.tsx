import { Fragment } from 'react';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { type EntityContentLayoutProps } from '@backstage/plugin-catalog-react/alpha';
import { Link } from '@backstage/ui';
import { LoadingState, ProblemState, Section } from '@portico/page-states';
import { type KnownEntities } from '../components/EntityList';
import { DependencyGraphPanel } from '../components/graph/DependencyGraphPanel';
import { ImpactSection } from '../components/ImpactSection';
import styles from '../components/Section.module.css';
import { isDependencyRelation } from '../relations/relations';
import { graphRouteRef } from '../routes';
import { overviewTranslationRef } from '../translation';
import { ApisSection } from './ApisSection';
import pageStyles from './EntityOverview.module.css';
import { DeploymentsSection } from './DeploymentsSection';
import { FactsSection } from './FactsSection';
import { LinksSection } from './LinksSection';
import { OwnedSection } from './OwnedSection';
import { PartsSection } from './PartsSection';
import { PeopleSection } from './PeopleSection';
import { useRelated } from './useRelated';
import { useSource } from './useSource';
import { Warnings } from './Warnings';

/** The overview of an entity, to be read from the top down. */
export function EntityOverview({ cards }: EntityContentLayoutProps) {
  const { entity } = useEntity();
  const { t } = useTranslationRef(overviewTranslationRef);
  const related = useRelated(entity);
  const source = useSource(entity);

  if (!related.value && !related.error) {
    return <LoadingState lines={6} />;
  }
  // Without the neighbours their names of the catalog file still say something.
  const known: KnownEntities = related.value ?? new Map();
  return (
    <div className={pageStyles.root}>
      {related.error && (
        <ProblemState
          error={related.error}
          title={t('warnings.loading')}
          onRetry={related.retry}
        />
      )}
      <Warnings entity={entity} related={related.value} />
      <FactsSection
        entity={entity}
        related={known}
        source={source.value}
        isSourceLoading={source.loading}
      />
      {/* It loads meanwhile, and nothing of it moves once it is shown. */}
      <div className={pageStyles.rest} hidden={source.loading}>
        {entity.kind === 'Component' && <DeploymentsSection entity={entity} />}
        {cards
          .filter(({ type }) => type !== 'info')
          .map((card, index) => (
            <Fragment key={card.element.key ?? index}>{card.element}</Fragment>
          ))}
        <LinksSection entity={entity} />
        <KindSections entity={entity} known={known} />
        {cards
          .filter(({ type }) => type === 'info')
          .map((card, index) => (
            <Fragment key={card.element.key ?? index}>{card.element}</Fragment>
          ))}
      </div>
    </div>
  );
}

/** What there is to say by kind; other kinds have their facts and the cards of plugins. */
function KindSections(props: { entity: Entity; known: KnownEntities }) {
  const { entity, known } = props;
  switch (entity.kind.toLocaleLowerCase('en-US')) {
    case 'component':
      return (
        <>
          <ApisSection entity={entity} related={known} />
          <DependenciesSection {...props} />
        </>
      );
    case 'api':
      return (
        <>
          <ApisSection entity={entity} related={known} />
          <ImpactSection entity={entity} known={known} />
          <DependenciesSection {...props} />
        </>
      );
    case 'resource':
    case 'environment':
    case 'pipeline':
      return <DependenciesSection {...props} />;
    case 'system':
    case 'domain':
      return (
        <>
          <PartsSection entity={entity} related={known} />
          <DependenciesSection {...props} />
        </>
      );
    case 'group':
    case 'user':
      return (
        <>
          <PeopleSection entity={entity} related={known} />
          <OwnedSection entity={entity} related={known} />
        </>
      );
    default:
      return null;
  }
}

function DependenciesSection(props: { entity: Entity; known: KnownEntities }) {
  const { entity, known } = props;
  const { t } = useTranslationRef(overviewTranslationRef);
  const graphPage = useRouteRef(graphRouteRef);
  const hasAny = (entity.relations ?? []).some(({ type }) =>
    isDependencyRelation(type),
  );
  const isNeeded = entity.relations?.some(
    ({ type }) => type === 'dependencyOf' || type === 'providesApi',
  );
  const isApi = entity.kind.toLocaleLowerCase('en-US') === 'api';
  return (
    <>
      <Section
        title={t('graph.title')}
        actions={
          hasAny &&
          graphPage && (
            <Link
              href={`${graphPage()}?${new URLSearchParams({
                root: stringifyEntityRef(entity),
              })}`}
            >
              {t('graph.full')}
            </Link>
          )
        }
      >
        {hasAny ? (
          <DependencyGraphPanel entity={entity} known={known} />
        ) : (
          <p className={styles.quiet}>{t('graph.none')}</p>
        )}
      </Section>
      {isNeeded && !isApi && <ImpactSection entity={entity} known={known} />}
    </>
  );
}
