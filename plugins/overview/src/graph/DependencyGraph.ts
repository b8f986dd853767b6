import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import {
  dependencyRelations,
  type DependencyRelation,
  type Direction,
  isDependencyRelation,
} from '../relations/relations';

/** Nodes that are shown at most: more are no picture any more. */
export const MAX_NODES = 120;

/** A neighbour of an entity and how it is related. */
export interface Neighbour {
  ref: string;
  direction: Direction;
  /** As the entity itself says it. */
  relation: DependencyRelation;
}

/** A node of what is shown. */
export interface VisibleNode {
  ref: string;
  /** Undefined where it is not in the catalog, or not the caller's to see. */
  entity: Entity | undefined;
  /** 0 is the root; what it needs is above 0, what needs it below. */
  level: number;
  isExpanded: boolean;
  /** Neighbours that are not shown. */
  hidden: number;
}

/** An arrow from what needs to what is needed. */
export interface VisibleEdge {
  from: string;
  to: string;
}

/** What is to be drawn. */
export interface VisibleGraph {
  nodes: VisibleNode[];
  edges: VisibleEdge[];
  /** Whether something was left out to stay below {@link MAX_NODES}. */
  isCut: boolean;
}

/**
 * What is known of the dependencies around an entity, and which parts of it are open.
 * It never changes; each step gives another one.
 */
export class DependencyGraph {
  static around(
    root: Entity,
    options: { withStructure: boolean },
  ): DependencyGraph {
    const ref = stringifyEntityRef(root);
    return new DependencyGraph(
      ref,
      new Map([[ref, root]]),
      new Set(),
      options.withStructure,
    );
  }

  private constructor(
    readonly root: string,
    private readonly entities: ReadonlyMap<string, Entity | undefined>,
    private readonly expanded: ReadonlySet<string>,
    readonly withStructure: boolean,
  ) {}

  /** The neighbours of an entity that is known, what it needs first. */
  neighboursOf(ref: string): Neighbour[] {
    const neighbours = new Map<string, Neighbour>();
    for (const { type, targetRef } of this.entities.get(ref)?.relations ?? []) {
      if (isDependencyRelation(type) && targetRef !== ref) {
        const { direction, aspect } = dependencyRelations[type];
        if (
          (aspect === 'dependency' || this.withStructure) &&
          !neighbours.has(targetRef)
        ) {
          neighbours.set(targetRef, {
            ref: targetRef,
            direction,
            relation: type,
          });
        }
      }
    }
    return [...neighbours.values()].sort(
      (a, b) =>
        b.direction.localeCompare(a.direction) || a.ref.localeCompare(b.ref),
    );
  }

  isExpanded(ref: string): boolean {
    return this.expanded.has(ref);
  }

  entityOf(ref: string): Entity | undefined {
    return this.entities.get(ref);
  }

  /** Neighbours of a node that have to be loaded before it can be opened. */
  unknownAround(ref: string): string[] {
    return this.neighboursOf(ref)
      .map(neighbour => neighbour.ref)
      .filter(neighbour => !this.entities.has(neighbour));
  }

  /** With the neighbours of a node, which are loaded. */
  expand(
    ref: string,
    loaded: ReadonlyMap<string, Entity | undefined>,
  ): DependencyGraph {
    return new DependencyGraph(
      this.root,
      new Map([...this.entities, ...loaded]),
      new Set([...this.expanded, ref]),
      this.withStructure,
    );
  }

  /** Without what is only shown because of this node. */
  collapse(ref: string): DependencyGraph {
    return new DependencyGraph(
      this.root,
      this.entities,
      new Set([...this.expanded].filter(other => other !== ref)),
      this.withStructure,
    );
  }

  /** With or without systems and domains; the root is opened anew. */
  showStructure(withStructure: boolean): DependencyGraph {
    return new DependencyGraph(
      this.root,
      this.entities,
      new Set(),
      withStructure,
    );
  }

  /** What can be reached over open nodes, nearest first. */
  visible(): VisibleGraph {
    const levels = new Map([[this.root, 0]]);
    let isCut = false;
    // The map grows while it is walked through: nearest first.
    for (const [ref, level] of levels) {
      for (const neighbour of this.expanded.has(ref)
        ? this.neighboursOf(ref)
        : []) {
        if (!levels.has(neighbour.ref)) {
          if (levels.size < MAX_NODES) {
            levels.set(
              neighbour.ref,
              neighbour.direction === 'needs' ? level + 1 : level - 1,
            );
          } else {
            isCut = true;
          }
        }
      }
    }
    const edges = new Map<string, VisibleEdge>();
    const nodes = [...levels].map(([ref, level]): VisibleNode => {
      const neighbours = this.neighboursOf(ref);
      for (const neighbour of neighbours) {
        if (levels.has(neighbour.ref)) {
          const [from, to] =
            neighbour.direction === 'needs'
              ? [ref, neighbour.ref]
              : [neighbour.ref, ref];
          edges.set(`${from} ${to}`, { from, to });
        }
      }
      return {
        ref,
        level,
        entity: this.entities.get(ref),
        isExpanded: this.expanded.has(ref),
        hidden: neighbours.filter(({ ref: other }) => !levels.has(other))
          .length,
      };
    });
    return { nodes, edges: [...edges.values()], isCut };
  }
}
