import { type JsonObject } from '@backstage/types';
import { z } from 'zod';
import { type DirectoryPerson } from '../directory/writePerson';
import { storableText } from '../service/storableText';
import { ScimError } from './ScimError';
import { type PatchableAttributes } from './scimPatch';

/** URN of the schema of people. */
export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** What a patch of a person can change. */
export const userAttributes: PatchableAttributes = {
  simple: ['userName', 'externalId', 'displayName', 'active'],
  complex: ['name'],
  multiValued: ['emails'],
};

const text = z.string().min(1).max(200).transform(storableText);

/** Entra ID sends words for truth values in some operations. */
const flag = z.union([
  z.boolean(),
  z
    .stringFormat('flag', /^(true|false)$/i)
    .transform(word => word.toLowerCase() === 'true'),
]);

/** What is read of a person; all other attributes are left out. */
export const scimUserSchema = z.object({
  userName: z.string().min(1).max(300).transform(storableText),
  externalId: z.string().min(1).max(300).transform(storableText).nullish(),
  displayName: text.nullish(),
  active: flag.default(true),
  name: z
    .object({
      formatted: text.nullish(),
      givenName: text.nullish(),
      familyName: text.nullish(),
    })
    .nullish(),
  emails: z
    .array(
      z.object({
        value: z.email('is no e-mail address').max(320).nullish(),
        type: z.string().max(50).nullish(),
        primary: flag.nullish(),
      }),
    )
    .max(20)
    .nullish(),
});
type ScimUser = z.output<typeof scimUserSchema>;

/** A person as the tables hold them. */
export const personRowSchema = z.object({
  id: z.string(),
  member: z.string(),
  user_name: z.string(),
  external_id: z.string().nullable(),
  given_name: z.string().nullable(),
  family_name: z.string().nullable(),
  display_name: z.string(),
  email: z.string().nullable(),
  active: z.boolean(),
  version: z.number(),
  created_at: z.date(),
  changed_at: z.date(),
});
export type PersonRow = z.infer<typeof personRowSchema>;

/** Reads a person from the body of a request, or from what a patch made of one. */
export function readScimUser(body: unknown): DirectoryPerson {
  const parsed = scimUserSchema.safeParse(body);
  if (!parsed.success) {
    throw new ScimError(
      400,
      `The user is wrong: ${z.prettifyError(parsed.error)}`,
      'invalidValue',
    );
  }
  const user = parsed.data;
  const names = [user.name?.givenName, user.name?.familyName].filter(Boolean);
  return {
    userName: user.userName,
    displayName:
      user.displayName ??
      user.name?.formatted ??
      (names.length > 0
        ? names.join(' ').slice(0, 200)
        : user.userName.slice(0, 200)),
    active: user.active,
    ...(user.externalId && { externalId: user.externalId }),
    ...(user.name?.givenName && { givenName: user.name.givenName }),
    ...(user.name?.familyName && { familyName: user.name.familyName }),
    ...emailOf(user),
  };
}

/** The one address that Portico keeps: the primary one, that for work, or the first. */
function emailOf(user: ScimUser): { email?: string } {
  const emails = (user.emails ?? []).filter(email => email.value);
  const email =
    emails.find(({ primary }) => primary) ??
    emails.find(({ type }) => type?.toLowerCase() === 'work') ??
    emails[0];
  return email?.value ? { email: email.value } : {};
}

/** A person as SCIM shows them. */
export function toScimUser(row: PersonRow, address: string): JsonObject {
  return {
    schemas: [USER_SCHEMA],
    id: row.id,
    ...(row.external_id !== null && { externalId: row.external_id }),
    userName: row.user_name,
    displayName: row.display_name,
    name: {
      formatted: row.display_name,
      ...(row.given_name !== null && { givenName: row.given_name }),
      ...(row.family_name !== null && { familyName: row.family_name }),
    },
    ...(row.email !== null && {
      emails: [{ value: row.email, type: 'work', primary: true }],
    }),
    active: row.active,
    meta: {
      resourceType: 'User',
      created: row.created_at.toISOString(),
      lastModified: row.changed_at.toISOString(),
      location: `${address}/Users/${row.id}`,
      version: versionTag(row.version),
    },
  };
}

/** The ETag of a resource. */
export function versionTag(version: number): string {
  return `W/"${version}"`;
}
