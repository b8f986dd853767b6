import { z } from 'zod';
import { apiMethods } from './ApiDescription';

/*
 * The HTTP API below `/api/api-try-out`; another tenant's API is answered like none.
 *
 * | route                                  | body              | answer                |
 * | -------------------------------------- | ----------------- | --------------------- |
 * | GET  /apis/:namespace/:name/servers    |                   | tryOutServerListSchema |
 * | POST /apis/:namespace/:name/requests   | tryOutRequestSchema | tryOutResultSchema   |
 */

/** Bytes of a body, in both directions. */
export const MOST_BODY_BYTES = 1024 * 1024;

/** A server that requests can be sent to, or why they cannot. */
export const tryOutServerSchema = z.object({
  /** Names it in a request. */
  id: z.string(),
  url: z.string(),
  /** Text of the definition. */
  description: z.string().optional(),
  /** Where it comes from: the definition, or what the local runtime runs. */
  source: z.enum(['definition', 'local-runtime']),
  /** With `local-runtime`. */
  environment: z.string().optional(),
  /** Absent where requests are allowed. */
  refusal: z.string().optional(),
});
export type TryOutServer = z.infer<typeof tryOutServerSchema>;

/** Answer to `GET /apis/:namespace/:name/servers`. */
export const tryOutServerListSchema = z.object({
  items: z.array(tryOutServerSchema),
});
export type TryOutServerList = z.infer<typeof tryOutServerListSchema>;

const name = z.string().min(1).max(200);
const value = z.string().max(8_192);

/** A request to send. Paths and addresses come from the definition alone. */
export const tryOutRequestSchema = z.strictObject({
  server: z.string().max(200),
  method: z.enum(apiMethods),
  /** As the definition has it: `/v1/orders/{id}`. */
  path: z.string().max(1_000),
  pathParameters: z.record(name, value).default({}),
  query: z
    .array(z.tuple([name, value]))
    .max(100)
    .default([]),
  /** Headers that the operation or a security scheme names. */
  headers: z
    .array(z.tuple([name, value]))
    .max(50)
    .default([]),
  body: z
    .strictObject({
      mediaType: z.string().max(200),
      text: z
        .string()
        .refine(
          text => new TextEncoder().encode(text).length <= MOST_BODY_BYTES,
          'is larger than 1 MiB',
        ),
    })
    .optional(),
});
export type TryOutRequest = z.input<typeof tryOutRequestSchema>;
export type CheckedTryOutRequest = z.output<typeof tryOutRequestSchema>;

/** What came back. */
export const tryOutResultSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('answered'),
    /** Address that was asked, without secrets in its query. */
    url: z.string(),
    status: z.number().int(),
    statusText: z.string(),
    headers: z.array(z.tuple([z.string(), z.string()])),
    /** Absent where it is no text. */
    text: z.string().optional(),
    bytes: z.number().int().nonnegative(),
    /** True where only the first MiB was read. */
    cut: z.boolean(),
    milliseconds: z.number().nonnegative(),
  }),
  /** The server could not be reached, or took too long. */
  z.object({
    outcome: z.literal('failed'),
    url: z.string(),
    reason: z.string(),
    milliseconds: z.number().nonnegative(),
  }),
]);
export type TryOutResult = z.infer<typeof tryOutResultSchema>;
