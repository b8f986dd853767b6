import { parseEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { type Neighbour } from '../../graph/DependencyGraph';
import { type OpenGraph } from '../../graph/useDependencyGraph';
import { type Direction, titleOf } from '../../relations/relations';
import { overviewTranslationRef } from '../../translation';
import { kindText } from '../EntityList';
import sectionStyles from '../Section.module.css';
import { useEntityHref } from '../useEntityHref';
import styles from './GraphList.module.css';

/** Steps that are listed below each other. */
const MAX_DEPTH = 8;

/** The same graph in words: what an entity needs, and what needs it. */
export function GraphList({ open }: { open: OpenGraph }) {
  const { t } = useTranslationRef(overviewTranslationRef);
  return (
    <div className={sectionStyles.halves}>
      {(['needs', 'neededBy'] as const).map(direction => (
        <div key={direction}>
          <h3 className={sectionStyles.subtitle}>{t(`graph.${direction}`)}</h3>
          <Branch
            open={open}
            of={open.graph.root}
            direction={direction}
            path={[open.graph.root]}
            whenEmpty={t('graph.nothing')}
          />
        </div>
      ))}
    </div>
  );
}

function Branch(props: {
  open: OpenGraph;
  of: string;
  direction: Direction;
  /** From the root to here; what is on it is not opened again. */
  path: readonly string[];
  whenEmpty?: string;
}) {
  const { open, of, direction, path, whenEmpty } = props;
  const neighbours = open.graph
    .neighboursOf(of)
    .filter(
      neighbour =>
        neighbour.direction === direction && !path.includes(neighbour.ref),
    );
  if (neighbours.length === 0) {
    return whenEmpty ? (
      <p className={sectionStyles.quiet}>{whenEmpty}</p>
    ) : null;
  }
  return (
    <ul className={styles.list}>
      {neighbours.map(neighbour => (
        <li key={neighbour.ref}>
          <Item {...props} neighbour={neighbour} />
        </li>
      ))}
    </ul>
  );
}

function Item(props: {
  open: OpenGraph;
  direction: Direction;
  path: readonly string[];
  neighbour: Neighbour;
}) {
  const { open, direction, path, neighbour } = props;
  const { ref, relation } = neighbour;
  const { graph } = open;
  const { t } = useTranslationRef(overviewTranslationRef);
  const hrefOf = useEntityHref();
  const entity = graph.entityOf(ref);
  const name = entity ? titleOf(entity) : parseEntityRef(ref).name;
  const isOpen = graph.isExpanded(ref);
  const mark = isOpen ? '−' : '+';
  const next = [...path, ref];
  const canOpen =
    path.length < MAX_DEPTH &&
    graph
      .neighboursOf(ref)
      .some(each => each.direction === direction && !next.includes(each.ref));
  return (
    <>
      <span className={styles.row}>
        {canOpen ? (
          <button
            type="button"
            className={styles.toggle}
            aria-expanded={isOpen}
            aria-label={t(isOpen ? 'graph.close' : 'graph.open', {
              mark,
              name,
            })}
            disabled={open.loading === ref}
            onClick={() => open.toggle(ref)}
          >
            {mark}
          </button>
        ) : (
          <span className={styles.noToggle} />
        )}
        {entity ? <Link href={hrefOf(ref)}>{name}</Link> : <span>{name}</span>}
        <span className={sectionStyles.quiet}>
          {entity ? kindText(ref, entity) : t('graph.missing')}
          {` · ${t(`graph.relation.${relation}`)}`}
        </span>
      </span>
      {canOpen && isOpen && (
        <Branch open={open} of={ref} direction={direction} path={next} />
      )}
    </>
  );
}
