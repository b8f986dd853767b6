import bindingsPlugin, {
  bindingsMigrations,
} from '@portico/plugin-bindings-backend';
import { type CommandLine } from '../__testUtils__/CommandLine';
import { TestPortal } from '../__testUtils__/TestPortal';

// Each command is a process of its own, which takes its time on a busy machine.
jest.setTimeout(60_000);

const canary = 'canary-secret-5c1d';

describe('portico binding and credential', () => {
  let portal: TestPortal;
  let pat: CommandLine;
  let kim: CommandLine;

  beforeAll(async () => {
    portal = await TestPortal.start({
      migrations: [bindingsMigrations],
      features: [bindingsPlugin],
      config: {
        bindings: {
          sealingKeys: ['a sealing key'],
          systems: [
            { name: 'argo', kind: 'argocd', url: 'https://argo.example.org' },
          ],
        },
      },
    });
    pat = await portal.commandLineOf('user:default/pat');
    await pat.json(['tenant', 'create', 'aurora', '--title', 'Aurora Air']);
    await portal.addPersona('user:aurora/kim', ['tenant-admin']);
    kim = await portal.commandLineOf('user:aurora/kim');
  });
  afterAll(async () => {
    await pat?.remove();
    await kim?.remove();
    await portal?.stop();
  });

  it('grants, sets a credential from the environment, lists, removes and revokes', async () => {
    const granted = await pat.json([
      'binding',
      'grant',
      'argocd-project',
      'argo',
      'checkout',
      '--tenant',
      'aurora',
    ]);
    expect(granted).toMatchObject({ tenant: 'aurora', resource: 'checkout' });
    expect(await kim.json(['binding', 'list'])).toEqual([granted]);
    expect(await pat.json(['binding', 'list', '--all'])).toEqual([granted]);

    const before = await kim.run(['credential', 'list']);
    expect(before.stdout).toMatch(/argo\s+argocd\s+missing/);
    const set = await kim.run(['credential', 'set', 'argo'], {
      PORTICO_CREDENTIAL: canary,
    });
    expect(set.code).toBe(0);
    const after = await kim.run(['credential', 'list']);
    expect(after.stdout).toMatch(/argo\s+argocd\s+set\s+user:aurora\/kim/);
    expect(set.stdout + set.stderr + after.stdout).not.toContain(canary);

    expect((await kim.run(['credential', 'remove', 'argo'])).code).toBe(0);
    const revoked = await pat.run([
      'binding',
      'revoke',
      granted.id,
      '--tenant',
      'aurora',
    ]);
    expect(revoked.code).toBe(0);
    expect(await kim.json(['binding', 'list'])).toEqual([]);
  });

  it('says what is wrong', async () => {
    const kind = await pat.run([
      'binding',
      'grant',
      'moon',
      'argo',
      'x',
      '--tenant',
      'aurora',
    ]);
    expect(kind.code).toBe(2);
    const resource = await pat.run([
      'binding',
      'grant',
      'argocd-project',
      'argo',
      'a*',
      '--tenant',
      'aurora',
    ]);
    expect(resource.code).toBe(2);
    expect(resource.stderr).toContain('must be the name of a project');
    const secret = await kim.run(['credential', 'set', 'argo']);
    expect(secret.code).toBe(2);
    expect(secret.stderr).toContain('There is no secret');
    const refused = await kim.run([
      'binding',
      'grant',
      'argocd-project',
      'argo',
      'x',
      '--tenant',
      'default',
    ]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('There is no tenant "default"');
  });
});
