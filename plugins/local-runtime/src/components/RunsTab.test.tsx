import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { openEntity } from '../__testUtils__/openEntity';
import {
  declared,
  environmentOf,
  failedRun,
  metrics,
  runOf,
  running,
  statusOf,
} from '../__testUtils__/samples';

jest.setTimeout(30_000);

const line = {
  number: 1,
  time: '2026-11-21T12:00:00Z',
  source: 'stderr',
  text: 'listening\u001b[0m on 8080',
};

/** A service that runs, with one failed and one succeeded build. */
function answers(more: Record<string, unknown> = {}) {
  return {
    'GET status': statusOf(running, environmentOf('prod')),
    'GET runs': { items: [failedRun, runOf('a')] },
    [`GET runs/${failedRun.id}/log`]: {
      text: 'not ok 1 - takes an order',
      nextOffset: 25,
      complete: true,
    },
    [`GET runs/${runOf('a').id}/log`]: {
      text: 'all tests passed',
      nextOffset: 16,
      complete: true,
    },
    'GET environments/dev/metrics': metrics,
    'GET environments/dev/log': { items: [line], cursor: 1 },
    ...more,
  };
}

it('shows the last build with the reason and log of its failure', async () => {
  openEntity('tab', answers());
  expect(
    await screen.findByText(failedRun.reason?.message ?? ''),
  ).toBeVisible();
  expect(
    await screen.findByLabelText('Log of the build of fffffff'),
  ).toHaveTextContent('not ok 1 - takes an order');
  expect(screen.getByLabelText('Steps')).toHaveTextContent(
    'Test: succeeded 3.0 s',
  );
  expect(screen.getAllByText('12 s')).toHaveLength(2);
});

it('shows another build when it is chosen', async () => {
  openEntity('tab', answers());
  await userEvent.click(
    await screen.findByLabelText('Show the build of Change a'),
  );
  expect(
    await screen.findByLabelText('Log of the build of aaaaaaa'),
  ).toHaveTextContent('all tests passed');
  expect(
    screen.queryByText(failedRun.reason?.message ?? ''),
  ).not.toBeInTheDocument();
});

it('follows the log of a build while it runs', async () => {
  const run = runOf('b', { state: 'running', endedAt: undefined });
  const { asked, answers: live } = openEntity(
    'tab',
    answers({
      'GET runs': { items: [run] },
      [`GET runs/${run.id}/log`]: {
        text: 'step 1\n',
        nextOffset: 7,
        complete: false,
      },
    }),
  );
  const log = await screen.findByLabelText('Log of the build of bbbbbbb');
  expect(screen.getByText(/More lines appear/)).toBeVisible();
  live[`GET runs/${run.id}/log`] = {
    text: 'step 2\n',
    nextOffset: 14,
    complete: true,
  };
  await waitFor(() => expect(log).toHaveTextContent('step 1 step 2'), {
    timeout: 4_000,
  });
  expect(asked).toContain(`GET runs/${run.id}/log?offset=7`);
  expect(screen.queryByText(/More lines appear/)).not.toBeInTheDocument();
});

it('has a failed commit built again', async () => {
  const again = runOf('f', { state: 'queued', id: `${'f'.repeat(24)}-2` });
  const { asked, answers: live } = openEntity('tab', answers());
  live[`POST runs/${failedRun.id}/repeat`] = again;
  await userEvent.click(
    await screen.findByRole('button', { name: 'Run again' }),
  );
  await waitFor(() =>
    expect(asked).toContain(`POST runs/${failedRun.id}/repeat`),
  );
});

it('shows the figures of a service with their sources', async () => {
  openEntity('tab', answers());
  const figures = await screen.findByLabelText('Figures of dev');
  expect(figures).toHaveTextContent('Memory80.0 MiB of 128 MiB');
  expect(figures).toHaveTextContent('Requests3.0/s');
  expect(figures).toHaveTextContent('Errors (5xx)0.0/s');
  expect(figures).toHaveTextContent('Latency, 95 %18 ms');
  expect(
    within(figures).getByLabelText('Memory over the last 1 min'),
  ).toBeInTheDocument();
  expect(screen.getByText(/^Measured every 5 s/)).toBeVisible();
  expect(screen.getByText('alive: yes, ready: yes')).toBeVisible();
});

it('shows the log of a service without codes of a terminal', async () => {
  openEntity('tab', answers());
  await userEvent.click(await screen.findByText('Show the log of dev'));
  const log = await screen.findByLabelText('Log of dev');
  expect(log.textContent).toMatch(/\S {2}\[stderr\] listening on 8080\n$/);
});

it('wakes a service that sleeps', async () => {
  const sleeping = environmentOf('dev', { state: 'sleeping', declared });
  const { asked } = openEntity(
    'tab',
    answers({
      'GET status': statusOf(sleeping),
      'POST environments/dev/wake': { ...sleeping, state: 'starting' },
    }),
  );
  await userEvent.click(await screen.findByLabelText('Wake dev'));
  await waitFor(() =>
    expect(asked.filter(what => what === 'GET status').length).toBe(2),
  );
  expect(asked).toContain('POST environments/dev/wake');
});

it('says why a restart did not work', async () => {
  openEntity('tab', answers({ 'POST environments/dev/restart': 409 }));
  await userEvent.click(await screen.findByLabelText('Restart dev'));
  expect(await screen.findByText('That did not work')).toBeVisible();
});

it('shows logs and buttons to those who may use them only', async () => {
  const { asked } = openEntity('tab', answers(), {
    denied: ['local-runtime.log.read', 'local-runtime.operate'],
  });
  expect(
    await screen.findByText(failedRun.reason?.message ?? ''),
  ).toBeVisible();
  expect(screen.getAllByText(/^Logs are for developers/)).toHaveLength(2);
  expect(screen.queryByLabelText('Restart dev')).not.toBeInTheDocument();
  expect(screen.queryByText('Run again')).not.toBeInTheDocument();
  expect(asked.filter(what => /log/.test(what))).toEqual([]);
});

it('says what to do before the first build', async () => {
  openEntity('tab', { 'GET runs': { items: [] } });
  expect(await screen.findByText('No build yet')).toBeVisible();
  expect(screen.getByText('Nothing was built yet')).toBeVisible();
});
