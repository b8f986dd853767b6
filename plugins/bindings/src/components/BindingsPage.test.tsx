import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { bindingKinds } from '@portico/plugin-bindings-common';
import { tenancyApiRef, type TenancyApi } from '@portico/plugin-tenancy';
import { type Me, meSchema } from '@portico/plugin-tenancy-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { SWRConfig } from 'swr';
import { argo, FakePortal, grantOf } from '../__testUtils__/FakePortal';
import { bindingsApiRef } from '../api/BindingsApi';
import { BindingsClient } from '../api/BindingsClient';
import { BindingsPage } from './BindingsPage';

const aurora = {
  id: 'aurora',
  title: 'Aurora',
  createdAt: '2026-11-01T08:00:00.000Z',
};
const kim: Me = meSchema.parse({
  userRef: 'user:aurora/kim',
  displayName: 'Kim',
  tenant: aurora,
  roles: ['tenant-admin'],
  groups: [],
  memberships: [{ tenant: aurora, userRef: 'user:aurora/kim' }],
});

const tenantAdmin = ['bindings.grant.read', 'bindings.credential.manage'];
const platform = [...tenantAdmin, 'bindings.grant.manage'];

describe('BindingsPage', () => {
  async function show(portal: FakePortal, permissions: readonly string[]) {
    const tenancy: Pick<TenancyApi, 'me' | 'tenants'> = {
      me: async () => kim,
      tenants: async () => [aurora],
    };
    await renderInTestApp(
      // The answers of usePermission are kept for all of a file otherwise.
      <SWRConfig value={{ provider: () => new Map() }}>
        <TestApiProvider
          apis={[
            [bindingsApiRef, new BindingsClient({ fetchApi: portal })],
            // The page asks who somebody is, and nothing more of the tenancy.
            [tenancyApiRef, tenancy as TenancyApi],
            [
              permissionApiRef,
              mockApis.permission({
                authorize: ({ permission }) =>
                  permissions.includes(permission.name)
                    ? AuthorizeResult.ALLOW
                    : AuthorizeResult.DENY,
              }),
            ],
          ]}
        >
          <BindingsPage />
        </TestApiProvider>
      </SWRConfig>,
    );
  }

  it('shows a tenant administrator what is granted, what is missing, and what each kind needs', async () => {
    const portal = new FakePortal();
    portal.grants = [grantOf('aurora-*'), grantOf('checkout', argo)];
    await show(portal, tenantAdmin);
    expect(
      await screen.findByRole('row', { name: /aurora-\*/ }),
    ).toHaveTextContent('Kubernetes namespace');
    expect(
      await screen.findByRole('row', { name: /Production EU/ }),
    ).toHaveTextContent('Missing');
    expect(screen.queryByRole('button', { name: 'Grant' })).toBeNull();
    expect(screen.queryByRole('button', { name: /Revoke/ })).toBeNull();
    for (const text of ['jira/project-key', 'sonarqube.org/project-key']) {
      expect(screen.getByText(text)).toBeInTheDocument();
    }
    expect(
      screen.getAllByRole('row', { name: /Jira|Sentry|Sonar|Grafana|Git|API/ }),
    ).toHaveLength(bindingKinds.length - 2);
  });

  it('sets, replaces and removes a credential, and never shows it', async () => {
    const portal = new FakePortal();
    portal.grants = [grantOf('aurora-prod')];
    await show(portal, tenantAdmin);
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Set the credential for Production EU',
      }),
    );
    const form = await screen.findByRole('dialog');
    const token = within(form).getByLabelText(/^Token/);
    expect(token).toHaveAttribute('type', 'password');
    await userEvent.click(within(form).getByRole('button', { name: 'Save' }));
    expect(
      await within(form).findByText('Enter the token, without spaces.'),
    ).toBeInTheDocument();
    await userEvent.type(token, 'canary-secret');
    await userEvent.click(within(form).getByRole('button', { name: 'Save' }));
    const row = await screen.findByRole('row', { name: /Production EU/ });
    await waitFor(() => expect(row).toHaveTextContent('user:aurora/kim'));
    expect(portal.requests).toContain(
      'PUT /tenants/aurora/credentials/prod-eu {"token":"canary-secret"}',
    );
    expect(document.body).not.toHaveTextContent('canary-secret');

    await userEvent.click(
      screen.getByRole('button', {
        name: 'Remove the credential for Production EU',
      }),
    );
    expect(portal.set.size).toBe(1);
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Remove',
      }),
    );
    await waitFor(() =>
      expect(
        screen.getByRole('row', { name: /Production EU/ }),
      ).toHaveTextContent('Missing'),
    );
  });

  it('lets the platform grant, and keeps a refusal on screen', async () => {
    const portal = new FakePortal();
    await show(portal, platform);
    await userEvent.click(await screen.findByRole('button', { name: 'Grant' }));
    const form = await screen.findByRole('dialog');
    const submit = () =>
      userEvent.click(within(form).getByRole('button', { name: 'Grant' }));
    const name = within(form).getByRole('textbox', { name: /^Name/ });
    await userEvent.type(name, 'Not a name');
    await submit();
    await waitFor(() => expect(name).toBeInvalid());
    await userEvent.clear(name);
    await userEvent.type(name, 'aurora-*');
    portal.refusal = { status: 409, message: 'is granted to borealis' };
    await submit();
    expect(
      await within(form).findByText(/is granted to borealis/),
    ).toBeInTheDocument();
    portal.refusal = undefined;
    await submit();
    expect(
      await screen.findByRole('row', { name: /aurora-\*/ }),
    ).toBeInTheDocument();
    expect(portal.requests).toContain(
      'POST /tenants/aurora/grants {"kind":"kubernetes-namespace","system":"prod-eu","resource":"aurora-*","shared":false}',
    );
  });

  it('lets the platform revoke', async () => {
    const portal = new FakePortal();
    portal.grants = [grantOf('aurora-*')];
    await show(portal, platform);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Revoke aurora-* of prod-eu' }),
    );
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Revoke',
      }),
    );
    await waitFor(() => expect(portal.grants).toEqual([]));
  });

  it('hides credentials from a developer, and all from a viewer', async () => {
    const portal = new FakePortal();
    portal.grants = [grantOf('aurora-prod')];
    await show(portal, ['bindings.grant.read']);
    expect(
      await screen.findByRole('row', { name: /aurora-prod/ }),
    ).toBeInTheDocument();
    expect(screen.queryByText('Credentials')).toBeNull();
    expect(portal.requests.join()).not.toContain('credentials');
  });

  it('tells whoever may not read it whom to ask, without asking the portal', async () => {
    const portal = new FakePortal();
    await show(portal, []);
    expect(
      await screen.findByText('You have no access to this page'),
    ).toBeInTheDocument();
    expect(portal.requests).toEqual([]);
  });

  it('says what went wrong, and tries again', async () => {
    const portal = new FakePortal();
    portal.grants = [grantOf('aurora-prod')];
    portal.refusal = { status: 503, message: 'The database rests' };
    await show(portal, ['bindings.grant.read']);
    expect(await screen.findByText(/The database rests/)).toBeInTheDocument();
    portal.refusal = undefined;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('row', { name: /aurora-prod/ }),
    ).toBeInTheDocument();
  });
});
