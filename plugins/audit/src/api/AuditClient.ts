import { ResponseError } from '@backstage/errors';
import { type FetchApi } from '@backstage/frontend-plugin-api';
import { followEvents, readBody } from '@portico/event-stream';
import {
  actListSchema,
  auditEntryViewSchema,
  type AuditFilter,
  auditPageSchema,
  chainListSchema,
  checkpointPageSchema,
  type ErasureRequest,
  erasureResultSchema,
} from '@portico/plugin-audit-common';
import {
  type AuditApi,
  type EntryPlace,
  type ExportFormat,
  type TailListener,
} from './AuditApi';
import { ExportTooLargeError } from './ExportTooLargeError';

const REQUEST_TIMEOUT_MILLISECONDS = 30_000;

/** An export may take long, but not without a single byte for so long. */
const EXPORT_SILENCE_MILLISECONDS = 60_000;

/** Most bytes of an export that the browser holds. */
export const EXPORT_LIMIT_BYTES = 512 * 1024 * 1024;

/** Talks to `/api/audit` and checks each answer against its schema. */
export class AuditClient implements AuditApi {
  readonly #fetchApi: FetchApi;
  readonly #exportLimit: number;

  constructor(options: { fetchApi: FetchApi; exportLimit?: number }) {
    this.#fetchApi = options.fetchApi;
    this.#exportLimit = options.exportLimit ?? EXPORT_LIMIT_BYTES;
  }

  async entries(
    filter: AuditFilter,
    page: { cursor?: string; limit?: number } = {},
  ) {
    return auditPageSchema.parse(
      await this.#get(['entries'], { ...filter, ...page }),
    );
  }

  async entry({ chain, sequence }: EntryPlace) {
    return auditEntryViewSchema.parse(
      await this.#get(['entries', chain, String(sequence)]),
    );
  }

  async acts() {
    return actListSchema.parse(await this.#get(['acts'])).items;
  }

  async chains() {
    return chainListSchema.parse(await this.#get(['chains']));
  }

  async checkpoints(options: { chain: string; cursor?: string }) {
    return checkpointPageSchema.parse(
      await this.#get(['checkpoints'], options),
    );
  }

  async erase(request: ErasureRequest) {
    const response = await this.#fetch(['erasures'], {
      method: 'POST',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MILLISECONDS),
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
    });
    return erasureResultSchema.parse(await response.json()).erased;
  }

  async export(options: {
    format: ExportFormat;
    filter: AuditFilter;
    signal: AbortSignal;
    onProgress(bytes: number): void;
  }) {
    const { format, filter, signal, onProgress } = options;
    const response = await this.#fetch(
      ['export'],
      { signal },
      { format, ...filter },
    );
    const parts: BlobPart[] = [];
    let bytes = 0;
    for await (const part of readBody(response, EXPORT_SILENCE_MILLISECONDS)) {
      bytes += part.byteLength;
      if (bytes > this.#exportLimit) {
        throw new ExportTooLargeError(this.#exportLimit);
      }
      parts.push(part);
      onProgress(bytes);
    }
    return new Blob(parts, {
      type: response.headers.get('content-type') ?? 'application/octet-stream',
    });
  }

  async tail(options: {
    filter: AuditFilter;
    signal: AbortSignal;
    listener: TailListener;
  }) {
    const { filter, signal, listener } = options;
    await followEvents({
      signal,
      open: headers => this.#fetch(['tail'], { signal, headers }, filter),
      onOpen: () => listener.onOpen(),
      onEvent: ({ event, data }) => {
        if (event === 'entry' || event === 'message') {
          listener.onEntry(auditEntryViewSchema.parse(JSON.parse(data)));
        }
      },
      onRetry: () => listener.onRetry(),
    });
  }

  async #get(path: string[], query: object = {}): Promise<unknown> {
    const response = await this.#fetch(
      path,
      { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MILLISECONDS) },
      query,
    );
    return response.json();
  }

  async #fetch(
    path: string[],
    init: RequestInit,
    query: object = {},
  ): Promise<Response> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) {
        search.set(name, String(value));
      }
    }
    const question = search.size > 0 ? `?${search}` : '';
    const response = await this.#fetchApi.fetch(
      `plugin://audit/${path.map(encodeURIComponent).join('/')}${question}`,
      init,
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response;
  }
}
