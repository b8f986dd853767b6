import { apiTryOutAuditActs } from '@portico/plugin-api-try-out-backend';
import {
  auditEngineActs,
  auditExportActs,
  bridgedAuditActs,
} from '@portico/plugin-audit-backend';
import { type AuditAct } from '@portico/plugin-audit-common';
import { bindingsAuditActs } from '@portico/plugin-bindings-backend';
import { gitHostAuditActs } from '@portico/plugin-git-host-backend';
import { kubernetesAuditActs } from '@portico/plugin-kubernetes-backend-module-tenancy';
import { localRuntimeAuditActs } from '@portico/plugin-local-runtime-backend';
import { promotionsAuditActs } from '@portico/plugin-promotions-backend';
import { tenancyAuditActs } from '@portico/plugin-tenancy-backend';
import { porticoRoutes, wallsAuditActs } from '@portico/walls';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The acts of each part that the backend is made of. */
const declared: Record<string, Record<string, AuditAct>> = {
  'Tenants, people, sources and sign-in': tenancyAuditActs,
  'Git host': gitHostAuditActs,
  'Catalog and templates (stock plugins)': bridgedAuditActs,
  'Bindings, clusters and APIs': {
    ...bindingsAuditActs,
    ...kubernetesAuditActs,
    ...apiTryOutAuditActs,
  },
  Delivery: promotionsAuditActs,
  'Local runtime': localRuntimeAuditActs,
  Access: wallsAuditActs,
  'The audit itself': { ...auditEngineActs, ...auditExportActs },
};

const page = resolve(__dirname, '../../../docs/audit-acts.md');
const START = '<!-- acts: made by packages/backend/src/auditActs.test.ts -->';
const END = '<!-- acts end -->';

function table(): string {
  return Object.entries(declared)
    .map(([part, acts]) =>
      [
        `## ${part}`,
        '',
        '| Act | When | Fields | Severity |',
        '| --- | --- | --- | --- |',
        ...Object.values(acts).map(
          ({ name, when, fields, severity }) =>
            `| \`${name}\` | ${when} | ${fields
              .map(field => `\`${field}\``)
              .join(', ')} | ${severity} |`,
        ),
      ].join('\n'),
    )
    .join('\n\n');
}

describe('the acts', () => {
  const acts = Object.values(declared).flatMap(part => Object.values(part));

  it('have names of their own', () => {
    const names = acts.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  it('are all that the route table names', async () => {
    const backend = await readFile(join(__dirname, 'index.ts'), 'utf8');
    const missing = porticoRoutes
      .openRoutes()
      // Rows may be there before the plugin is.
      .filter(({ pluginId }) => backend.includes(`plugin-${pluginId}-backend'`))
      .flatMap(({ route }) => route.records ?? [])
      .filter(name => acts.every(act => act.name !== name));
    expect(missing).toEqual([]);
  });

  it('are the table in docs/audit-acts.md; PORTICO_WRITE_DOCS=1 writes it', async () => {
    const text = await readFile(page, 'utf8');
    const [before, rest] = text.split(START);
    const [, after] = rest.split(END);
    const expected = `${before}${START}\n\n${table()}\n\n${END}${after}`;
    if (process.env.PORTICO_WRITE_DOCS) {
      await writeFile(page, expected);
    }
    expect(await readFile(page, 'utf8')).toBe(expected);
  });
});
