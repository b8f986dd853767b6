import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { PERSONA_STORAGE_KEY } from '@portico/plugin-tenancy';
import { TourBar } from './TourBar';
import { openTour, readTourRecord } from './tourRecord';

const kim = {
  userRef: 'user:aurora/kim',
  tenant: 'aurora',
  roles: ['developer' as const],
};

beforeEach(() => {
  window.localStorage.clear();
  window.localStorage.setItem(PERSONA_STORAGE_KEY, kim.userRef);
});

it('ticks the page that is looked at, and tells of it', async () => {
  openTour(kim);
  renderInTestApp(<TourBar />);
  expect(await screen.findByText('1 of 5 done')).toBeInTheDocument();
  expect(
    screen.getByRole('link', { name: 'Your home page (done)' }),
  ).toHaveAttribute('aria-current', 'step');
  expect(screen.getByText(/What your groups own/)).toBeInTheDocument();
});

it('can be left, and goes on where it was', async () => {
  openTour(kim);
  renderInTestApp(<TourBar />);
  await userEvent.click(
    await screen.findByRole('button', { name: 'Leave the tour' }),
  );
  expect(
    screen.queryByRole('region', { name: 'Guided tour' }),
  ).not.toBeInTheDocument();
  openTour(kim);
  expect(readTourRecord()?.done).toEqual(['home']);
});

it('starts anew for somebody else, and shows nobody the tour of another', async () => {
  openTour({ ...kim, userRef: 'user:aurora/mina' });
  renderInTestApp(
    <>
      <TourBar />
      <p>The page</p>
    </>,
  );
  expect(await screen.findByText('The page')).toBeInTheDocument();
  expect(screen.queryByText('Guided tour')).not.toBeInTheDocument();
});

it('reads nothing from what it did not write', () => {
  window.localStorage.setItem('portico.tour', '{"userRef":1');
  expect(readTourRecord()).toBeUndefined();
});
