import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  type Member,
  type Session,
  tenancyMemberManagePermission,
} from '@portico/plugin-tenancy-common';
import { createTenancyApiMock } from '../__testUtils__/createTenancyApiMock';
import { renderPage } from '../__testUtils__/renderPage';
import { OwnSessionsPage } from './OwnSessionsPage';
import { SessionsPage } from './SessionsPage';

function session(
  member: string,
  issuedAt: number,
  more: Partial<Session> = {},
): Session {
  return {
    member,
    issuedAt,
    startedAt: new Date(issuedAt * 1000).toISOString(),
    expiresAt: new Date((issuedAt + 3600) * 1000).toISOString(),
    method: 'oidc',
    sourceAddress: '203.0.113.7',
    current: false,
    ...more,
  };
}

const kim: Member = {
  tenant: 'aurora',
  name: 'kim',
  displayName: 'Kim Rivera',
  kind: 'person',
  roles: ['developer'],
  groups: [],
};
const older = session('alex', 1_800_000_000);
const mine = session('alex', 1_800_000_500, {
  current: true,
  method: 'persona',
});

async function confirm(action: string) {
  await userEvent.click(
    within(await screen.findByRole('dialog')).getByText(action, {
      selector: 'button *, button',
    }),
  );
}

describe('OwnSessionsPage', () => {
  it('tells where each session came from, and which one this is', async () => {
    const tenancy = createTenancyApiMock({ sessions: [mine, older] });
    await renderPage(<OwnSessionsPage />, { tenancy });
    expect(await screen.findByText('This session')).toBeInTheDocument();
    expect(screen.getAllByText('203.0.113.7')).toHaveLength(2);
    expect(screen.getByText('Identity provider')).toBeInTheDocument();
    // The one of this page has no such button.
    expect(screen.getAllByLabelText(/^End the session of/)).toHaveLength(1);
  });

  it('ends all others after a question, and keeps this one', async () => {
    const tenancy = createTenancyApiMock({ sessions: [mine, older] });
    await renderPage(<OwnSessionsPage />, { tenancy });
    await userEvent.click(await screen.findByText('End all others'));
    expect(tenancy.endOwnSession).not.toHaveBeenCalled();
    await confirm('End all others');
    await waitFor(() =>
      expect(screen.queryByLabelText(/^End the session of/)).toBeNull(),
    );
    expect(tenancy.endOwnSession.mock.calls).toEqual([[older.issuedAt]]);
  });

  it('says why there is no list', async () => {
    const tenancy = createTenancyApiMock();
    tenancy.ownSessions.mockRejectedValueOnce(new Error('The database rests'));
    await renderPage(<OwnSessionsPage />, { tenancy });
    expect(await screen.findByText('The database rests')).toBeInTheDocument();
  });
});

describe('SessionsPage', () => {
  const permissions = [tenancyMemberManagePermission];

  it('lists the sessions of a tenant and ends one', async () => {
    const tenancy = createTenancyApiMock({
      sessions: [mine, session('kim', 1_800_000_100)],
      members: [kim],
    });
    await renderPage(<SessionsPage />, { tenancy, permissions });
    await userEvent.click(
      await screen.findByLabelText(/^End the session of kim/),
    );
    await confirm('End');
    await waitFor(() =>
      expect(screen.queryByText('user:aurora/kim')).toBeNull(),
    );
    expect(tenancy.endMemberSessions).toHaveBeenCalledWith(
      'aurora',
      'kim',
      1_800_000_100,
    );
  });

  it('says whom to ask without the permission', async () => {
    await renderPage(<SessionsPage />, { tenancy: createTenancyApiMock() });
    expect(
      await screen.findByText(/Ask a tenant administrator/),
    ).toBeInTheDocument();
  });
});
