import { Command } from 'commander';
import { checkClock, checkPortal } from '../doctor/portalChecks';
import { checkGit, checkNode } from '../doctor/machineChecks';
import { type Check } from '../doctor/Check';
import { checkOperation, OPERATION_ROLE } from '../doctor/operationChecks';
import {
  checkCredentialsFile,
  checkSession,
  checkSources,
} from '../doctor/sessionChecks';
import { Connection } from '../portal/Connection';

/** `portico doctor`: what is in the way, and what to do about it. */
export function createDoctorCommand(): Command {
  return new Command('doctor')
    .description(
      'check this machine, the portal and your sign-in; for administrators of the platform also the whole installation',
    )
    .action(async (_options, command: Command) => {
      const connection = await Connection.create(command);
      const { output } = connection;
      const checks: Check[] = [checkNode(process.versions.node)];
      checks.push(await checkGit());
      checks.push(await checkCredentialsFile(connection.credentials));

      const portal = await checkPortal(connection.anonymous);
      checks.push(portal.check);
      if (portal.reachable) {
        checks.push(checkClock(portal.date, new Date()));
        const session = await checkSession(connection);
        checks.push(...session.checks);
        if (session.client) {
          checks.push(await checkSources(session.client, session.tenant));
          if (session.roles.includes(OPERATION_ROLE)) {
            checks.push(...(await checkOperation(session.client)));
          }
        }
      }

      const ok = checks.every(check => check.status !== 'failed');
      if (output.format === 'json') {
        output.text({ ok, checks }, '');
      } else {
        output.list(checks, [
          { title: 'CHECK', value: check => check.name },
          { title: 'STATUS', value: check => check.status },
          { title: 'FOUND', value: check => check.found },
          { title: 'WHAT TO DO', value: check => check.hint },
        ]);
      }
      if (!ok) {
        process.exitCode = 1;
      }
    });
}
