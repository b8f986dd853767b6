import {
  type DirectoryKind,
  type DirectorySubject,
} from '@portico/plugin-tenancy-common';

/** The directory that owns people and groups of a tenant. */
export interface OwningDirectory {
  tenant: string;
  kind: DirectoryKind;
  /** `iss` of the people's identities. */
  issuer: string;
  /** What their `sub` is. */
  subject: DirectorySubject;
}
