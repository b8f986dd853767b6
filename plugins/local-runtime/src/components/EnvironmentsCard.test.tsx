import { screen, waitFor } from '@testing-library/react';
import { openEntity } from '../__testUtils__/openEntity';
import {
  declared,
  environmentOf,
  running,
  statusOf,
} from '../__testUtils__/samples';

jest.setTimeout(30_000);

const open = (status: unknown, options?: Parameters<typeof openEntity>[2]) =>
  openEntity('card', { 'GET status': status }, options);

it('says what runs, since when and where, and that the others wait for a promotion', async () => {
  open(statusOf(running, environmentOf('staging'), environmentOf('prod')));
  expect(await screen.findByText('1.2.0+c0ffee1')).toBeVisible();
  expect(screen.getByText('Local runtime')).toBeVisible();
  expect(screen.getByText('Running')).toBeVisible();
  expect(screen.getByText(/^Since .*2026/)).toBeVisible();
  const link = screen.getByText(/127\.0\.0\.1:13800/).closest('a');
  expect(link).toHaveAttribute('href', 'http://127.0.0.1:13800');
  expect(link).toHaveAttribute('target', '_blank');
  expect(screen.getAllByText('A promotion brings releases here.')).toHaveLength(
    2,
  );
});

it('says that a sleeping service wakes by itself', async () => {
  open(
    statusOf(
      environmentOf('dev', {
        state: 'sleeping',
        declared,
        address: 'http://127.0.0.1:13800',
      }),
    ),
  );
  expect(
    await screen.findByText('Wakes on the first request to its address.'),
  ).toBeVisible();
});

it('says why a service does not run, and what is declared instead', async () => {
  open(
    statusOf({
      ...running,
      state: 'crashing',
      declared: {
        ...declared,
        digest: `sha256:${'e'.repeat(64)}`,
        version: '1.3.0+abc',
      },
      reason: { code: 'exited', message: 'It ended with code 3.' },
      restarts: 4,
      retryAt: '2026-11-21T12:01:00Z',
    }),
  );
  expect(await screen.findByText('It ended with code 3.')).toBeVisible();
  expect(
    screen.getByText('1.3.0+abc is declared and does not run yet.'),
  ).toBeVisible();
  expect(
    screen.getByText(/Times that it ended by itself: 4\. Started again at/),
  ).toBeVisible();
});

it.each([
  ['nothing is known', 404],
  ['it has no environment', statusOf()],
])('says how a build comes about when %s', async (_, answer) => {
  open(answer);
  expect(await screen.findByText('Nothing was built yet')).toBeVisible();
});

it('says that the runtime does not answer', async () => {
  open(503);
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'The environments could not be loaded',
  );
  expect(screen.getByText('The runtime is away.')).toBeVisible();
});

it.each([
  ['the portal has no local runtime', { isConfigured: false }],
  ['nothing of the component runs', { type: 'library' }],
])('is not there where %s', async (_, options) => {
  const { asked } = open(statusOf(running), options);
  await screen.findByText('test');
  await waitFor(() =>
    expect(screen.queryByTestId('progress')).not.toBeInTheDocument(),
  );
  expect(screen.queryByText('Environments')).not.toBeInTheDocument();
  expect(asked).toEqual([]);
});
