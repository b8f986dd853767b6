/** Kinds of wrong requests that RFC 7644 names (section 3.12). */
export type ScimErrorType =
  | 'invalidFilter'
  | 'invalidPath'
  | 'invalidSyntax'
  | 'invalidValue'
  | 'mutability'
  | 'noTarget'
  | 'tooMany'
  | 'uniqueness';

/** An error that is answered in SCIM's form. */
export class ScimError extends Error {
  readonly status: number;
  readonly scimType: ScimErrorType | undefined;

  constructor(status: number, detail: string, scimType?: ScimErrorType) {
    super(detail);
    this.name = 'ScimError';
    this.status = status;
    this.scimType = scimType;
  }
}

const STATUS_OF: Readonly<Record<string, [number, ScimErrorType?]>> = {
  AuthenticationError: [401],
  ConflictError: [409, 'uniqueness'],
  InputError: [400, 'invalidValue'],
  NotAllowedError: [403],
  NotFoundError: [404],
};

/** What became of a request, as the form of an error; undefined for a fault of ours. */
export function toScimError(error: unknown): ScimError | undefined {
  if (error instanceof ScimError) {
    return error;
  }
  if (!(error instanceof Error)) {
    return undefined;
  }
  const known = STATUS_OF[error.name];
  if (known) {
    return new ScimError(known[0], error.message, known[1]);
  }
  // What the parser of the body refuses: too large, or no JSON.
  const status = 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500
    ? new ScimError(
        status,
        `The body could not be read: ${error.message}`,
        status === 400 ? 'invalidSyntax' : undefined,
      )
    : undefined;
}

/** The body of an error's answer. */
export function scimErrorBody(error: ScimError): object {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(error.status),
    ...(error.scimType && { scimType: error.scimType }),
    detail: error.message,
  };
}
