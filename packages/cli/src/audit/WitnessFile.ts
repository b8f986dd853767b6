import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { chainSchema } from '@portico/plugin-audit-common';
import { z } from 'zod';

const contentSchema = z.strictObject({
  type: z.literal('portico-audit-witness'),
  version: z.literal(1),
  /** Keys that are trusted, in the note form. */
  keys: z.array(z.string()),
  /** Checkpoints that were checked, by chain, smallest first. */
  checkpoints: z.record(chainSchema, z.array(z.string())),
});

/** What a witness keeps between two visits. */
export type WitnessContent = z.infer<typeof contentSchema>;

/** The file of a witness: checkpoints out of the portal's reach. */
export class WitnessFile {
  constructor(readonly path: string) {}

  /**
   * What was kept; undefined when there is no file yet.
   *
   * @throws Error when the file is there but is not what a witness writes
   */
  async read(): Promise<WitnessContent | undefined> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        return undefined;
      }
      throw new Error(`Could not read ${this.path}: ${String(error)}`);
    }
    const content = parseWitnessContent(text);
    if (!content) {
      throw new Error(
        `${this.path} is not a file of portico audit witness: give another one with --keep`,
      );
    }
    return content;
  }

  /** Written beside and moved over, so that a killed command leaves the old one. */
  async write(content: WitnessContent): Promise<void> {
    const draft = `${this.path}.${randomUUID()}`;
    try {
      await writeFile(draft, `${JSON.stringify(content, undefined, 2)}\n`, {
        flag: 'wx',
        flush: true,
      });
      await rename(draft, this.path);
    } catch (error) {
      await rm(draft, { force: true });
      throw new Error(`Could not write ${this.path}: ${String(error)}`);
    }
  }
}

/** Reads the text of a witness file; undefined for any other text. */
export function parseWitnessContent(text: string): WitnessContent | undefined {
  try {
    return contentSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
