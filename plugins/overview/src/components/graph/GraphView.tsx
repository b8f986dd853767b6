import { type FocusEvent, memo, useEffect, useMemo } from 'react';
import { parseEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Panel,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { RiAddLine, RiFullscreenLine, RiSubtractLine } from '@remixicon/react';
import {
  type VisibleGraph,
  type VisibleNode,
} from '../../graph/DependencyGraph';
import { layOut, NODE_HEIGHT, NODE_WIDTH } from '../../graph/layOut';
import { type OpenGraph } from '../../graph/useDependencyGraph';
import { titleOf } from '../../relations/relations';
import { overviewTranslationRef } from '../../translation';
import { kindText } from '../EntityList';
import { useEntityHref } from '../useEntityHref';
import styles from './GraphView.module.css';

type EntityNode = Node<
  {
    node: VisibleNode;
    isRoot: boolean;
    isLoading: boolean;
    onToggle(ref: string): void;
  },
  'entity'
>;

const nodeTypes = { entity: memo(EntityNodeView) };

/** The picture of a graph; everything in it can be reached by keyboard. */
export function GraphView(props: {
  visible: VisibleGraph;
  open: OpenGraph;
  label: string;
}) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}

function Flow(props: {
  visible: VisibleGraph;
  open: OpenGraph;
  label: string;
}) {
  const { visible, open, label } = props;
  const { t } = useTranslationRef(overviewTranslationRef);
  const flow = useReactFlow();
  const shape = visible.nodes.map(({ ref }) => ref).join(' ');

  const nodes = useMemo((): EntityNode[] => {
    const places = layOut(visible.nodes, visible.edges);
    return visible.nodes
      .map(
        (node): EntityNode => ({
          id: node.ref,
          type: 'entity',
          position: places.get(node.ref) ?? { x: 0, y: 0 },
          width: NODE_WIDTH,
          height: NODE_HEIGHT,
          data: {
            node,
            isRoot: node.ref === open.graph.root,
            isLoading: node.ref === open.loading,
            onToggle: open.toggle,
          },
        }),
      )
      .sort(
        // The order of the keyboard: from left to right, from the top down.
        (a, b) => a.position.x - b.position.x || a.position.y - b.position.y,
      );
    // `visible` is made anew at each render; its shape tells when it changed.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shape, open]);

  const edges = useMemo(
    (): Edge[] =>
      visible.edges.map(({ from, to }) => ({
        id: `${from} ${to}`,
        source: from,
        target: to,
        markerEnd: {
          type: MarkerType.ArrowClosed,
          color: 'var(--xy-edge-stroke)',
        },
      })),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [shape],
  );

  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      void flow.fitView({ maxZoom: 1, padding: 0.1 });
    });
    return () => cancelAnimationFrame(frame);
  }, [flow, shape]);

  // A node that the keyboard reaches comes into the picture.
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const id = event.target.closest('[data-id]')?.getAttribute('data-id');
    const node = nodes.find(each => each.id === id);
    const area = event.currentTarget.getBoundingClientRect();
    const box = event.target.getBoundingClientRect();
    const isOutside =
      box.left < area.left ||
      box.right > area.right ||
      box.top < area.top ||
      box.bottom > area.bottom;
    if (node && isOutside) {
      void flow.setCenter(
        node.position.x + NODE_WIDTH / 2,
        node.position.y + NODE_HEIGHT / 2,
        { zoom: flow.getZoom() },
      );
    }
  };

  return (
    <ReactFlow
      className={styles.root}
      aria-label={label}
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={false}
      zoomOnScroll={false}
      zoomOnDoubleClick={false}
      preventScrolling={false}
      minZoom={0.2}
      maxZoom={1.5}
      fitView
      fitViewOptions={{ maxZoom: 1, padding: 0.1 }}
      onFocus={onFocus}
    >
      <Panel position="top-right" className={styles.controls}>
        <button
          type="button"
          aria-label={t('graph.zoomIn')}
          onClick={() => void flow.zoomIn()}
        >
          <RiAddLine aria-hidden />
        </button>
        <button
          type="button"
          aria-label={t('graph.zoomOut')}
          onClick={() => void flow.zoomOut()}
        >
          <RiSubtractLine aria-hidden />
        </button>
        <button
          type="button"
          aria-label={t('graph.fit')}
          onClick={() => void flow.fitView({ maxZoom: 1, padding: 0.1 })}
        >
          <RiFullscreenLine aria-hidden />
        </button>
      </Panel>
    </ReactFlow>
  );
}

function EntityNodeView(props: NodeProps<EntityNode>) {
  const { node, isRoot, isLoading, onToggle } = props.data;
  const { ref, entity, isExpanded, hidden } = node;
  const { t } = useTranslationRef(overviewTranslationRef);
  const hrefOf = useEntityHref();
  const name = entity ? titleOf(entity) : parseEntityRef(ref).name;
  const mark = isExpanded ? '−' : `+${hidden}`;
  return (
    <div
      className={styles.node}
      data-root={isRoot || undefined}
      data-missing={entity === undefined || undefined}
    >
      <Handle
        type="target"
        position={Position.Left}
        className={styles.handle}
        isConnectable={false}
      />
      <span className={styles.name}>
        {isRoot || !entity ? (
          <strong title={name}>{name}</strong>
        ) : (
          <Link href={hrefOf(ref)} title={name}>
            {name}
          </Link>
        )}
      </span>
      <span className={styles.kind}>
        {entity ? kindText(ref, entity) : t('graph.missing')}
      </span>
      {(hidden > 0 || isExpanded) && !isRoot && (
        <button
          type="button"
          className={`${styles.toggle} nopan`}
          aria-expanded={isExpanded}
          aria-label={t(isExpanded ? 'graph.close' : 'graph.open', {
            mark,
            name,
          })}
          disabled={isLoading}
          onClick={() => onToggle(ref)}
        >
          {mark}
        </button>
      )}
      <Handle
        type="source"
        position={Position.Right}
        className={styles.handle}
        isConnectable={false}
      />
    </div>
  );
}
