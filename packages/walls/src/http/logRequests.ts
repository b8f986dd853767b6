import { type LoggerService } from '@backstage/backend-plugin-api';
import { REQUEST_ID_HEADER } from '@portico/plugin-audit-node';
import { type RequestHandler, type Response } from 'express';

/**
 * One line for each request that was answered: with the id that the audit has as well, and
 * the tenant where somebody of one asked. Without the query, because a sign-in carries its
 * code there, and without the caller's name, address and browser.
 */
export function logRequests(logger: LoggerService): RequestHandler {
  const requests = logger.child({ type: 'incomingRequest' });
  return (request, response, next) => {
    const startedAt = performance.now();
    response.once('finish', () => {
      const { method } = request;
      const { statusCode: status } = response;
      const url = request.originalUrl.replace(/[?#].*$/s, '');
      const milliseconds = Math.round(performance.now() - startedAt);
      const tenant = tenantOf(response);
      requests.info(`${method} ${url} ${status} ${milliseconds} ms`, {
        requestId: String(request.headers[REQUEST_ID_HEADER]),
        ...(tenant !== undefined && { tenant }),
        method,
        url,
        status,
        milliseconds,
      });
    });
    next();
  };
}

const tenants = new WeakMap<Response, string>();

/** Keeps for the log whose request it is. */
export function tellTenant(response: Response, tenant: string): void {
  tenants.set(response, tenant);
}

function tenantOf(response: Response): string | undefined {
  return tenants.get(response);
}
