import { InputError } from '@backstage/errors';

/**
 * Quotes a name for SQL that takes no parameters (`CREATE SCHEMA` and the like).
 *
 * @throws InputError for anything but a short lower-case name
 */
export function quoteIdentifier(name: string): string {
  if (!/^[a-z][a-z0-9_-]{0,62}$/.test(name)) {
    throw new InputError(
      `${JSON.stringify(
        name,
      )} cannot be a name in the database: expected at most 63 characters of a-z, 0-9, "_" and "-", starting with a letter`,
    );
  }
  return `"${name}"`;
}

/** The connection string of another database on the same server. */
export function withDatabase(connection: string, database: string): string {
  const url = new URL(connection);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.toString();
}

/** The connection string of another login on the same server. */
export function withLogin(
  connection: string,
  user: string,
  password: string,
): string {
  const url = new URL(connection);
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  return url.toString();
}
