import { ResponseError } from '@backstage/errors';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { EmptyState } from './EmptyState';
import { LoadingState } from './LoadingState';
import { ProblemState } from './ProblemState';

function answer(status: number, message: string): Promise<ResponseError> {
  return ResponseError.fromResponse(
    new Response(
      JSON.stringify({
        error: { name: 'Refusal', message },
        response: { statusCode: status },
      }),
      { status, headers: { 'content-type': 'application/json' } },
    ),
  );
}

it('says the same of what is absent and of what is hidden, without a reason', async () => {
  renderInTestApp(
    <ProblemState
      error={await answer(404, 'component:borealis/secret is not yours')}
      onRetry={() => {}}
    />,
  );
  expect(await screen.findByRole('alert')).toHaveTextContent('Not found');
  expect(screen.queryByText(/borealis/)).not.toBeInTheDocument();
  expect(screen.queryByRole('button')).not.toBeInTheDocument();
});

it('says who can help where a role is missing', async () => {
  renderInTestApp(<ProblemState error={await answer(403, 'No')} />);
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'You may not see this',
  );
});

it('says what broke in the words of the portal and tries again', async () => {
  const onRetry = jest.fn();
  renderInTestApp(
    <ProblemState
      error={await answer(503, 'The index is being built.')}
      onRetry={onRetry}
    />,
  );
  expect(await screen.findByText('The index is being built.')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(onRetry).toHaveBeenCalledTimes(1);
});

it('has words for an error without any', async () => {
  renderInTestApp(<ProblemState error={undefined} />);
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'The portal gave no reason.',
  );
});

it('tells screen readers what is on its way and what is empty', async () => {
  renderInTestApp(
    <>
      <LoadingState label="Runs are loading" />
      <EmptyState title="No run yet" description="Push a commit." />
    </>,
  );
  expect(
    await screen.findByRole('status', { name: 'Runs are loading' }),
  ).toBeInTheDocument();
  expect(
    screen.getByText('No run yet').closest('[role=status]'),
  ).toHaveTextContent('Push a commit.');
});
