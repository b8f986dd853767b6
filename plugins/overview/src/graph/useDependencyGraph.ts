import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { loadEntities } from '../relations/loadEntities';
import { DependencyGraph } from './DependencyGraph';

/** A graph on the screen, and what can be done with it. */
export interface OpenGraph {
  graph: DependencyGraph;
  /** The node whose neighbours are on their way. */
  loading: string | undefined;
  error: Error | undefined;
  /** Opens a closed node and closes an open one. */
  toggle(ref: string): void;
  showStructure(withStructure: boolean): void;
  retry(): void;
}

/**
 * The dependencies around an entity: its neighbours at first, others when they are asked
 * for. One request for all neighbours of a node that are not known yet.
 *
 * @param known - entities that are loaded already, by ref
 */
export function useDependencyGraph(
  root: Entity,
  known?: ReadonlyMap<string, Entity | undefined>,
): OpenGraph {
  const catalog = useApi(catalogApiRef);
  const [graph, setGraph] = useState(() =>
    DependencyGraph.around(root, { withStructure: isStructural(root) }),
  );
  const [loading, setLoading] = useState<string>();
  const [failure, setFailure] = useState<{ ref: string; error: Error }>();
  const current = useRef(graph);

  const change = useCallback((next: DependencyGraph) => {
    current.current = next;
    setGraph(next);
  }, []);

  const open = useCallback(
    async (ref: string) => {
      const before = current.current;
      const unknown = before.unknownAround(ref);
      const missing = unknown.filter(each => !known?.has(each));
      setFailure(undefined);
      let loaded = new Map<string, Entity | undefined>();
      if (missing.length > 0) {
        setLoading(ref);
        try {
          loaded = await loadEntities(catalog, missing);
        } catch (error) {
          setFailure({
            ref,
            error: error instanceof Error ? error : new Error(String(error)),
          });
          return;
        } finally {
          setLoading(undefined);
        }
      }
      if (current.current.root !== before.root) {
        return;
      }
      const all = unknown.map(
        each => [each, known?.get(each) ?? loaded.get(each)] as const,
      );
      change(current.current.expand(ref, new Map(all)));
    },
    [catalog, known, change],
  );

  const rootRef = stringifyEntityRef(root);
  useEffect(() => {
    change(DependencyGraph.around(root, { withStructure: isStructural(root) }));
    void open(rootRef);
    // The entity is loaded anew now and then; only another one begins another graph.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [rootRef, open, change]);

  return useMemo(
    () => ({
      graph,
      loading,
      error: failure?.error,
      toggle: (ref: string) =>
        graph.isExpanded(ref) ? change(graph.collapse(ref)) : void open(ref),
      showStructure: (withStructure: boolean) => {
        change(graph.showStructure(withStructure));
        void open(graph.root);
      },
      retry: () => void open(failure?.ref ?? graph.root),
    }),
    [graph, loading, failure, change, open],
  );
}

/** Systems and domains are made of their parts. */
function isStructural({ kind }: Entity): boolean {
  return ['system', 'domain'].includes(kind.toLocaleLowerCase('en-US'));
}
