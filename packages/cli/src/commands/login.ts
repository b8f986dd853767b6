import { setTimeout as delay } from 'node:timers/promises';
import { deviceStartSchema } from '@portico/plugin-tenancy-common';
import { Command } from 'commander';
import { type StoredSession } from '../credentials/CredentialsFile';
import { Connection } from '../portal/Connection';
import { apiPath } from '../portal/PortalClient';
import { PortalError } from '../portal/PortalError';
import { takeDeviceGrant } from '../portal/signIn';

/** `portico login`: sign in with a browser, on this machine or another. */
export function createLoginCommand(): Command {
  return new Command('login')
    .description('sign in: prints a code to approve in the browser')
    .action(async (_options, command: Command) => {
      const connection = await Connection.create(command);
      const { anonymous, credentials, output } = connection;
      const request = await anonymous.call(
        apiPath`/device/start`,
        deviceStartSchema,
        { method: 'POST', body: {} },
      );
      output.remark(
        `Open ${request.verificationUri}\nand approve the request if it shows the code ${request.userCode}`,
      );

      const deadline = Date.now() + request.expiresIn * 1000;
      let session: StoredSession | undefined;
      while (!session) {
        await delay(request.interval * 1000);
        if (Date.now() >= deadline) {
          throw new PortalError(
            'Nobody approved the request in time: run portico login again',
          );
        }
        session = await takeDeviceGrant(anonymous, request.deviceCode);
      }

      await credentials.keep(anonymous.url, session);
      const expiresAt = new Date(session.expiresAt * 1000).toISOString();
      output.item(
        { url: anonymous.url, userRef: session.userRef, expiresAt },
        {
          'Signed in as': session.userRef,
          Portal: anonymous.url,
          Until: expiresAt,
        },
      );
    });
}
