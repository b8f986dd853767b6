import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  type Member,
  tenancyMemberManagePermission,
  tenancyMemberReadPermission,
} from '@portico/plugin-tenancy-common';
import { createTenancyApiMock } from '../__testUtils__/createTenancyApiMock';
import { renderPage } from '../__testUtils__/renderPage';
import { MembersPage } from './MembersPage';

const kim: Member = {
  tenant: 'aurora',
  name: 'kim',
  kind: 'person',
  displayName: 'Kim Nguyen',
  email: 'kim@aurora.example',
  roles: ['developer'],
  groups: ['checkout'],
};

describe('MembersPage', () => {
  it('disables a person and keeps everything else of them', async () => {
    const tenancy = createTenancyApiMock({ members: [kim] });
    await renderPage(<MembersPage />, {
      tenancy,
      permissions: [tenancyMemberReadPermission, tenancyMemberManagePermission],
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Disable Kim Nguyen' }),
    );
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Disable',
      }),
    );
    await waitFor(() =>
      expect(
        screen.getByRole('row', { name: /^Kim Nguyen/ }),
      ).toHaveTextContent('Disabled'),
    );
    expect(tenancy.putMember).toHaveBeenCalledWith('aurora', 'kim', {
      displayName: 'Kim Nguyen',
      email: 'kim@aurora.example',
      roles: ['developer'],
      groups: ['checkout'],
      disabled: true,
    });
  });

  it('offers no platform role to a tenant, and shows why the portal refuses a person', async () => {
    const tenancy = createTenancyApiMock({ members: [kim] });
    tenancy.putMember.mockRejectedValue(
      new Error('The identity belongs to somebody else of this tenant'),
    );
    await renderPage(<MembersPage />, {
      tenancy,
      permissions: [tenancyMemberReadPermission, tenancyMemberManagePermission],
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Edit Kim Nguyen' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(
      within(dialog).queryByRole('checkbox', {
        name: 'Platform administrator',
      }),
    ).not.toBeInTheDocument();
    await userEvent.click(
      within(dialog).getByRole('checkbox', { name: 'Approver' }),
    );
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'The identity belongs to somebody else of this tenant',
    );
    expect(
      within(dialog).getByRole('checkbox', { name: 'Approver' }),
    ).toBeChecked();
  });

  it('leaves everything as it is for those who may only read', async () => {
    await renderPage(<MembersPage />, {
      tenancy: createTenancyApiMock({ members: [kim] }),
      permissions: [tenancyMemberReadPermission],
    });
    await screen.findByRole('row', { name: /^Kim Nguyen/ });
    expect(
      screen.queryByRole('button', { name: /^(Disable|Edit|Add)/ }),
    ).not.toBeInTheDocument();
  });
});
