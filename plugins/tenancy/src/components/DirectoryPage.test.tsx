import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { tenancyMemberManagePermission } from '@portico/plugin-tenancy-common';
import { createTenancyApiMock } from '../__testUtils__/createTenancyApiMock';
import { renderPage } from '../__testUtils__/renderPage';
import { DirectoryPage } from './DirectoryPage';

const permissions = [tenancyMemberManagePermission];
const issuer = 'https://id.example.org/realms/aurora';

describe('DirectoryPage', () => {
  it('connects a directory, shows its token once, and revokes it', async () => {
    const tenancy = createTenancyApiMock();
    await renderPage(<DirectoryPage />, { tenancy, permissions });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Connect a directory' }),
    );
    const form = await screen.findByRole('dialog');
    const connect = within(form).getByRole('button', { name: 'Connect' });
    await userEvent.click(connect);
    expect(
      await within(form).findByText('Write an address that begins with https.'),
    ).toBeInTheDocument();
    expect(tenancy.connectDirectory).not.toHaveBeenCalled();
    await userEvent.type(within(form).getByRole('textbox'), issuer);
    await userEvent.click(connect);
    expect(
      await screen.findByText(
        'https://portal.example.org/api/tenancy/scim/aurora/v2',
      ),
    ).toBeInTheDocument();
    expect(tenancy.connectDirectory).toHaveBeenCalledWith('aurora', {
      issuer,
      subject: 'externalId',
    });

    await userEvent.click(
      screen.getByRole('button', { name: 'Create a token for SCIM' }),
    );
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Create',
      }),
    );
    expect(
      await screen.findByText('portico-scim_aurora_secret'),
    ).toBeInTheDocument();
    const buttons = screen.getAllByRole('button', { name: 'Close' });
    await userEvent.click(buttons[buttons.length - 1]);
    await waitFor(() =>
      expect(screen.queryByText(/_secret/)).not.toBeInTheDocument(),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Revoke 0123456789abcdef' }),
    );
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Revoke',
      }),
    );
    await waitFor(() =>
      expect(
        screen.getByRole('row', { name: /^0123456789abcdef/ }),
      ).toHaveTextContent('Revoked'),
    );
  });

  it('says why a realm was not followed, and leaves it to the operator', async () => {
    const tenancy = createTenancyApiMock({
      directory: {
        kind: 'keycloak',
        issuer,
        subject: 'externalId',
        people: 42,
        groups: 7,
        tokens: [],
        lastLook: {
          at: '2026-11-01T08:00:00.000Z',
          outcome: 'held',
          reason: '40 of 42 people are missing at once.',
        },
      },
    });
    await renderPage(<DirectoryPage />, { tenancy, permissions });
    expect(
      await screen.findByText(/It owns 42 people and 7 groups/),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/nobody was removed.*40 of 42 people are missing/),
    ).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Disconnect' })).toBeNull();
  });

  it('shows nothing to who may not manage people', async () => {
    const tenancy = createTenancyApiMock();
    await renderPage(<DirectoryPage />, { tenancy, permissions: [] });
    expect(
      await screen.findByText('You have no access to this page'),
    ).toBeInTheDocument();
    expect(tenancy.directory).not.toHaveBeenCalled();
  });
});
