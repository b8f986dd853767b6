import { z } from 'zod';
import { fetchText } from '../Bed';

const proxySchema = z.object({ listen: z.string() });

/** What becomes of what is said, in the words of toxiproxy. */
export type Toxic =
  /** Nothing gets through; the connection is closed after that long, or never for 0. */
  | { type: 'timeout'; timeout: number }
  /** The connection is reset after that long. */
  | { type: 'reset_peer'; timeout: number }
  /** Each piece is late by so much. */
  | { type: 'latency'; latency: number };

/** A way to a system that tests can disturb. */
export class DisturbedWay {
  /** @param target - address of the system, `http://127.0.0.1:1234` */
  static async open(
    bed: { url: string },
    name: string,
    target: string,
  ): Promise<DisturbedWay> {
    const { host, protocol } = new URL(target);
    const made = await fetchText(`${bed.url}/proxies`, {
      method: 'POST',
      body: JSON.stringify({
        name,
        listen: '127.0.0.1:0',
        upstream: host,
        enabled: true,
      }),
    });
    const { listen } = proxySchema.parse(JSON.parse(made));
    return new DisturbedWay(
      `${bed.url}/proxies/${name}`,
      `${protocol}//${listen}`,
    );
  }

  readonly #own: string;

  private constructor(
    own: string,
    /** What to talk to instead of the system. */
    readonly url: string,
  ) {
    this.#own = own;
  }

  /** @param stream - what is disturbed: requests go `upstream`, answers `downstream` */
  async disturb(
    { type, ...attributes }: Toxic,
    stream: 'upstream' | 'downstream' = 'downstream',
  ): Promise<void> {
    await fetchText(`${this.#own}/toxics`, {
      method: 'POST',
      body: JSON.stringify({ name: type, type, stream, attributes }),
    });
  }

  /** Nobody is there, or somebody is again. */
  async setThere(enabled: boolean): Promise<void> {
    await fetchText(this.#own, {
      method: 'POST',
      body: JSON.stringify({ enabled }),
    });
  }

  /** Everything gets through again. */
  async calm(): Promise<void> {
    await this.setThere(true);
    const toxics = z
      .array(z.object({ name: z.string() }))
      .parse(JSON.parse(await fetchText(`${this.#own}/toxics`)));
    for (const { name } of toxics) {
      await fetchText(`${this.#own}/toxics/${name}`, { method: 'DELETE' });
    }
  }

  async close(): Promise<void> {
    await fetchText(this.#own, { method: 'DELETE' });
  }
}
