import { sourceListSchema } from '@portico/plugin-tenancy-common';
import { type CredentialsFile } from '../credentials/CredentialsFile';
import { describeError } from '../output/describeError';
import { type Connection, whoami } from '../portal/Connection';
import { apiPath, type PortalClient } from '../portal/PortalClient';
import { type Check } from './Check';

/** Tokens on this machine are nobody else's. */
export async function checkCredentialsFile(
  credentials: CredentialsFile,
): Promise<Check> {
  const name = 'credentials';
  return (await credentials.isPrivate())
    ? { name, status: 'ok', found: credentials.file }
    : {
        name,
        status: 'warning',
        found: `${credentials.file} can be read by others`,
        hint: `chmod 600 ${credentials.file}`,
      };
}

/** Whether the token is good, and who it stands for. */
export async function checkSession(
  connection: Connection,
): Promise<
  | { checks: Check[]; client?: undefined }
  | { checks: Check[]; client: PortalClient; tenant: string; roles: string[] }
> {
  const name = 'token';
  const hint =
    connection.machineToken === undefined
      ? 'Run portico login'
      : 'Check PORTICO_TOKEN: it may be mistyped, expired or revoked';
  let client: PortalClient;
  try {
    client = await connection.signedIn();
  } catch (error) {
    return {
      checks: [{ name, status: 'failed', found: describeError(error), hint }],
    };
  }
  const token: Check = {
    name,
    status: 'ok',
    found:
      connection.machineToken === undefined
        ? 'from portico login'
        : 'a machine token, exchanged',
  };
  try {
    const me = await whoami(client);
    return {
      client,
      tenant: me.tenant.id,
      roles: me.roles,
      checks: [
        token,
        {
          name: 'session',
          status: 'ok',
          found: `${me.userRef} (${me.roles.join(', ') || 'no role'})`,
        },
      ],
    };
  } catch (error) {
    return {
      checks: [
        token,
        {
          name: 'session',
          status: 'failed',
          found: describeError(error),
          hint,
        },
      ],
    };
  }
}

/** Sources of the active tenant that were not read, or not wholly. */
export async function checkSources(
  client: PortalClient,
  tenant: string,
): Promise<Check> {
  const name = 'sources';
  try {
    const { items } = await client.call(
      apiPath`/tenants/${tenant}/sources`,
      sourceListSchema,
    );
    const troubled = items.filter(
      ({ lastScan }) =>
        lastScan &&
        (lastScan.outcome === 'unreadable' || lastScan.refusals > 0),
    );
    return troubled.length === 0
      ? {
          name,
          status: 'ok',
          found: `${items.length} in ${tenant}, none with refusals`,
        }
      : {
          name,
          status: 'warning',
          found: `${troubled.length} of ${
            items.length
          } in ${tenant} with refusals or unreadable: ${troubled
            .map(source => source.name)
            .join(', ')}`,
          hint: 'portico source refusals',
        };
  } catch (error) {
    return {
      name,
      status: 'warning',
      found: describeError(error),
      hint: `Ask an administrator of ${tenant} for the right to see its sources`,
    };
  }
}
