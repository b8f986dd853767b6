import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import fc from 'fast-check';
import { entity } from '../__testUtils__/FakeCatalog';
import { DependencyGraph, MAX_NODES } from './DependencyGraph';
import { layOut, NODE_HEIGHT, NODE_WIDTH } from './layOut';

/** Components that need each other at random, cycles included, both sides told. */
const catalog = fc
  .uniqueArray(
    fc
      .tuple(fc.nat({ max: 30 }), fc.nat({ max: 30 }))
      .filter(([a, b]) => a !== b),
    { selector: String, maxLength: 60 },
  )
  .map(pairs => {
    const names = [...new Set([0, ...pairs.flat()])];
    return new Map(
      names.map(number => {
        const made = entity('Component', `c${number}`, {
          dependsOn: pairs
            .filter(([from]) => from === number)
            .map(([, to]) => `component:c${to}`),
          dependencyOf: pairs
            .filter(([, to]) => to === number)
            .map(([from]) => `component:c${from}`),
        });
        return [stringifyEntityRef(made), made] as const;
      }),
    );
  });

const ROOT = 'component:aurora/c0';

function around(entities: ReadonlyMap<string, Entity>): DependencyGraph {
  const root = entities.get(ROOT);
  if (!root) {
    throw new Error('no root');
  }
  return DependencyGraph.around(root, { withStructure: false });
}

function open(
  graph: DependencyGraph,
  ref: string,
  entities: ReadonlyMap<string, Entity>,
): DependencyGraph {
  return graph.expand(
    ref,
    new Map(graph.unknownAround(ref).map(each => [each, entities.get(each)])),
  );
}

/** Opens nodes that are visible, some of them again. */
function wander(
  entities: ReadonlyMap<string, Entity>,
  steps: readonly number[],
): DependencyGraph {
  return steps.reduce((graph, step) => {
    const { nodes } = graph.visible();
    return open(graph, nodes[step % nodes.length].ref, entities);
  }, around(entities));
}

const steps = fc.array(fc.nat({ max: 100 }), { maxLength: 12 });

it('shows only what can be reached, and every arrow between what is shown', () => {
  fc.assert(
    fc.property(catalog, steps, (entities, path) => {
      const graph = wander(entities, path);
      const { nodes, edges } = graph.visible();
      const shown = new Set(nodes.map(({ ref }) => ref));
      expect(shown.has(ROOT)).toBe(true);
      for (const { ref, entity: known, isExpanded, hidden } of nodes) {
        expect(known).toBeDefined();
        expect(hidden === 0 || !isExpanded).toBe(true);
        const arrows = graph
          .neighboursOf(ref)
          .filter(neighbour => shown.has(neighbour.ref))
          .map(({ ref: other, direction }) =>
            direction === 'needs'
              ? { from: ref, to: other }
              : { from: other, to: ref },
          );
        expect(edges).toEqual(expect.arrayContaining(arrows));
      }
      expect(
        edges.every(({ from, to }) => shown.has(from) && shown.has(to)),
      ).toBe(true);
    }),
    { numRuns: 60 },
  );
});

it('shows the same as before when a node is opened and closed again', () => {
  fc.assert(
    fc.property(catalog, steps, fc.nat(), (entities, path, choice) => {
      const graph = wander(entities, path);
      const closed = graph.visible().nodes.filter(each => !each.isExpanded);
      fc.pre(closed.length > 0);
      const { ref } = closed[choice % closed.length];
      expect(open(graph, ref, entities).collapse(ref).visible()).toEqual(
        graph.visible(),
      );
    }),
    { numRuns: 60 },
  );
});

it('gives each node a place of its own, what needs the root left of it', () => {
  fc.assert(
    fc.property(catalog, steps, (entities, path) => {
      const { nodes, edges } = wander(entities, path).visible();
      const places = layOut(nodes, edges);
      expect(places.size).toBe(nodes.length);
      const boxes = nodes.map(({ ref, level }) => {
        const place = places.get(ref);
        expect(Math.sign(place?.x ?? NaN)).toBe(Math.sign(level));
        return place ?? { x: NaN, y: NaN };
      });
      boxes.forEach((one, index) =>
        boxes.slice(index + 1).forEach(other => {
          expect(
            Math.abs(one.x - other.x) >= NODE_WIDTH ||
              Math.abs(one.y - other.y) >= NODE_HEIGHT,
          ).toBe(true);
        }),
      );
    }),
    { numRuns: 60 },
  );
});

it('stays below its bound', () => {
  const many = Array.from({ length: 300 }, (_, index) => `component:x${index}`);
  const root = entity('Component', 'c0', { dependsOn: many });
  const graph = DependencyGraph.around(root, { withStructure: false });
  const { nodes, isCut } = graph
    .expand(
      ROOT,
      new Map(graph.unknownAround(ROOT).map(ref => [ref, undefined])),
    )
    .visible();
  expect(nodes).toHaveLength(MAX_NODES);
  expect(isCut).toBe(true);
});

it('leaves systems, owners and people out unless they are asked for', () => {
  const root = entity('Component', 'c0', {
    partOf: ['system:shop'],
    ownedBy: ['group:checkout'],
    providesApi: ['api:orders'],
  });
  const graph = DependencyGraph.around(root, { withStructure: false });
  expect(graph.neighboursOf(ROOT)).toEqual([
    {
      ref: 'api:aurora/orders',
      direction: 'neededBy',
      relation: 'providesApi',
    },
  ]);
  expect(
    graph
      .showStructure(true)
      .neighboursOf(ROOT)
      .map(({ ref }) => ref),
  ).toEqual(['api:aurora/orders', 'system:aurora/shop']);
});
