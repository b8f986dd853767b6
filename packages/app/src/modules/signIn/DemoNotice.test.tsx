import { screen } from '@testing-library/react';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { DemoNotice } from './DemoNotice';

it('tells how far the demo is', async () => {
  renderInTestApp(
    <DemoNotice demo={{ done: 13, total: 36, state: 'making' }} />,
  );
  expect(await screen.findByRole('status')).toHaveTextContent(
    '13 of 36 things are there',
  );
  expect(screen.getByRole('progressbar')).toHaveAttribute('value', '13');
});

it('says when the demo stopped, and how it goes on', async () => {
  renderInTestApp(
    <DemoNotice demo={{ done: 30, total: 36, state: 'stopped' }} />,
  );
  expect(await screen.findByRole('status')).toHaveTextContent(
    '30 of 36 things could be made; the next start goes on',
  );
});

it('shows nothing once the demo is there', async () => {
  renderInTestApp(
    <div>
      <p>The page</p>
      <DemoNotice demo={undefined} />
    </div>,
  );
  await screen.findByText('The page');
  expect(screen.queryByRole('status')).not.toBeInTheDocument();
});
