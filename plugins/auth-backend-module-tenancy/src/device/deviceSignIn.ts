import { AuthenticationError } from '@backstage/errors';
import {
  createProxyAuthenticator,
  type SignInResolver,
} from '@backstage/plugin-auth-node';
import {
  anonymousAuditContext,
  type AuditContext,
} from '@portico/plugin-audit-node';
import {
  issueSessionToken,
  type TenancyService,
} from '@portico/plugin-tenancy-node';

/** Request header with the device code of `POST /api/tenancy/device/start`. */
export const DEVICE_CODE_HEADER = 'x-portico-device-code';

const DEVICE_CODE = /^[A-Za-z0-9_-]{16,200}$/;

/** Who approved the device's request. */
export interface DeviceGrant {
  userRef: string;
  /** When they had shown who they are: approving a device is no sign-in. */
  authenticatedAt?: number;
  /** The request, for the audit. */
  by: AuditContext;
}

/**
 * Takes the grant of a device code, once. While nobody has approved the request the
 * answer is 401, and the device asks again.
 */
export function createDeviceAuthenticator(options: {
  tenancy: Pick<TenancyService, 'directory'>;
}) {
  const { tenancy } = options;
  return createProxyAuthenticator<undefined, DeviceGrant, undefined>({
    defaultProfileTransform: async () => ({ profile: {} }),
    initialize: () => undefined,
    async authenticate({ req }) {
      const code = req.header(DEVICE_CODE_HEADER);
      if (code === undefined || !DEVICE_CODE.test(code)) {
        throw new AuthenticationError(
          `The header ${DEVICE_CODE_HEADER} holds no device code: get one from POST /api/tenancy/device/start`,
        );
      }
      const by = anonymousAuditContext(req);
      const grant = await tenancy.directory.takeDeviceGrant(code, by);
      return { result: { ...grant, by } };
    },
  });
}

/** Issues a session for the person who approved the device's request. */
export function createDeviceSignInResolver(options: {
  tenancy: Pick<TenancyService, 'sessions'>;
}): SignInResolver<DeviceGrant> {
  const { tenancy } = options;
  return async ({ result: { userRef, authenticatedAt, by } }, issuer) =>
    issueSessionToken({
      tenancy,
      issuer,
      userRef,
      method: 'device',
      ...(authenticatedAt !== undefined && { authenticatedAt }),
      by,
    });
}
