import {
  type GetNotificationsResponse,
  notificationsApiRef,
} from '@backstage/plugin-notifications';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { linkTarget } from './linkTarget';
import { NotificationsPage } from './NotificationsPage';

const failed = {
  id: '1',
  user: 'user:aurora/kim',
  created: new Date('2026-11-21T09:30:00Z'),
  origin: 'plugin:scaffolder',
  payload: {
    title: 'The run failed',
    link: '/create/tasks/1',
    severity: 'critical' as const,
  },
};

function renderPage(answer: () => Promise<GetNotificationsResponse>) {
  const api = {
    getNotifications: jest.fn((_options: unknown) => answer()),
    updateNotifications: jest.fn(async () => []),
  };
  renderInTestApp(<NotificationsPage />, {
    apis: [[notificationsApiRef, api]],
  });
  return api;
}

it('tells what happened, when in which zone, and who says so', async () => {
  renderPage(async () => ({ notifications: [failed], totalCount: 1 }));
  const list = await screen.findByLabelText('Notifications, newest first');
  expect(within(list).getByText('The run failed')).toHaveAttribute(
    'href',
    '/create/tasks/1',
  );
  expect(list).toHaveTextContent('Critical');
  expect(list).toHaveTextContent('From scaffolder');
  expect(within(list).getByText(/2026.*(UTC|GMT)/)).toHaveAttribute(
    'datetime',
    '2026-11-21T09:30:00.000Z',
  );
});

it('asks for the unread ones first, and marks one as read', async () => {
  const api = renderPage(async () => ({
    notifications: [failed],
    totalCount: 1,
  }));
  await userEvent.click(
    await screen.findByLabelText('Mark as read: The run failed'),
  );
  expect(api.getNotifications).toHaveBeenLastCalledWith(
    expect.objectContaining({ read: false, limit: 20, offset: 0 }),
  );
  expect(api.updateNotifications).toHaveBeenCalledWith({
    ids: ['1'],
    read: true,
  });
});

it('says that nothing is unread', async () => {
  renderPage(async () => ({ notifications: [], totalCount: 0 }));
  expect(await screen.findByText('Nothing unread')).toBeInTheDocument();
});

it('says why there is nothing to see', async () => {
  renderPage(async () => {
    throw new Error('The database is away.');
  });
  expect(await screen.findByText('The database is away.')).toBeInTheDocument();
});

it.each([
  ['/catalog?kind=api#top', '/catalog?kind=api#top'],
  ['catalog', '/catalog'],
  ['http://localhost/git', '/git'],
  ['https://example.org/x', 'https://example.org/x'],
  [`${'javascript'}:alert(1)`, undefined],
  ['data:text/html,x', undefined],
  ['', undefined],
  [undefined, undefined],
])('leads from %j to %j', (link, target) => {
  expect(linkTarget(link)).toBe(target);
});
