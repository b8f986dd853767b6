import { type JsonObject } from '@backstage/types';
import { z } from 'zod';
import {
  type DirectoryGroup,
  MOST_GROUP_MEMBERS,
} from '../directory/writeGroup';
import { storableText } from '../service/storableText';
import { ScimError } from './ScimError';
import { type PatchableAttributes } from './scimPatch';
import { versionTag } from './scimUser';

/** URN of the schema of groups. */
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** What a patch of a group can change. */
export const groupAttributes: PatchableAttributes = {
  simple: ['displayName', 'externalId'],
  complex: [],
  multiValued: ['members'],
};

const scimGroupSchema = z.object({
  displayName: z.string().min(1).max(200).transform(storableText),
  externalId: z.string().min(1).max(300).transform(storableText).nullish(),
  members: z
    .array(z.object({ value: z.uuid('is no id that Portico gave') }))
    .max(MOST_GROUP_MEMBERS)
    .nullish(),
});

/** A group as the tables hold it. */
export const scimGroupRowSchema = z.object({
  id: z.string(),
  external_id: z.string().nullable(),
  display_name: z.string(),
  version: z.number(),
  created_at: z.date(),
  changed_at: z.date(),
});

/** Who is in a group: people, and groups below it. */
export interface ScimGroupMember {
  id: string;
  kind: 'User' | 'Group';
  title: string;
}

export type ScimGroupRow = z.infer<typeof scimGroupRowSchema> & {
  /** Undefined where nobody asked for them. */
  members?: ScimGroupMember[];
};

/** What a request says of a group; who is a person and who a group, the tables tell. */
export type ScimGroup = Pick<DirectoryGroup, 'displayName' | 'externalId'> & {
  members: string[];
};

/** Reads a group from the body of a request, or from what a patch made of one. */
export function readScimGroup(body: unknown): ScimGroup {
  const parsed = scimGroupSchema.safeParse(body);
  if (!parsed.success) {
    throw new ScimError(
      400,
      `The group is wrong: ${z.prettifyError(parsed.error)}`,
      'invalidValue',
    );
  }
  const { displayName, externalId, members } = parsed.data;
  return {
    displayName,
    ...(externalId && { externalId }),
    members: [...new Set((members ?? []).map(({ value }) => value))],
  };
}

/** A group as SCIM shows it. */
export function toScimGroup(row: ScimGroupRow, address: string): JsonObject {
  return {
    schemas: [GROUP_SCHEMA],
    id: row.id,
    ...(row.external_id !== null && { externalId: row.external_id }),
    displayName: row.display_name,
    ...(row.members && {
      members: row.members.map(member => ({
        value: member.id,
        type: member.kind,
        display: member.title,
        $ref: `${address}/${member.kind}s/${member.id}`,
      })),
    }),
    meta: {
      resourceType: 'Group',
      created: row.created_at.toISOString(),
      lastModified: row.changed_at.toISOString(),
      location: `${address}/Groups/${row.id}`,
      version: versionTag(row.version),
    },
  };
}
