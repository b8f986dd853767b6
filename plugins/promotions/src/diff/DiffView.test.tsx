import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { sampleDiff } from '../__testUtils__/samples';
import { DiffView } from './DiffView';

it('names the gravest risk first', async () => {
  renderInTestApp(<DiffView diff={sampleDiff()} />);
  const risks = await screen.findByRole('list', { name: 'Risks' });
  expect(
    within(risks)
      .getAllByRole('listitem')
      .map(item => item.textContent),
  ).toEqual([
    expect.stringContaining('Replicas of Deployment checkout go from 3 to 1.'),
    expect.stringContaining('Memory grows by 64 MiB.'),
  ]);
});

it('shows commits with author and ticket, and follows no address but of the web', async () => {
  renderInTestApp(<DiffView diff={sampleDiff()} />);
  expect(await screen.findByText('Count what is in the basket')).toBeVisible();
  expect(screen.getByText('SHOP-12')).toBeVisible();
  expect(screen.getByText('pull request 7').closest('a')).toBeNull();
});

it('opens the lines of a file by keyboard, however many there are', async () => {
  renderInTestApp(<DiffView diff={sampleDiff(500)} />);
  const toggle = (await screen.findByText('apps/Deployment checkout')).closest(
    'button',
  );
  expect(toggle).toHaveAttribute('aria-expanded', 'false');
  expect(screen.queryByText(/line 1/)).not.toBeInTheDocument();
  toggle?.focus();
  await userEvent.keyboard('{Enter}');
  expect(toggle).toHaveAttribute('aria-expanded', 'true');
  const lines = screen.getByLabelText(
    'Changed lines of apps/Deployment checkout',
  );
  expect(lines).toHaveTextContent(/line 1\D/);
  // The rest follows piece by piece.
  await waitFor(() => expect(lines).toHaveTextContent('line 500'));
});
