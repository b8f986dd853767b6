import {
  type AuditEntryView,
  type ChainList,
  erasureRequestSchema,
} from '@portico/plugin-audit-common';
import { sampleChains } from './sampleEntries';

/** The audit's HTTP API over entries in memory, newest first. */
export class FakeAuditBackend {
  /** Addresses that were asked for. */
  readonly asked: URL[] = [];
  readonly bodies: unknown[] = [];
  entries: AuditEntryView[];
  chains: ChainList;
  pageSize = 50;
  /** Answers everything with this status. */
  status?: number;
  exportBody = '{"type":"bundle"}\n';
  /** Headers of each connection of a tail. */
  readonly tailHeaders: Headers[] = [];
  #tails: ReadableStreamDefaultController<Uint8Array>[] = [];

  constructor(
    options: { entries?: AuditEntryView[]; chains?: ChainList } = {},
  ) {
    this.entries = options.entries ?? [];
    this.chains = options.chains ?? sampleChains();
  }

  /** Queries of the list that were asked, without the size of a page. */
  get queries(): string[] {
    return this.asked
      .filter(url => url.pathname === '/entries')
      .map(url => {
        url.searchParams.delete('limit');
        return url.searchParams.toString();
      });
  }

  readonly fetch = async (
    input: string | URL | Request,
    init?: RequestInit,
  ): Promise<Response> => {
    const url = new URL(String(input));
    this.asked.push(url);
    if (this.status) {
      return Response.json(
        { error: { name: 'Error', message: 'the disk is on fire' } },
        { status: this.status },
      );
    }
    const [what, chain, sequence] = url.pathname.split('/').slice(1);
    switch (what) {
      case 'entries':
        return sequence
          ? this.#entry(chain, Number(sequence))
          : this.#page(url);
      case 'acts':
        return Response.json({
          items: [...new Set(this.entries.map(({ entry }) => entry.act))],
        });
      case 'chains':
        return Response.json(this.chains);
      case 'checkpoints':
        return Response.json({
          items: this.chains.items.flatMap(({ checkpoint }) =>
            checkpoint ? [checkpoint] : [],
          ),
        });
      case 'export':
        return new Response(this.exportBody, {
          headers: { 'Content-Type': 'application/jsonl' },
        });
      case 'erasures':
        this.bodies.push(
          erasureRequestSchema.parse(JSON.parse(String(init?.body))),
        );
        return Response.json({ erased: 7 });
      case 'tail':
        return this.#tail(init);
      default:
        return notFound();
    }
  };

  /** Tells every open tail of an entry. */
  tell(view: AuditEntryView): void {
    const { chain, sequence } = view.entry;
    this.send(
      `id: ${chain}:${sequence}\nevent: entry\ndata: ${JSON.stringify(
        view,
      )}\n\n`,
    );
  }

  send(text: string): void {
    this.#tails.forEach(tail => tail.enqueue(new TextEncoder().encode(text)));
  }

  /** Breaks the connection of every open tail. */
  hangUp(): void {
    this.#tails.splice(0).forEach(tail => tail.close());
  }

  get openTails(): number {
    return this.#tails.length;
  }

  #entry(chain: string, sequence: number): Response {
    const view = this.entries.find(
      ({ entry }) => entry.chain === chain && entry.sequence === sequence,
    );
    return view ? Response.json(view) : notFound();
  }

  #page(url: URL): Response {
    const start = Number(url.searchParams.get('cursor') ?? 0);
    const end = start + this.pageSize;
    return Response.json({
      items: this.entries.slice(start, end),
      ...(end < this.entries.length && { nextCursor: String(end) }),
    });
  }

  #tail(init: RequestInit | undefined): Response {
    this.tailHeaders.push(new Headers(init?.headers));
    const body = new ReadableStream<Uint8Array>({
      start: controller => {
        this.#tails.push(controller);
        init?.signal?.addEventListener('abort', () => {
          this.#tails = this.#tails.filter(tail => tail !== controller);
          controller.error(new Error('aborted'));
        });
      },
    });
    return new Response(body, {
      headers: { 'Content-Type': 'text/event-stream' },
    });
  }
}

function notFound(): Response {
  return Response.json(
    { error: { name: 'NotFoundError', message: 'no such thing' } },
    { status: 404 },
  );
}
