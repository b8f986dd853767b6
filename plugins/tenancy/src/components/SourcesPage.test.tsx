import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  type Source,
  tenancySourceManagePermission,
  tenancySourceReadPermission,
} from '@portico/plugin-tenancy-common';
import { createTenancyApiMock } from '../__testUtils__/createTenancyApiMock';
import { renderPage } from '../__testUtils__/renderPage';
import { SourcesPage } from './SourcesPage';

const cart: Source = {
  tenant: 'aurora',
  name: 'cart',
  location: {
    kind: 'repository',
    repository: 'cart',
    branch: 'main',
    path: 'catalog-info.yaml',
  },
  createdAt: '2026-11-01T08:00:00.000Z',
  lastScan: {
    at: '2026-11-02T08:00:00.000Z',
    outcome: 'unreadable',
    reason: 'The branch main does not exist',
    entities: 2,
    refusals: 1,
  },
};

describe('SourcesPage', () => {
  it('shows each source with its last reading, and refusals with file, line and reason', async () => {
    const tenancy = createTenancyApiMock({
      sources: [cart],
      refusals: [
        {
          source: 'cart',
          file: 'catalog-info.yaml',
          line: 12,
          entityRef: 'component:borealis/cart',
          reason: 'The namespace borealis is not aurora’s',
        },
      ],
    });
    await renderPage(<SourcesPage />, {
      tenancy,
      permissions: [tenancySourceReadPermission],
    });

    const source = await screen.findByRole('row', { name: /^cart/ });
    expect(source).toHaveTextContent('The branch main does not exist');
    const refusal = await screen.findByRole('row', {
      name: /catalog-info\.yaml, line 12/,
    });
    expect(refusal).toHaveTextContent('component:borealis/cart');
    expect(refusal).toHaveTextContent('The namespace borealis is not aurora’s');
    expect(
      screen.queryByRole('button', { name: 'Register a repository' }),
    ).not.toBeInTheDocument();
  });

  it('says whom to ask where the permission is missing, and asks for no source', async () => {
    const tenancy = createTenancyApiMock({ sources: [cart] });
    await renderPage(<SourcesPage />, { tenancy });

    expect(
      await screen.findByText(/Ask a tenant administrator of Aurora/),
    ).toBeInTheDocument();
    expect(tenancy.sources).not.toHaveBeenCalled();
  });

  it('registers a repository, and keeps a bad name from leaving the form', async () => {
    const tenancy = createTenancyApiMock();
    await renderPage(<SourcesPage />, {
      tenancy,
      permissions: [tenancySourceReadPermission, tenancySourceManagePermission],
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Register a repository' }),
    );
    const dialog = await screen.findByRole('dialog');
    const repository = within(dialog).getByRole('textbox', {
      name: /Repository/,
    });
    await userEvent.type(repository, '../borealis');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Register' }),
    );
    expect(
      await within(dialog).findByText(/Use 1 to 100 lower-case letters/),
    ).toBeInTheDocument();
    expect(tenancy.putSource).not.toHaveBeenCalled();

    await userEvent.clear(repository);
    await userEvent.type(repository, 'cart');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Register' }),
    );
    expect(
      await screen.findByRole('row', { name: /^cart/ }),
    ).toBeInTheDocument();
    expect(tenancy.putSource).toHaveBeenCalledWith('aurora', 'cart', {
      location: {
        kind: 'repository',
        repository: 'cart',
        branch: 'main',
        path: 'catalog-info.yaml',
      },
    });
  });

  it('shows the portal’s own sentence when the sources cannot be had, and tries again', async () => {
    const tenancy = createTenancyApiMock({ sources: [cart] });
    tenancy.sources.mockRejectedValueOnce(new Error('The database is away'));
    await renderPage(<SourcesPage />, {
      tenancy,
      permissions: [tenancySourceReadPermission],
    });
    const problem = await screen.findByRole('alert');
    expect(problem).toHaveTextContent('The database is away');
    await userEvent.click(
      within(problem).getByRole('button', { name: 'Try again' }),
    );
    expect(
      await screen.findByRole('row', { name: /^cart/ }),
    ).toBeInTheDocument();
  });

  it('lets the platform choose the tenant', async () => {
    const tenancy = createTenancyApiMock();
    tenancy.state.me = {
      ...tenancy.state.me,
      tenant: { ...tenancy.state.me.tenant, id: 'default', title: 'Platform' },
      roles: ['platform-admin'],
    };
    await renderPage(<SourcesPage />, {
      tenancy,
      permissions: [tenancySourceReadPermission],
    });
    await userEvent.click(
      await screen.findByRole('button', { name: /Tenant/ }),
    );
    await userEvent.click(
      await screen.findByRole('option', { name: 'Borealis' }),
    );
    expect(
      await screen.findByRole('heading', { name: 'Sources of Borealis' }),
    ).toBeInTheDocument();
    expect(tenancy.sources).toHaveBeenLastCalledWith('borealis');
  });
});
