import { tourOf } from './tours';

describe('tourOf', () => {
  it.each([
    [['developer'], 'engineer'],
    [['approver', 'developer'], 'lead'],
    [['viewer', 'tenant-admin'], 'admin'],
    [['viewer'], 'viewer'],
    [['platform-admin', 'auditor'], 'platform'],
    [['auditor'], 'auditor'],
  ] as const)('chooses for %j the tour %s', (roles, name) => {
    const tour = tourOf({ tenant: 'aurora', roles });
    expect(tour?.name).toBe(name);
    expect(tour?.steps.length).toBeGreaterThanOrEqual(3);
    expect(tour?.steps.length).toBeLessThanOrEqual(5);
  });

  it('shows nobody the sample of another tenant', () => {
    for (const tenant of ['aurora', 'borealis', 'cumulus', 'default']) {
      for (const role of ['developer', 'approver', 'viewer'] as const) {
        const paths = tourOf({ tenant, roles: [role] })?.steps.map(
          ({ href }) => href,
        );
        const others = ['aurora', 'borealis'].filter(name => name !== tenant);
        expect(
          paths?.filter(path => others.some(other => path.includes(other))),
        ).toEqual([]);
      }
    }
  });

  it('has none for somebody without a role', () => {
    expect(tourOf({ tenant: 'aurora', roles: [] })).toBeUndefined();
  });
});
