import { z } from 'zod';

const startOptionsSchema = z.object({
  port: z.number().int(),
  data: z.string(),
  demo: z.boolean(),
  dev: z.boolean(),
});

/** What `npm start` was asked for. */
export type StartOptions = z.infer<typeof startOptionsSchema>;

/** Reads the options that bin/start.mjs hands over. */
export function parseStartOptions(text: string): StartOptions {
  return startOptionsSchema.parse(JSON.parse(text));
}
