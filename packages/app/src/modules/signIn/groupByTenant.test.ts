import { type Persona } from '@portico/plugin-tenancy-common';
import { groupByTenant } from './groupByTenant';

const persona = (userRef: string, id: string, title: string): Persona => ({
  userRef,
  displayName: userRef,
  tenant: { id, title, createdAt: '2026-11-01T08:00:00.000Z' },
  roles: ['developer'],
  groups: [],
});

it('puts the platform last, and those who lead through a sample first', () => {
  const groups = groupByTenant([
    persona('user:default/pat', 'default', 'A platform'),
    persona('user:aurora/dana', 'aurora', 'Aurora'),
    persona('user:aurora/vera', 'aurora', 'Aurora'),
    persona('user:aurora/kim', 'aurora', 'Aurora'),
    persona('user:acme/joe', 'acme', 'Acme'),
  ]);
  expect(
    groups.map(({ tenant, guides, others }) => [
      tenant.id,
      guides.map(({ userRef }) => userRef),
      others.map(({ userRef }) => userRef),
    ]),
  ).toEqual([
    ['acme', ['user:acme/joe'], []],
    ['aurora', ['user:aurora/kim', 'user:aurora/vera'], ['user:aurora/dana']],
    ['default', ['user:default/pat'], []],
  ]);
});
