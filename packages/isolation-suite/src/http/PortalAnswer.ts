/** A request exactly as it goes over the wire: nothing is tidied up. */
export interface PortalRequest {
  method: string;
  /** Path and query, sent as they stand. */
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON unless it is a text or bytes. */
  body?: unknown;
  /** Asks to upgrade the connection. */
  upgrade?: boolean;
}

/** What came back, as far as it was read. */
export interface PortalAnswer {
  status: number;
  headers: Record<string, string>;
  /** Decoded where it was compressed; cut after a limit. */
  body: string;
  /** Set where no whole answer came. */
  trouble?: string;
}
