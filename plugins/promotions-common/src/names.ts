import { z } from 'zod';

/** SHA-256 of something in canonical JSON: `sha256:` and 64 hexadecimal digits. */
export const digestSchema = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits');

/** Id of a commit. */
export const commitIdSchema = z
  .string()
  .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'must be the id of a commit');

/** Name of an environment or of a pipeline in its tenant, `staging`. */
export const environmentNameSchema = z
  .string()
  .regex(
    /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
    'must be 1 to 40 lower-case letters, digits and inner hyphens, beginning with a letter',
  );

/** Name of a gate, unique in its stage; shown to people. */
export const gateNameSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
    'must be 2 to 63 lower-case letters, digits and inner hyphens, beginning with a letter',
  );

/** Id of a promotion: a UUID of version 7, so that ids sort by time. */
export const promotionIdSchema = z.uuid();

/** Full ref of a component, `component:aurora/checkout`. */
export const componentRefSchema = z
  .string()
  .regex(
    /^component:[a-z0-9-]{2,40}\/[a-z0-9]+(?:[-_.][a-z0-9]+)*$/,
    'must be the ref of a component, as in component:aurora/checkout',
  );

/** An instant, ISO 8601 in UTC. */
export const instantSchema = z.iso.datetime();

/** A length of time, ISO 8601: `PT30M`, `P1D`. Years and months are not fixed lengths. */
export const durationSchema = z
  .string()
  .regex(
    /^P(?=\d|T\d)(?:\d{1,3}W|(?:\d{1,4}D)?(?:T(?=\d)(?:\d{1,5}H)?(?:\d{1,5}M)?(?:\d{1,6}S)?)?)$/,
    'must be a length of time such as PT30M, PT24H or P7D',
  );

/** Milliseconds of a duration that `durationSchema` accepts. */
export function durationMilliseconds(duration: string): number {
  const parts =
    /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
      durationSchema.parse(duration),
    );
  const [weeks, days, hours, minutes, seconds] = (parts ?? [])
    .slice(1)
    .map(part => Number(part ?? 0));
  return (
    ((((weeks ?? 0) * 7 + (days ?? 0)) * 24 + (hours ?? 0)) * 3600 +
      (minutes ?? 0) * 60 +
      (seconds ?? 0)) *
    1000
  );
}
