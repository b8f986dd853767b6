import { type DeliveryEvent } from '@portico/plugin-promotions-common';

/** One request that was made. */
export interface Asked {
  /** `POST /promotions/…/votes`, without the query. */
  what: string;
  query: Record<string, string>;
  body: unknown;
}

/** What is answered: a value, a status of refusal, or what a function makes of the request. */
export type Answer = unknown | number | ((asked: Asked) => unknown);

/** The HTTP API of promotions with answers by method and path, `GET /board`. */
export class FakePromotionsBackend {
  readonly asked: Asked[] = [];
  readonly answers: Record<string, Answer>;
  #streams: ReadableStreamDefaultController<Uint8Array>[] = [];

  constructor(answers: Record<string, Answer> = {}) {
    this.answers = answers;
  }

  readonly fetch = async (
    input: string | URL | Request,
    init?: RequestInit,
  ): Promise<Response> => {
    const [, address] = /^plugin:\/\/promotions(.*)$/.exec(String(input)) ?? [];
    const url = new URL(address ?? '/', 'http://promotions.test');
    const what = `${init?.method ?? 'GET'} ${decodeURIComponent(url.pathname)}`;
    if (what === 'GET /events') {
      return this.#open(init?.signal ?? undefined);
    }
    const asked: Asked = {
      what,
      query: Object.fromEntries(url.searchParams),
      body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined,
    };
    this.asked.push(asked);
    const found = this.answers[what] ?? 404;
    const answer = typeof found === 'function' ? found(asked) : found;
    return typeof answer === 'number'
      ? Response.json(
          {
            error: { name: 'Refusal', message: 'The portal refuses this.' },
            response: { statusCode: answer },
          },
          { status: answer },
        )
      : Response.json(answer);
  };

  /** Bodies of the requests of this method and path. */
  bodies(what: string): unknown[] {
    return this.asked.filter(one => one.what === what).map(one => one.body);
  }

  /** Tells every open event stream of a change. */
  tell(event: DeliveryEvent): void {
    const text = `event: change\ndata: ${JSON.stringify(event)}\n\n`;
    this.#streams.forEach(stream =>
      stream.enqueue(new TextEncoder().encode(text)),
    );
  }

  get openStreams(): number {
    return this.#streams.length;
  }

  #open(signal: AbortSignal | undefined): Response {
    const body = new ReadableStream<Uint8Array>({
      start: controller => {
        this.#streams.push(controller);
        signal?.addEventListener('abort', () => {
          this.#streams = this.#streams.filter(one => one !== controller);
          controller.error(new Error('aborted'));
        });
      },
    });
    return new Response(body, {
      headers: { 'Content-Type': 'text/event-stream' },
    });
  }
}
