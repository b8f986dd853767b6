import { nextSteps } from './nextSteps';

describe('nextSteps', () => {
  it.each([
    [['platform-admin'], 'tenants'],
    [['tenant-admin', 'viewer'], 'members'],
    [['developer'], 'create'],
    [['viewer', 'approver'], 'create'],
    [['viewer'], 'catalog'],
    [['auditor'], 'catalog'],
    [[], 'catalog'],
  ] as const)('begins for %j with %s', (roles, target) => {
    expect(nextSteps(roles)[0].target).toBe(target);
  });

  it('sends nobody to a page that needs another role', () => {
    const targets = nextSteps(['viewer']).map(step => step.target);
    expect(targets).not.toContain('create');
    expect(targets).not.toContain('members');
  });
});
