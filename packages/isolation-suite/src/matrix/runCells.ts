import { createHash } from 'node:crypto';
import { porticoRoutes, type Route } from '@portico/walls';
import { type PortalRequest } from '../http/PortalAnswer';
import { type PortalConnection } from '../http/PortalConnection';
import { type Operation, operationName } from '../operations/Operation';
import { type RouteRow, rowName } from '../operations/routeRows';
import { type Principal } from '../principals/Principal';
import { absentIn, ghost, type Things } from '../world/Things';
import { type World } from '../world/World';
import { type Finding } from './Finding';
import { judgeAnswer } from './judgeAnswer';
import { namedIn, normaliseAnswer } from './normalise';

const WORKERS = 8;

/** One cell of the matrix. */
export interface MatrixCell {
  operation: Operation;
  principal: Principal;
  /** Tenant in whose name the caller comes, also where the caller is in none. */
  from: string;
  /** Whose things are asked for. */
  owner: string;
}

/** What the report keeps of a request. */
export interface CellRecord {
  operation: string;
  principal: string;
  from: string;
  owner: string;
  status: number;
  /** SHA-256 of the normalised answer. */
  digest: string;
}

/** Sends the requests of cells, several at a time, and judges each answer. */
export class CellRunner {
  readonly findings: Finding[] = [];
  readonly records: CellRecord[] = [];
  readonly #rows: ReadonlyMap<string, Route>;
  readonly #references = new Map<string, Promise<string>>();
  readonly #absent = new Map<string, Things>();

  constructor(
    private readonly options: {
      world: World;
      connection: PortalConnection;
      rows: readonly RouteRow[];
      /** Called after each request. */
      onRequest?: () => void;
    },
  ) {
    this.#rows = new Map(options.rows.map(row => [rowName(row), row.route]));
  }

  /** Things of a tenant of the world; of any other, such as it does not have. */
  thingsOf(tenant: string): Things {
    return (
      this.options.world.tenants.find(({ id }) => id === tenant)?.things ??
      absentIn(tenant)
    );
  }

  async run(cells: readonly MatrixCell[]): Promise<void> {
    let next = 0;
    const work = async () => {
      while (next < cells.length) {
        const cell = cells[next];
        next += 1;
        await this.#runCell(cell);
        this.options.onRequest?.();
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
  }

  /** What is known of the things that do not exist is asked again. */
  forgetReferences(): void {
    this.#references.clear();
  }

  async #runCell(cell: MatrixCell): Promise<void> {
    const { operation, principal, from, owner } = cell;
    const of = this.thingsOf(owner);
    const own = this.thingsOf(principal.tenant);
    const request = asCaller(operation.build(of, own), principal);
    const absent = this.#absentBeside(of, own);
    const referenceRequest = asCaller(operation.build(absent, own), principal);
    const compares =
      JSON.stringify(request) !== JSON.stringify(referenceRequest);
    const answer = await this.options.connection.send(request);
    const reference = compares
      ? await this.#reference(operation, principal, referenceRequest, {
          absent,
          own,
        })
      : undefined;
    const normal = normaliseAnswer(answer, namedIn(request, of), own);
    const where = `${operationName(operation)} as ${
      principal.kind
    } of ${from} on ${owner}`;
    const found = judgeAnswer({
      world: this.options.world,
      operation,
      route: this.#routeOf(operation, request),
      principal,
      of,
      own,
      request,
      answer,
      normal,
      reference,
    });
    this.findings.push(...found.map(finding => ({ ...finding, where })));
    this.records.push({
      operation: operationName(operation),
      principal: principal.kind,
      from,
      owner,
      status: answer.status,
      digest: createHash('sha256').update(normal).digest('hex'),
    });
  }

  /**
   * Things that do not exist, but for names that both tenants use: those mean nothing by
   * themselves, and must read the same on both sides of the comparison.
   */
  #absentBeside(of: Things, own: Things): Things {
    const key = `${of.tenant} ${own.tenant}`;
    const shared = Object.entries(of).filter(
      ([name, value]) => own[name as keyof Things] === value,
    );
    const known =
      this.#absent.get(key) ??
      (of === own || shared.length === 0
        ? ghost
        : { ...ghost, ...Object.fromEntries(shared) });
    this.#absent.set(key, known);
    return known;
  }

  #reference(
    operation: Operation,
    principal: Principal,
    request: PortalRequest,
    { absent, own }: { absent: Things; own: Things },
  ): Promise<string> {
    const key = `${operationName(operation)} ${principal.kind} ${
      principal.tenant
    } ${absent.member}`;
    const known =
      this.#references.get(key) ??
      this.options.connection
        .send(request)
        .then(answer => normaliseAnswer(answer, namedIn(request, absent), own));
    this.#references.set(key, known);
    return known;
  }

  /** The row that the wire's path really falls on: another spelling falls on none. */
  #routeOf(operation: Operation, { method, path }: PortalRequest) {
    if (operation.row === 'unlisted') {
      return undefined;
    }
    const row = this.#rows.get(operation.row);
    if (row?.who === 'closed') {
      return row;
    }
    const [address] = path.split('?');
    if (/%2e%2e|\.\.|%5c|%2f\.\./i.test(address)) {
      return undefined;
    }
    const api = /^\/api\/([a-z0-9-]+)(\/.*)$/.exec(address);
    return api
      ? porticoRoutes.find(api[1], { method, path: api[2] })
      : porticoRoutes.findIndex({ method, path: address });
  }
}

/** The request with what its caller always sends; what the operation itself sends wins. */
export function asCaller(
  request: PortalRequest,
  principal: Principal,
): PortalRequest {
  return {
    ...request,
    headers: { ...principal.headers, ...request.headers },
  };
}
