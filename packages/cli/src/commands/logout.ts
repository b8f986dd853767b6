import { Command } from 'commander';
import { Connection } from '../portal/Connection';
import { apiPath, noContentSchema } from '../portal/PortalClient';
import { PortalError } from '../portal/PortalError';

/** `portico logout`: end the session at the portal and forget it here. */
export function createLogoutCommand(): Command {
  return new Command('logout')
    .description('end the session at the portal and forget it on this machine')
    .action(async (_options, command: Command) => {
      const { anonymous, credentials, output } = await Connection.create(
        command,
      );
      const session = (await credentials.read()).sessions[anonymous.url];
      if (!session) {
        output.remark(`You were not signed in at ${anonymous.url}`);
        return;
      }
      // Forgotten here in any case; an unreachable portal is still told of.
      await credentials.forget(anonymous.url);
      try {
        await anonymous
          .as(session.token)
          .call(apiPath`/session`, noContentSchema, { method: 'DELETE' });
      } catch (error) {
        if (!(error instanceof PortalError && error.status === 401)) {
          throw error;
        }
      }
      output.remark(`Signed out of ${anonymous.url}`);
    });
}
