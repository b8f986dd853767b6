import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  alex,
  aurora,
  borealis,
  createTenancyApiMock,
} from '../__testUtils__/createTenancyApiMock';
import { renderPage } from '../__testUtils__/renderPage';
import { PERSONA_STORAGE_KEY } from '../hooks/activeTenant';
import { TenantSwitcherMenu } from './TenantSwitcherMenu';

const twoTenants = {
  ...alex,
  memberships: [
    { tenant: aurora, userRef: 'user:aurora/alex' },
    { tenant: borealis, userRef: 'user:borealis/alex' },
  ],
};

describe('TenantSwitcherMenu', () => {
  afterEach(() => window.localStorage.clear());

  it('names the person and the tenant and lists the other tenants of the person', async () => {
    await renderPage(<TenantSwitcherMenu />, {
      tenancy: createTenancyApiMock({ me: twoTenants }),
    });
    const button = await screen.findByRole('button', {
      name: /Alex Okafor.*Aurora/,
    });
    await userEvent.click(button);
    expect(
      await screen.findByRole('menuitem', { name: /Aurora \(active\)/ }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('menuitem', { name: 'Borealis' }),
    ).toBeInTheDocument();
  });

  it('asks for personas only in a session of a persona', async () => {
    const tenancy = createTenancyApiMock({ me: twoTenants });
    await renderPage(<TenantSwitcherMenu />, { tenancy });
    await screen.findByRole('button', { name: /Alex Okafor/ });
    expect(tenancy.personas).not.toHaveBeenCalled();
  });

  it('ends the session on the server and forgets the persona on sign-out', async () => {
    window.localStorage.setItem(PERSONA_STORAGE_KEY, 'user:aurora/alex');
    const tenancy = createTenancyApiMock();
    await renderPage(<TenantSwitcherMenu />, { tenancy });
    await userEvent.click(
      await screen.findByRole('button', { name: /Alex Okafor/ }),
    );
    await userEvent.click(
      await screen.findByRole('menuitem', { name: 'Sign out' }),
    );
    await waitFor(() => expect(tenancy.endSession).toHaveBeenCalledTimes(1));
    await waitFor(() =>
      expect(window.localStorage.getItem(PERSONA_STORAGE_KEY)).toBeNull(),
    );
  });
});
