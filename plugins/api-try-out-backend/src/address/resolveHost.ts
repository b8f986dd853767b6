import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { NotAllowedError } from '@backstage/errors';
import { type AddressPolicy } from './AddressPolicy';

/** Finds the addresses of a host; the system's resolver unless told. */
export type LookUp = (
  host: string,
) => Promise<Array<{ address: string; family: number }>>;

const LOOKUP_TIMEOUT_MS = 5_000;

/** Asks the resolver of the system. */
export const systemLookUp: LookUp = host => lookup(host, { all: true });

/** A host whose name leads to no address. */
export class HostNotFoundError extends Error {}

/**
 * The address to connect to, checked. The connection has to go to this very address: the
 * name may lead elsewhere a moment later.
 *
 * @throws NotAllowedError when the name leads to any address that may not be asked
 */
export async function resolveHost(
  hostname: string,
  policy: AddressPolicy,
  lookUp: LookUp,
): Promise<{ address: string; family: number }> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const literal = isIP(host);
  const found =
    literal === 0
      ? await within(LOOKUP_TIMEOUT_MS, lookUp(host), host)
      : [{ address: host, family: literal }];
  const [first] = found;
  if (!first) {
    throw new HostNotFoundError(`The name ${host} leads to no address.`);
  }
  // One private address among public ones is reason enough.
  if (!found.every(({ address }) => policy.allows(address))) {
    throw new NotAllowedError(
      `${host} leads to an address inside of a private network, and requests go to public ones only; the platform team can allow a network (apiTryOut.privateNetworks)`,
    );
  }
  return first;
}

async function within<T>(
  milliseconds: number,
  work: Promise<T>,
  host: string,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      work.catch(() => {
        throw new HostNotFoundError(`The name ${host} leads to no address.`);
      }),
      new Promise<never>((_, reject) => {
        timer = setTimeout(
          () =>
            reject(
              new HostNotFoundError(
                `The address of ${host} was not found in time.`,
              ),
            ),
          milliseconds,
        );
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
