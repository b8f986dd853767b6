import { readFileSync } from 'node:fs';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  createTenantSchema,
  principalNameSchema,
  putGroupSchema,
  putMemberSchema,
  tenantRoles,
} from '@portico/plugin-tenancy-common';
import Ajv from 'ajv';
import { parse } from 'yaml';
import {
  creatorOf,
  entityRefOf,
  formValues,
  organisations,
} from './organisations';

const templateOf = (name: string) =>
  parse(
    readFileSync(
      resolvePackagePath(
        '@portico/demo',
        `../../templates/${name}/template.yaml`,
      ),
      'utf8',
    ),
  );

describe.each(organisations)('$title', organisation => {
  const { id, title, groups, people, things } = organisation;

  it('is a tenant with groups and people that the portal takes', () => {
    createTenantSchema.parse({ id, title });
    for (const [name, group] of Object.entries(groups)) {
      principalNameSchema.parse(name);
      const { parent } = putGroupSchema.parse(group);
      expect(Object.keys(groups)).toEqual(
        expect.arrayContaining(parent ? [parent] : []),
      );
    }
    for (const [name, person] of Object.entries(people)) {
      principalNameSchema.parse(name);
      const { groups: memberOf } = putMemberSchema.parse(person);
      expect(Object.keys(groups)).toEqual(expect.arrayContaining(memberOf));
    }
  });

  it('has four teams, a dozen people and every role of a tenant', () => {
    const teams = Object.values(groups).filter(({ type }) => !type);
    expect(teams).toHaveLength(4);
    expect(Object.keys(people)).toHaveLength(12);
    const roles = Object.values(people).flatMap(person => person.roles);
    expect([...new Set(roles)].sort()).toEqual([...tenantRoles].sort());
  });

  it('has at least ten components, each name once', () => {
    const components = things.filter(
      ({ template }) => template !== 'domain' && template !== 'system',
    );
    expect(components.length).toBeGreaterThanOrEqual(10);
    const names = things.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(things)('answers the form of $template for $name', thing => {
    expect(groups[thing.owner]).toBeDefined();
    const { template, ...answers } = thing;
    const { parameters: pages } = templateOf(template).spec;
    const values = formValues(id, thing);
    const ajv = new Ajv({ strict: false, allErrors: true });
    for (const page of pages) {
      const validate = ajv.compile(page);
      validate(values);
      expect(validate.errors).toBeNull();
    }
    const fields = pages.flatMap((page: { properties: object }) =>
      Object.keys(page.properties),
    );
    expect(fields).toEqual(expect.arrayContaining(Object.keys(answers)));
  });

  it('names only what it makes', () => {
    const made = new Set<string>();
    for (const thing of things) {
      made.add(entityRefOf(id, thing));
      if (thing.template === 'typescript-service') {
        made.add(`api:${id}/${thing.name}-api`);
      }
      if (thing.template === 'system') {
        for (const resource of thing.resources) {
          made.add(`resource:${id}/${thing.name}-${resource}`);
        }
      }
    }
    for (const thing of things) {
      const { domain, system, consumesApis, dependsOn } = formValues(id, thing);
      const named = [domain, system, consumesApis, dependsOn].flat();
      expect([...made]).toEqual(
        expect.arrayContaining(named.filter(ref => ref !== undefined)),
      );
    }
  });

  it('has a developer in each team that owns something', () => {
    for (const { owner } of things) {
      const name = creatorOf(organisation, owner);
      expect(people[name].roles).toContain('developer');
    }
  });
});

it('has one person who belongs to both organisations', () => {
  const [first, second] = organisations.map(({ people }) =>
    Object.values(people).map(({ displayName }) => displayName),
  );
  expect(first.filter(name => second.includes(name))).toEqual(['Kim Nguyen']);
});
