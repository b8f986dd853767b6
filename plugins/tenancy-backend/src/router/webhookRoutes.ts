import { AuthenticationError, InputError } from '@backstage/errors';
import { anonymousAuditContext } from '@portico/plugin-audit-node';
import {
  isTenantId,
  sourceNameSchema,
  type WebhookResult,
} from '@portico/plugin-tenancy-common';
import express from 'express';
import { randomBytes } from 'crypto';
import { isSigned, verifyDelivery } from '../webhooks/verifyDelivery';
import { type RouterOptions } from './RouterOptions';

const MOST_BYTES = 1024 * 1024;

const REFUSED =
  'The signature of the webhook is wrong or too old, or it has no delivery id';

/** Stands in for the secret of a webhook that does not exist. */
const NO_SECRET = `whsec_${randomBytes(32).toString('base64')}`;

/** Where other systems announce pushes: public, and nothing without the right signature. */
export function addWebhookRoutes(
  router: express.Router,
  options: Pick<RouterOptions, 'webhooks' | 'events' | 'now'>,
): void {
  const { webhooks, events, now } = options;
  router.post(
    '/hooks/:tenant/:source',
    (request, _response, next) => {
      // Says no before a byte of the body is read.
      if (!isSigned(request.headers)) {
        throw new AuthenticationError(
          'The webhook is not signed: set its secret where the push comes from',
        );
      }
      next();
    },
    express.raw({ type: () => true, limit: MOST_BYTES }),
    async (request, response) => {
      const { tenant, source } = request.params;
      // Express sets {} for a request without a body.
      const body: unknown =
        request.headers['content-length'] === '0' ||
        (request.headers['content-length'] === undefined &&
          request.headers['transfer-encoding'] === undefined)
          ? Buffer.alloc(0)
          : request.body;
      if (!Buffer.isBuffer(body)) {
        throw new InputError(
          'The body of the webhook was read before its signature could be checked',
        );
      }
      const address = { tenant, source };
      const secret =
        isTenantId(tenant) && sourceNameSchema.safeParse(source).success
          ? await webhooks.findSecret(address)
          : undefined;
      const delivery = verifyDelivery({
        headers: request.headers,
        body,
        secret: secret ?? NO_SECRET,
        now: now(),
      });
      const by = anonymousAuditContext(request);
      if (secret === undefined || !delivery) {
        await webhooks.refuse(
          secret === undefined ? undefined : address,
          REFUSED,
          by,
        );
        // One answer, so that nobody learns which tenants and sources there are.
        throw new AuthenticationError(REFUSED);
      }
      // What the payload says is not looked at: the source is read itself.
      const accepted = await webhooks.remember(address, delivery, by);
      if (accepted) {
        await events.read(tenant, source);
      }
      const result: WebhookResult = { accepted };
      response.status(accepted ? 202 : 200).json(result);
    },
  );
}
