import { type SourceCommit } from '@portico/plugin-promotions-node';

const TICKET =
  /(?<![A-Za-z0-9-])([A-Z][A-Z0-9]{1,9})-([1-9]\d{0,6})(?![A-Za-z0-9-])/g;
/** Names that look the same, and are no projects. */
const others: ReadonlySet<string> = new Set([
  'AES',
  'CVE',
  'ES',
  'GHSA',
  'HTTP',
  'ISO',
  'RFC',
  'RSA',
  'SHA',
  'SHA2',
  'SHA3',
  'TLS',
  'UTF',
]);

/** Keys of tickets such as `SHOP-12` in the subject and the trailers of a commit. */
export function findTickets({
  subject,
  trailers,
}: Pick<SourceCommit, 'subject' | 'trailers'>): string[] {
  const found = [subject, ...Object.values(trailers)].flatMap(text =>
    [...text.matchAll(TICKET)].flatMap(([key, project = '']) =>
      others.has(project) ? [] : [key],
    ),
  );
  return [...new Set(found)];
}
