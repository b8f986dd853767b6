import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** What runs, and how it is talked to. The credentials are made by each start. */
export const bedStateSchema = z.strictObject({
  etcd: z.object({ url: z.string() }).optional(),
  kubernetes: z
    .object({
      url: z.string(),
      /** Of a member of `system:masters`. */
      token: z.string(),
      certificateAuthority: z.string(),
      kubeconfig: z.string(),
    })
    .optional(),
  kwok: z.object({ nodes: z.array(z.string()) }).optional(),
  redis: z.object({ address: z.string() }).optional(),
  argocd: z
    .object({
      url: z.string(),
      /** Of the administrator. */
      token: z.string(),
      /** The cluster that applications are deployed to. */
      cluster: z.string(),
    })
    .optional(),
  postgres: z.object({ port: z.number(), password: z.string() }).optional(),
  gitea: z
    .object({
      url: z.string(),
      /** Of the administrator `bed`. */
      token: z.string(),
    })
    .optional(),
  nats: z.object({ url: z.string(), token: z.string() }).optional(),
  opa: z.object({ url: z.string() }).optional(),
  /** Its own API. */
  toxiproxy: z.object({ url: z.string() }).optional(),
});
export type BedState = z.infer<typeof bedStateSchema>;
export type BedSystemName = keyof BedState;

/** Names the file with the state of the bed that tests run on. */
export const BED_STATE_VARIABLE = 'PORTICO_BED_STATE';

/** What runs; nothing when no bed was started. */
export function readBedState(path = process.env[BED_STATE_VARIABLE]): BedState {
  return path === undefined || !existsSync(path)
    ? {}
    : bedStateSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}
