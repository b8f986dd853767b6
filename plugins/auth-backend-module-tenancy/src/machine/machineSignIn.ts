import { AuthenticationError } from '@backstage/errors';
import {
  createProxyAuthenticator,
  type SignInResolver,
} from '@backstage/plugin-auth-node';
import {
  anonymousAuditContext,
  type AuditContext,
} from '@portico/plugin-audit-node';
import { type MachineScope } from '@portico/plugin-tenancy-common';
import {
  issueSessionToken,
  type TenancyService,
} from '@portico/plugin-tenancy-node';

/** Request header with the machine token. */
export const MACHINE_TOKEN_HEADER = 'x-portico-machine-token';

/** Longer texts are no tokens; they are not looked up. */
const MAX_TOKEN_LENGTH = 300;

/** The machine that a token stands for. */
export interface Machine {
  userRef: string;
  scopes: MachineScope[];
  /** The request, for the audit. */
  by: AuditContext;
}

/** Looks up the machine whose token the request carries. */
export function createMachineAuthenticator(options: {
  tenancy: Pick<TenancyService, 'directory'>;
}) {
  const { tenancy } = options;
  return createProxyAuthenticator<undefined, Machine, undefined>({
    defaultProfileTransform: async () => ({ profile: {} }),
    initialize: () => undefined,
    async authenticate({ req }) {
      const token = req.header(MACHINE_TOKEN_HEADER);
      if (token === undefined) {
        throw new AuthenticationError(
          `No machine token was sent: put it into the header ${MACHINE_TOKEN_HEADER}`,
        );
      }
      if (token.length > MAX_TOKEN_LENGTH || !token.startsWith('portico_')) {
        throw new AuthenticationError(
          `The header ${MACHINE_TOKEN_HEADER} holds no machine token: it starts with portico_`,
        );
      }
      const by = anonymousAuditContext(req);
      const machine = await tenancy.directory.findByMachineToken(token, by);
      return { result: { ...machine, by } };
    },
  });
}

/** Exchanges a machine token for a short-lived user token of the machine's user. */
export function createMachineSignInResolver(options: {
  tenancy: Pick<TenancyService, 'sessions'>;
}): SignInResolver<Machine> {
  const { tenancy } = options;
  return async ({ result: { userRef, scopes, by } }, issuer) =>
    issueSessionToken({
      tenancy,
      issuer,
      userRef,
      method: 'machine-token',
      scopes,
      by,
    });
}
