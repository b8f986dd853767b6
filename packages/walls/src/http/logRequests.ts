import { type Request, type RequestHandler } from 'express';

/**
 * The stock log line of each request, without the query: a sign-in carries its code there.
 *
 * @param stock - `middleware.logging()` of the stock server
 */
export function logRequests(stock: RequestHandler): RequestHandler {
  return (req, res, next) => {
    // The line is written when the answer is, from what the stock handler holds; all
    // else in it is the request itself.
    const shown: Request = Object.create(req, {
      originalUrl: { value: withoutQuery(req.originalUrl) },
      headers: {
        value: {
          ...req.headers,
          ...(req.headers.referer && {
            referer: withoutQuery(req.headers.referer),
          }),
          referrer: undefined,
        },
      },
    });
    stock(shown, res, next);
  };
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '');
}
