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
import { organisations } from './organisations';

const template = parse(
  readFileSync(
    resolvePackagePath(
      '@portico/demo',
      '../../templates/typescript-service/template.yaml',
    ),
    'utf8',
  ),
);

describe.each(organisations)(
  '$title',
  ({ id, title, groups, people, creator, components }) => {
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

    it('has every role of a tenant', () => {
      const roles = Object.values(people).flatMap(person => person.roles);
      expect([...new Set(roles)].sort()).toEqual([...tenantRoles].sort());
    });

    it('has a creator who may run templates', () => {
      expect(people[creator].roles).toContain('developer');
    });

    it.each(components)(
      'answers the form of the golden path for $name',
      ({ owner, ...values }) => {
        expect(groups[owner]).toBeDefined();
        const ajv = new Ajv({ strict: false, allErrors: true });
        for (const page of template.spec.parameters) {
          const validate = ajv.compile(page);
          validate({ ...values, owner: `group:${id}/${owner}` });
          expect(validate.errors).toBeNull();
        }
        const fields = template.spec.parameters.flatMap(
          (page: { properties: object }) => Object.keys(page.properties),
        );
        expect(Object.keys({ ...values, owner }).sort()).toEqual(fields.sort());
      },
    );
  },
);

it('has one person who belongs to both organisations', () => {
  const [first, second] = organisations.map(({ people }) =>
    Object.values(people).map(({ displayName }) => displayName),
  );
  expect(first.filter(name => second.includes(name))).toEqual(['Kim Nguyen']);
});
