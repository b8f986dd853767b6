import { operationReportSchema } from '@portico/plugin-operation-common';
import { describeError } from '../output/describeError';
import { type PortalClient } from '../portal/PortalClient';
import { type Check } from './Check';

/** Of these the portal answers for the whole installation. */
export const OPERATION_ROLE = 'platform-admin';

/** What the portal finds when it looks at itself and at the systems around it. */
export async function checkOperation(client: PortalClient): Promise<Check[]> {
  try {
    const { checks, replica, version } = await client.call(
      '/api/operation/checks',
      operationReportSchema,
    );
    return [
      {
        name: 'installation',
        status: 'ok',
        found: `Portico ${version}, answered by ${replica}`,
      },
      ...checks,
    ];
  } catch (error) {
    return [
      {
        name: 'installation',
        status: 'failed',
        found: describeError(error),
        hint: 'Look into the log of the portal',
      },
    ];
  }
}
