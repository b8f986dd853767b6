import { type Config } from '@backstage/config';
import {
  type OperationCheck,
  type OperationFinding,
} from '@portico/plugin-operation-node';
import { z } from 'zod';
import { askAddress } from './askAddress';

const CLOCK_WARNING_SECONDS = 30;

const discoverySchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
});

/** Whether people can sign in: the provider's description and keys can be had. */
export function createIdentityProviderCheck(options: {
  config: Config;
  now: () => Date;
}): OperationCheck {
  const environment = options.config.getOptionalString('auth.environment');
  const url = options.config.getOptionalString(
    `auth.providers.oidc.${environment}.metadataUrl`,
  );
  return {
    name: 'identity provider',
    look: signal =>
      url === undefined
        ? Promise.resolve({
            status: 'warning',
            found: 'None is configured: people sign in as personas',
            hint: 'In production set auth.providers.oidc',
          })
        : lookAtProvider(url, signal, options.now),
  };
}

async function lookAtProvider(
  url: string,
  signal: AbortSignal,
  now: () => Date,
): Promise<OperationFinding> {
  const hint =
    'Check AUTH_OIDC_METADATA_URL, and that the portal can reach the provider';
  const { status, body, at } = await askAddress(url, { signal });
  if (status !== 200) {
    return {
      status: 'failed',
      found: `Its description is HTTP ${status}`,
      hint,
    };
  }
  const discovery = discoverySchema.safeParse(parseJson(body));
  if (!discovery.success) {
    return {
      status: 'failed',
      found: 'What it answers is no OpenID Connect description',
      hint,
    };
  }
  const { issuer, jwks_uri: keys } = discovery.data;
  const answer = await askAddress(keys, { signal });
  if (answer.status !== 200) {
    return {
      status: 'failed',
      found: `Its keys are HTTP ${answer.status}`,
      hint,
    };
  }
  const seconds = at ? Math.abs(now().getTime() - at.getTime()) / 1000 : 0;
  return seconds > CLOCK_WARNING_SECONDS
    ? {
        status: 'warning',
        found: `${issuer} answers; its clock is ${Math.round(seconds)} s apart`,
        hint: 'Switch on time synchronisation: tokens look expired or not yet valid',
      }
    : { status: 'ok', found: `${issuer} answers, and gives its keys` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
