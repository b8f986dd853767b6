import { lazy, Suspense, useState } from 'react';
import { type Entity } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Checkbox, Skeleton } from '@backstage/ui';
import { ProblemState } from '@portico/page-states';
import { MAX_NODES } from '../../graph/DependencyGraph';
import { useDependencyGraph } from '../../graph/useDependencyGraph';
import { titleOf } from '../../relations/relations';
import { overviewTranslationRef } from '../../translation';
import { type KnownEntities } from '../EntityList';
import styles from './DependencyGraphPanel.module.css';
import { GraphList } from './GraphList';
import { useIsInView } from './useIsInView';

const LazyGraphView = lazy(() =>
  import('./GraphView').then(m => ({ default: m.GraphView })),
);

const views = ['graph', 'list'] as const;

/** Dependencies both ways, as a picture and as a list; both open the same nodes. */
export function DependencyGraphPanel(props: {
  entity: Entity;
  known?: KnownEntities;
  /** Takes the height of a page instead of that of a section. */
  isTall?: boolean;
}) {
  const { entity, known, isTall } = props;
  const { t } = useTranslationRef(overviewTranslationRef);
  const open = useDependencyGraph(entity, known);
  const [view, setView] = useState<(typeof views)[number]>('graph');
  const [frame, isInView] = useIsInView();
  const visible = open.graph.visible();

  return (
    <div className={styles.root}>
      <div className={styles.bar}>
        <div role="group" aria-label={t('graph.view')} className={styles.views}>
          {views.map(each => (
            <button
              key={each}
              type="button"
              className={styles.view}
              aria-pressed={view === each}
              onClick={() => setView(each)}
            >
              {each === 'graph' ? t('graph.asGraph') : t('graph.asList')}
            </button>
          ))}
        </div>
        <Checkbox
          isSelected={open.graph.withStructure}
          onChange={open.showStructure}
        >
          {t('graph.structure')}
        </Checkbox>
      </div>
      <p className={styles.hint}>{t('graph.hint')}</p>
      {open.error && (
        <ProblemState
          error={open.error}
          title={t('graph.failed')}
          onRetry={open.retry}
        />
      )}
      {visible.isCut && (
        <p className={styles.hint} role="status">
          {t('graph.cut', { number: String(MAX_NODES) })}
        </p>
      )}
      {view === 'graph' ? (
        <div
          ref={frame}
          className={styles.frame}
          data-tall={isTall || undefined}
        >
          {isInView && (
            <Suspense fallback={<Skeleton width="100%" height="100%" />}>
              <LazyGraphView
                visible={visible}
                open={open}
                label={t('graph.label', { name: titleOf(entity) })}
              />
            </Suspense>
          )}
        </div>
      ) : (
        <GraphList open={open} />
      )}
    </div>
  );
}
