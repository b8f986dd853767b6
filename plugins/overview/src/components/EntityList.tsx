import { type ReactNode } from 'react';
import { type Entity, parseEntityRef } from '@backstage/catalog-model';
import { Link } from '@backstage/ui';
import { specText, titleOf } from '../relations/relations';
import styles from './Section.module.css';
import { useEntityHref } from './useEntityHref';

/** Entities that are loaded, by ref; undefined is what is absent or hidden. */
export type KnownEntities = ReadonlyMap<string, Entity | undefined>;

/** The name of an entity by its ref, as a link to its page. */
export function EntityLink(props: { entityRef: string; known: KnownEntities }) {
  const hrefOf = useEntityHref();
  return (
    <Link href={hrefOf(props.entityRef)}>
      {nameOf(props.entityRef, props.known)}
    </Link>
  );
}

/** Entities below each other, with what they are. */
export function EntityList(props: {
  refs: readonly string[];
  known: KnownEntities;
  /** What else to say of one. */
  detail?(ref: string): ReactNode;
}) {
  const { refs, known, detail } = props;
  return (
    <ul className={styles.list}>
      {refs.map(ref => {
        const entity = known.get(ref);
        const description = entity?.metadata.description;
        return (
          <li key={ref}>
            <EntityLink entityRef={ref} known={known} />
            <span className={styles.quiet}>{kindText(ref, entity)}</span>
            {description && <span className={styles.quiet}>{description}</span>}
            {detail?.(ref)}
          </li>
        );
      })}
    </ul>
  );
}

/** The name for people; the one of the ref until more is known. */
export function nameOf(ref: string, known: KnownEntities): string {
  const entity = known.get(ref);
  return entity ? titleOf(entity) : parseEntityRef(ref).name;
}

/** Kind and type, as in `component, service`. */
export function kindText(ref: string, entity: Entity | undefined): string {
  const kind = entity?.kind ?? parseEntityRef(ref).kind;
  const type = entity && specText(entity, 'type');
  return type ? `${kind}, ${type}` : kind;
}
