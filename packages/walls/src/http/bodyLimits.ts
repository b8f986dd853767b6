import express, { type RequestHandler } from 'express';
import { InputError } from '@backstage/errors';
import { ordinaryBody, type RouteBody } from '../routes/Route';
import { jsonDepth } from './jsonDepth';

/** Query parameters that hold JSON in Base64, such as cursors, may nest this deep. */
const MOST_QUERY_DEPTH = 24;

/** The error of Backstage's shape with the status that fits. */
class UnsupportedMediaTypeError extends InputError {
  readonly statusCode = 415;
}

/**
 * Reads and limits the body of a request by its route, before any plugin sees it. The
 * parsers of the plugins leave alone what is parsed already, so these are *the* limits.
 */
export function createBodyLimits(): (body?: RouteBody) => RequestHandler {
  const handlers = new Map<RouteBody, RequestHandler>();
  return (body = ordinaryBody) => {
    const known = handlers.get(body);
    if (known) {
      return known;
    }
    const handler = createHandler(body);
    handlers.set(body, handler);
    return handler;
  };
}

function createHandler(body: RouteBody): RequestHandler {
  switch (body.kind) {
    case 'raw':
      return (_req, _res, next) => next();
    case 'form':
      return express.urlencoded({ extended: false, limit: '64kb' });
    case 'json': {
      const parse = express.json({
        limit: body.bytes,
        verify: (_req, _res, bytes) => checkDepth(bytes, body.depth),
      });
      return (req, res, next) => {
        if (hasBody(req.headers) && !req.is('json')) {
          next(
            new UnsupportedMediaTypeError(
              'The body must be JSON with the content type application/json',
            ),
          );
          return;
        }
        parse(req, res, next);
      };
    }
    default: {
      const impossible: never = body;
      throw new Error(`Unknown kind of body ${JSON.stringify(impossible)}`);
    }
  }
}

/**
 * Refuses query parameters that hold deeply nested JSON, plain or in Base64.
 *
 * @throws InputError
 */
export function checkQueryDepth(query: string) {
  for (const value of new URLSearchParams(query).values()) {
    const decoded = Buffer.from(value, 'base64');
    if (
      (decoded[0] === 0x7b && jsonDepth(decoded) > MOST_QUERY_DEPTH) ||
      jsonDepth(Buffer.from(value)) > MOST_QUERY_DEPTH
    ) {
      throw new InputError(
        `A query parameter is nested more than ${MOST_QUERY_DEPTH} levels deep`,
      );
    }
  }
}

function checkDepth(bytes: Uint8Array, most: number) {
  if (jsonDepth(bytes) > most) {
    // Body parsers turn an error without a status into 403.
    throw Object.assign(
      new InputError(`The body is nested more than ${most} levels deep`),
      { status: 400 },
    );
  }
}

function hasBody(headers: Record<string, unknown>): boolean {
  return (
    headers['transfer-encoding'] !== undefined ||
    (headers['content-length'] !== undefined &&
      headers['content-length'] !== '0')
  );
}
