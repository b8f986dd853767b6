import { type TenancyService } from '@portico/plugin-tenancy-node';

/** Tells whether somebody is a member now; who was disabled is none any more. */
export async function isMember(
  tenancy: Pick<TenancyService, 'directory'>,
  userRef: string,
): Promise<boolean> {
  // Erasures are rare, so that reading the whole directory does not matter.
  const entities = await tenancy.directory.entities();
  return entities.some(
    ({ tenant, entity }) =>
      entity.kind === 'User' &&
      userRef === `user:${tenant}/${entity.metadata.name}`,
  );
}
