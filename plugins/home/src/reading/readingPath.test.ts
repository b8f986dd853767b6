import { readFileSync } from 'node:fs';
import path from 'node:path';
import { platformRoles, tenantRoles } from '@portico/plugin-tenancy-common';
import { readingPath, stepId } from './readingPath';

const roles = [...tenantRoles, ...platformRoles];
// eslint-disable-next-line no-restricted-syntax -- reads the sources of the repository
const root = path.resolve(__dirname, '../../../..');

it.each([
  [['platform-admin'], 'page-tenants'],
  [['tenant-admin', 'viewer'], 'page-members'],
  [['developer', 'approver'], 'page-create'],
  [['approver', 'viewer'], 'page-catalog'],
  [['viewer'], 'page-catalog'],
  [['auditor'], 'page-auditEvidence'],
  [[], 'page-catalog'],
] as const)('begins for %j with %s', (held, step) => {
  expect(stepId(readingPath(held)[0])).toBe(step);
});

it.each(['viewer', 'approver', 'auditor'] as const)(
  'sends nobody to a page that needs more than %s',
  role => {
    const pages = readingPath([role]).map(step => step.page);
    expect(pages).not.toContain('create');
    expect(pages).not.toContain('members');
    expect(pages).not.toContain('tenants');
  },
);

it('leads to documents that exist and are in the table of contents', () => {
  const contents = readFileSync(path.join(root, 'mkdocs.yml'), 'utf8');
  const documents = roles
    .flatMap(role => readingPath([role]))
    .flatMap(step => step.document ?? []);
  expect(documents.length).toBeGreaterThan(5);
  for (const document of documents) {
    expect(contents).toContain(` ${document}.md`);
    expect(
      readFileSync(path.join(root, 'docs', `${document}.md`), 'utf8'),
    ).toMatch(/^# /);
  }
});
