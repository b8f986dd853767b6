import { type DemoOrganisation, entityRefOf } from './organisations';

/** Whose past is made up, and by whom it was done; people and components by their refs. */
export interface DemoHistory {
  tenant: string;
  components: Array<{
    ref: string;
    developers: string[];
    approvers: string[];
  }>;
}

const running = new Set([
  'typescript-service',
  'typescript-worker',
  'static-site',
]);

/** The components of an organisation that are delivered, with the people of their teams. */
export function historyOf(organisation: DemoOrganisation): DemoHistory {
  const { id: tenant, people, things } = organisation;
  const refsOf = (role: 'developer' | 'approver', team?: string) =>
    Object.entries(people)
      .filter(
        ([, { roles = [], groups = [] }]) =>
          roles.includes(role) && (team === undefined || groups.includes(team)),
      )
      .map(([name]) => `user:${tenant}/${name}`);
  return {
    tenant,
    components: things
      .filter(({ template }) => running.has(template))
      .map(thing => ({
        ref: entityRefOf(tenant, thing),
        developers: refsOf('developer', thing.owner),
        approvers: refsOf('approver'),
      })),
  };
}
