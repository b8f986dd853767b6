import { type Config } from '@backstage/config';
import { isError } from '@backstage/errors';
import { readSystems } from '@portico/plugin-bindings-node';
import { type OperationCheck } from '@portico/plugin-operation-node';
import { askAddress } from './askAddress';

/** Where a system of a kind says that it is there, without a sign-in. */
const statePaths: Readonly<Record<string, string>> = {
  argocd: '/api/version',
  kubernetes: '/version',
  prometheus: '/-/ready',
  grafana: '/api/health',
};

interface Address {
  name: string;
  url: string;
  certificateAuthority?: string;
}

/** Whether Git hosts and the systems of the bindings can be reached. */
export function createAddressChecks(config: Config): OperationCheck[] {
  return [
    {
      name: 'git hosts',
      look: signal => lookAt(readGitHosts(config), signal, 'integrations'),
    },
    {
      name: 'external systems',
      look: signal =>
        lookAt(
          [...readSystems(config).values()].map(system => ({
            ...system,
            url:
              system.url.replace(/\/+$/, '') + (statePaths[system.kind] ?? ''),
          })),
          signal,
          'bindings.systems',
        ),
    },
  ];
}

function readGitHosts(config: Config): Address[] {
  const portal = config.getString('app.baseUrl');
  const usual = {
    gitea: undefined,
    github: 'https://github.com',
    gitlab: 'https://gitlab.com',
  };
  return Object.entries(usual).flatMap(([kind, url]) =>
    (config.getOptionalConfigArray(`integrations.${kind}`) ?? []).flatMap(
      one => {
        const host = one.getString('host');
        const base =
          one.getOptionalString('baseUrl') ?? url ?? `https://${host}`;
        // The embedded host is the portal itself.
        return base.startsWith(portal) ? [] : [{ name: host, url: base }];
      },
    ),
  );
}

async function lookAt(
  addresses: Address[],
  signal: AbortSignal,
  key: string,
): Promise<Awaited<ReturnType<OperationCheck['look']>>> {
  const silent = (
    await Promise.all(
      addresses.map(async ({ name, url, certificateAuthority }) => {
        try {
          const { status } = await askAddress(url, {
            signal,
            certificateAuthority,
          });
          // Asking for a sign-in is an answer.
          return status < 500 ? [] : [`${name} (HTTP ${status})`];
        } catch (error) {
          return [`${name} (${isError(error) ? reasonOf(error) : error})`];
        }
      }),
    )
  ).flat();
  return silent.length === 0
    ? { status: 'ok', found: `${addresses.length} configured, all answer` }
    : {
        status: 'failed',
        found: `${silent.length} of ${
          addresses.length
        } do not answer: ${silent.join(', ')}`,
        hint: `Check the addresses in ${key}, the network policy, and those systems`,
      };
}

function reasonOf(error: Error & { code?: unknown }): string {
  return typeof error.code === 'string' ? error.code : error.message;
}
