import { InputError } from '@backstage/errors';
import {
  type ApiDescription,
  type ApiOperation,
  type CheckedTryOutRequest,
} from '@portico/plugin-api-try-out-common';

/** A request as it goes out. */
export interface OutgoingRequest {
  method: string;
  url: URL;
  /** What may be shown and recorded: without values of the query. */
  shownUrl: string;
  headers: Record<string, string>;
  body?: string;
}

/** Belong to the connection or to the portal, whatever a definition says. */
const ownHeaders =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-length|expect|cookie|set-cookie|origin|referer|forwarded|x-forwarded-.*|x-real-ip|via|x-portico-.*|x-backstage-.*|accept-encoding|content-type|sec-.*)$/i;
const headerName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
// Tabs and printable characters, no ends of lines.
const headerValue = /^[\t\x20-\x7e]*$/;

/**
 * Makes the request that was asked for, of an operation that the definition has and at a
 * server of it.
 *
 * @param server - absolute address of the server
 * @throws InputError when the definition has no such operation, parameter or header
 */
export function checkRequest(
  api: ApiDescription,
  server: URL,
  asked: CheckedTryOutRequest,
): OutgoingRequest {
  const operation = api.operations.find(
    ({ method, path }) => method === asked.method && path === asked.path,
  );
  if (!operation) {
    throw new InputError(
      `The definition has no operation ${asked.method.toUpperCase()} ${
        asked.path
      }`,
    );
  }
  const path = fillPath(operation, asked.pathParameters);
  const base = server.pathname.replace(/\/+$/, '');
  const url = new URL(server.origin);
  url.pathname = `${base}${path}`;
  // A parser that shortened the path would have left the operation.
  if (url.pathname !== `${base}${path}`) {
    throw new InputError('The path of the request cannot be written as it is');
  }
  const shownUrl = `${url.origin}${url.pathname}`;
  for (const [name, value] of asked.query) {
    requireKnown(api, operation, 'query', name);
    url.searchParams.append(name, value);
  }
  const headers: Record<string, string> = {
    accept: '*/*',
    'accept-encoding': 'identity',
    'user-agent': 'Portico',
  };
  for (const [name, value] of asked.headers) {
    requireKnown(api, operation, 'header', name);
    if (!headerName.test(name) || ownHeaders.test(name)) {
      throw new InputError(`The header ${name} is not sent`);
    }
    if (!headerValue.test(value)) {
      throw new InputError(
        `The header ${name} has characters that no header may have`,
      );
    }
    headers[name.toLowerCase()] = value;
  }
  if (asked.body) {
    const { mediaType, text } = asked.body;
    const known = operation.requestBody?.contents.some(
      content => content.mediaType === mediaType,
    );
    if (!known || !headerValue.test(mediaType)) {
      throw new InputError(`The operation takes no body of ${mediaType}`);
    }
    headers['content-type'] = mediaType;
    return {
      method: asked.method.toUpperCase(),
      url,
      shownUrl,
      headers,
      body: text,
    };
  }
  return { method: asked.method.toUpperCase(), url, shownUrl, headers };
}

function fillPath(
  operation: ApiOperation,
  values: Readonly<Record<string, string>>,
): string {
  return operation.path.replace(/\{([^{}]+)\}|[^{}]+/g, (text, name) => {
    if (name === undefined) {
      return text
        .split('/')
        .map((part: string) => encodeURIComponent(safeDecode(part)))
        .join('/');
    }
    const value = Object.hasOwn(values, name) ? values[name] : '';
    // Dots alone would climb, and nothing would be another operation.
    if (value === '' || /^\.{1,2}$/.test(value)) {
      throw new InputError(
        `The parameter ${name} of the path needs a value other than ${JSON.stringify(
          value,
        )}`,
      );
    }
    return encodeURIComponent(value);
  });
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function requireKnown(
  api: ApiDescription,
  operation: ApiOperation,
  place: 'query' | 'header',
  name: string,
): void {
  const same = (known: { in: string; name: string }) =>
    known.in === place &&
    (place === 'header'
      ? known.name.toLowerCase() === name.toLowerCase()
      : known.name === name);
  if (!operation.parameters.some(same) && !api.credentials.some(same)) {
    throw new InputError(`The operation has no ${place} parameter ${name}`);
  }
}
