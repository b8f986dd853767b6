import { AuthenticationError, NotAllowedError } from '@backstage/errors';
import { createProxyAuthenticator } from '@backstage/plugin-auth-node';
import {
  anonymousAuditContext,
  type AuditContext,
} from '@portico/plugin-audit-node';
import { isLoopbackHost } from './isLoopbackHost';

/** Id of the auth provider; also the key below `auth.providers`. */
export const PERSONA_PROVIDER_ID = 'persona';

/** Request header with the ref of the chosen persona. */
export const PERSONA_HEADER = 'x-portico-persona';

const USER_REF = /^user:[a-z0-9-]{2,40}\/[a-z0-9-]{1,63}$/;

/** The persona that a request asks to be. */
export interface ChosenPersona {
  userRef: string;
  /** The request, for the audit. */
  by: AuditContext;
}

/**
 * Reads the chosen persona from the request.
 *
 * A web page that resolves its own name to this machine could reach the portal from
 * a browser; so the request has to name a loopback host.
 */
export const personaAuthenticator = createProxyAuthenticator<
  undefined,
  ChosenPersona,
  undefined
>({
  defaultProfileTransform: async () => ({ profile: {} }),
  initialize: () => undefined,
  async authenticate({ req }) {
    if (!isLoopbackHost(req.headers.host)) {
      throw new NotAllowedError(
        'Personas answer only to requests for localhost: open the portal at its localhost address',
      );
    }
    const userRef = req.header(PERSONA_HEADER);
    if (userRef === undefined) {
      throw new AuthenticationError(
        `No persona was chosen: send the header ${PERSONA_HEADER}, such as user:aurora/kim`,
      );
    }
    if (!USER_REF.test(userRef)) {
      throw new NotAllowedError(
        `The header ${PERSONA_HEADER} names no persona: it must look like user:aurora/kim`,
      );
    }
    return { result: { userRef, by: anonymousAuditContext(req) } };
  },
});
