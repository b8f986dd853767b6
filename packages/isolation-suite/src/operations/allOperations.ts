import { apiTryOutOperations } from './apiTryOutOperations';
import { type PortalRequest } from '../http/PortalAnswer';
import { auditOperations } from './auditOperations';
import { bindingOperations } from './bindingOperations';
import { catalogOperations } from './catalogOperations';
import { directoryOperations } from './directoryOperations';
import {
  closedOperations,
  frameworkOperations,
  unlistedOperations,
} from './frameworkOperations';
import { gitHostOperations } from './gitHostOperations';
import { kubernetesOperations } from './kubernetesOperations';
import { localRuntimeOperations } from './localRuntimeOperations';
import { type Operation } from './Operation';
import { operationOperations } from './operationOperations';
import { otherOperations } from './otherOperations';
import { promotionOperations } from './promotionOperations';
import { readRouteRows, type RouteRow, rowName } from './routeRows';
import { scaffolderOperations } from './scaffolderOperations';
import { tenancyOperations } from './tenancyOperations';

const written: readonly Operation[] = [
  ...catalogOperations,
  ...scaffolderOperations,
  ...tenancyOperations,
  ...directoryOperations,
  ...gitHostOperations,
  ...otherOperations,
  ...bindingOperations,
  ...auditOperations,
  ...kubernetesOperations,
  ...localRuntimeOperations,
  ...apiTryOutOperations,
  ...promotionOperations,
  ...operationOperations,
  ...frameworkOperations,
];

/** The operations of the route table, and what does not fit together. */
export interface OperationSet {
  operations: Operation[];
  rows: RouteRow[];
  /** Open rows that no operation asks. */
  rowsWithoutOperation: string[];
}

/** All operations whose row is in the table. */
export function allOperations(): OperationSet {
  const rows = readRouteRows();
  const open = new Set(
    rows.filter(({ route }) => route.who !== 'closed').map(rowName),
  );
  const ofRows = written.filter(({ row }) => open.has(row));
  const asked = new Set(ofRows.map(({ row }) => row));
  return {
    rows,
    operations: [
      ...ofRows,
      // The rows of every plugin are spelled otherwise once, not for each plugin.
      ...ofRows.filter(isOfPluginItself).flatMap(otherSpellings),
      ...closedOperations(rows),
      ...unlistedOperations,
    ],
    rowsWithoutOperation: [...open].filter(name => !asked.has(name)).sort(),
  };
}

/** Ways to write the same path, of which only the first one exists. */
const spellings: ReadonlyArray<{ name: string; spell(path: string): string }> =
  [
    { name: 'a slash at the end', spell: path => onPath(path, p => `${p}/`) },
    {
      name: 'the row in capitals',
      spell: path => path.replace(/^\/api\/[^/]+\/[a-z]/, p => p.toUpperCase()),
    },
    {
      name: 'dots encoded',
      spell: path => onPath(path, p => `${p}/%2e%2e%2f`),
    },
    {
      name: 'a parameter in the path',
      spell: path => onPath(path, p => `${p};x`),
    },
    {
      name: 'a slash encoded twice',
      spell: path => onPath(path, p => p.replace(/\/([^/]+)$/, '%252f$1')),
    },
  ];

/** Another spelling, or `HEAD`, for the first variant of each row that is read. */
function otherSpellings(operation: Operation, position: number): Operation[] {
  const [first] = written.filter(({ row }) => row === operation.row);
  if (first !== operation || !operation.row.includes(' GET /')) {
    return [];
  }
  const spelling = spellings[position % spellings.length];
  const changed = (
    variant: string,
    change: (request: PortalRequest) => PortalRequest,
  ): Operation => ({
    ...operation,
    variant,
    build: (of, own) => change(operation.build(of, own)),
  });
  return position % 3 === 0 || operation.row.startsWith('index ')
    ? [changed('head', request => ({ ...request, method: 'HEAD' }))]
    : [
        changed(spelling.name, request => ({
          ...request,
          path: spelling.spell(request.path),
        })),
      ];
}

function onPath(address: string, change: (path: string) => string): string {
  const [path, ...rest] = address.split('?');
  return [change(path), ...rest].join('?');
}

function isOfPluginItself({ row }: Operation): boolean {
  return !/ \/\.(?:backstage|well-known)\/(?:auth|backstage)/.test(row);
}
