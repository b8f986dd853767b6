import { NotAllowedError } from '@backstage/errors';
import { parse } from '@portico/http-api';
import { auditContext } from '@portico/plugin-audit-node';
import {
  approveDeviceSchema,
  type DeviceStart,
  startDeviceSchema,
} from '@portico/plugin-tenancy-common';
import { type Router } from 'express';
import { DEVICE_REQUEST_LIFETIME } from '../service/DeviceRequestStore';
import { type RouterOptions } from './RouterOptions';
import { type Caller } from './TenancyAccess';

/** Seconds between two polls of a device. */
const POLL_INTERVAL = 3;

/** Devices, such as the command line, that ask a person for access. */
export function addDeviceRoutes(
  router: Router,
  options: Pick<RouterOptions, 'access' | 'config' | 'devices'>,
): void {
  const { access, devices } = options;
  const appUrl = options.config.getString('app.baseUrl').replace(/\/$/, '');

  router.post('/device/start', async (request, response) => {
    const { client } = parse(
      startDeviceSchema,
      request.body ?? {},
      'The request',
    );
    const { deviceCode, userCode } = await devices.start(client);
    const started: DeviceStart = {
      deviceCode,
      userCode,
      verificationUri: `${appUrl}/device?code=${userCode}`,
      interval: POLL_INTERVAL,
      expiresIn: DEVICE_REQUEST_LIFETIME,
    };
    response.setHeader('cache-control', 'no-store').json(started);
  });

  router.get('/device/requests/:userCode', async (request, response) => {
    const { principal } = await person(request);
    const { userCode } = parse(
      approveDeviceSchema,
      { userCode: request.params.userCode },
      'The code',
    );
    response.json(await devices.get({ userCode, userRef: principal.userRef }));
  });

  router.post('/device/approve', async (request, response) => {
    const { principal } = await person(request);
    const { userCode } = parse(
      approveDeviceSchema,
      request.body,
      'The approval',
    );
    response.json(
      await devices.approve({
        userCode,
        userRef: principal.userRef,
        membershipVersion: principal.membershipVersion,
        ...(principal.authenticatedAt && {
          authenticatedAt: principal.authenticatedAt,
        }),
        by: auditContext(request, principal),
      }),
    );
  });

  async function person(
    request: Parameters<typeof access.caller>[0],
  ): Promise<Caller> {
    const caller = await access.caller(request);
    if (caller.principal.kind !== 'person') {
      throw new NotAllowedError('A machine cannot answer for a device');
    }
    return caller;
  }
}
