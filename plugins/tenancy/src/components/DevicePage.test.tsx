import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createTenancyApiMock } from '../__testUtils__/createTenancyApiMock';
import { renderPage } from '../__testUtils__/renderPage';
import { DevicePage, parseUserCode } from './DevicePage';

describe('parseUserCode', () => {
  it.each([
    ['BCDF-GHJK', 'BCDF-GHJK'],
    [' bcdfghjk ', 'BCDF-GHJK'],
  ])('reads %s', (text, expected) => {
    expect(parseUserCode(text)).toBe(expected);
  });

  it.each(['', 'BCDF', 'BCDF-GHJ1', 'BCDF-GHJKL', '../BCDF'])(
    'refuses %j',
    text => {
      expect(parseUserCode(text)).toBeUndefined();
    },
  );
});

describe('DevicePage', () => {
  afterEach(() => window.history.replaceState(null, '', '/'));

  it('asks for a code, shows what asks, and approves only on a click', async () => {
    const tenancy = createTenancyApiMock();
    await renderPage(<DevicePage />, { tenancy });
    await userEvent.type(
      await screen.findByRole('textbox', { name: /Code/ }),
      'bcdfghjk',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Continue' }));
    expect(await screen.findByText('portico CLI')).toBeInTheDocument();
    expect(
      screen.getByRole('heading', {
        name: 'Sign in this device as Alex Okafor for Aurora?',
      }),
    ).toBeInTheDocument();
    expect(tenancy.approveDevice).not.toHaveBeenCalled();

    await userEvent.click(screen.getByRole('button', { name: 'Approve' }));
    expect(await screen.findByRole('status')).toHaveTextContent(
      'The device is signed in',
    );
    expect(tenancy.approveDevice).toHaveBeenCalledWith('BCDF-GHJK');
  });

  it('takes the code from the address and approves nothing when it is denied', async () => {
    window.history.replaceState(null, '', '/device?code=BCDF-GHJK');
    const tenancy = createTenancyApiMock();
    await renderPage(<DevicePage />, { tenancy });
    await userEvent.click(await screen.findByRole('button', { name: 'Deny' }));
    expect(await screen.findByRole('status')).toHaveTextContent(
      'Nothing was approved',
    );
    expect(tenancy.approveDevice).not.toHaveBeenCalled();
  });

  it('says that an unknown code is unknown', async () => {
    window.history.replaceState(null, '', '/device?code=BCDF-GHJK');
    const tenancy = createTenancyApiMock();
    tenancy.deviceRequest.mockRejectedValue(new Error('Not found'));
    await renderPage(<DevicePage />, { tenancy });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'There is no such request',
    );
  });
});
