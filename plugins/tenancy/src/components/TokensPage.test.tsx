import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { tenancyTokenManagePermission } from '@portico/plugin-tenancy-common';
import { createTenancyApiMock } from '../__testUtils__/createTenancyApiMock';
import { renderPage } from '../__testUtils__/renderPage';
import { TokensPage } from './TokensPage';

describe('TokensPage', () => {
  it('shows the secret of a new token once', async () => {
    const tenancy = createTenancyApiMock();
    await renderPage(<TokensPage />, {
      tenancy,
      permissions: [tenancyTokenManagePermission],
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Create a token' }),
    );
    const form = await screen.findByRole('dialog');
    await userEvent.type(
      within(form).getByRole('textbox', { name: /Name of the machine/ }),
      'ci',
    );
    await userEvent.click(within(form).getByRole('button', { name: 'Create' }));
    expect(
      await within(form).findByText('Choose at least one scope.'),
    ).toBeInTheDocument();
    expect(tenancy.createToken).not.toHaveBeenCalled();

    await userEvent.click(
      within(form).getByRole('checkbox', { name: 'Clone repositories' }),
    );
    await userEvent.click(within(form).getByRole('button', { name: 'Create' }));
    expect(
      await screen.findByText('portico_aurora_ci_secret'),
    ).toBeInTheDocument();
    expect(tenancy.createToken).toHaveBeenCalledWith('aurora', {
      name: 'ci',
      scopes: ['git:read'],
      expiresInDays: 90,
    });

    const buttons = screen.getAllByRole('button', { name: 'Close' });
    await userEvent.click(buttons[buttons.length - 1]);
    await waitFor(() =>
      expect(screen.queryByText(/_secret/)).not.toBeInTheDocument(),
    );
    expect(await screen.findByRole('row', { name: /^ci/ })).toHaveTextContent(
      'Active',
    );
  });

  it('revokes a token after a question', async () => {
    const tenancy = createTenancyApiMock();
    await tenancy.createToken('aurora', { name: 'ci', scopes: ['git:read'] });
    await renderPage(<TokensPage />, {
      tenancy,
      permissions: [tenancyTokenManagePermission],
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Revoke ci' }),
    );
    expect(tenancy.revokeToken).not.toHaveBeenCalled();
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Revoke',
      }),
    );
    await waitFor(() =>
      expect(screen.getByRole('row', { name: /^ci/ })).toHaveTextContent(
        'Revoked',
      ),
    );
  });
});
