import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROXY_VARIABLES = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
];

let settings: Promise<Record<string, string>> | undefined;

/**
 * How this machine reaches packages, for the installation only: registry and proxies
 * without any credentials, and additional certificates.
 */
export function registrySettings(): Promise<Record<string, string>> {
  settings ??= readSettings();
  return settings;
}

async function readSettings(): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const name of PROXY_VARIABLES) {
    const value = process.env[name];
    if (value) {
      variables[name] =
        name.toLowerCase() === 'no_proxy'
          ? value
          : withoutCredentials(value) ?? '';
    }
  }
  if (process.env.NODE_EXTRA_CA_CERTS) {
    variables.NODE_EXTRA_CA_CERTS = process.env.NODE_EXTRA_CA_CERTS;
  }
  const registry = await run('npm', ['config', 'get', 'registry'], {
    timeout: 20_000,
    cwd: '/',
  }).then(
    ({ stdout }) => withoutCredentials(stdout.trim()),
    // npm's own default then
    () => undefined,
  );
  return registry ? { ...variables, npm_config_registry: registry } : variables;
}

/** The address without a user and a password; undefined when it is none. */
export function withoutCredentials(address: string): string | undefined {
  try {
    const url = new URL(address);
    url.username = '';
    url.password = '';
    return url.href;
  } catch {
    return undefined;
  }
}
