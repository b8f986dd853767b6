import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { app } from './App';

const persona = (userRef: string, displayName: string, tenant: string) => ({
  userRef,
  displayName,
  tenant: { id: tenant, title: tenant, createdAt: '2026-11-01T08:00:00.000Z' },
  roles: ['developer'],
  groups: [],
});

function answer(url: string): Response {
  if (url.endsWith('/api/tenancy/personas')) {
    return Response.json({
      items: [
        persona('user:default/pat', 'Pat Platform', 'default'),
        persona('user:aurora/kim', 'Kim Nguyen', 'aurora'),
      ],
    });
  }
  return Response.json(
    { error: { name: 'NotAllowedError', message: 'No such persona' } },
    { status: 403 },
  );
}

describe('the app', () => {
  const environment = process.env;

  beforeEach(() => {
    // Read as it is by the app; the build puts the configuration there as an object.
    process.env = Object.assign({}, environment, {
      NODE_ENV: 'test',
      APP_CONFIG: [
        {
          context: 'test',
          data: {
            app: { title: 'Portico', baseUrl: 'http://localhost' },
            backend: { baseUrl: 'http://localhost' },
            auth: { environment: 'development', providers: { persona: {} } },
          },
        },
      ],
    });
    jest
      .spyOn(global, 'fetch')
      .mockImplementation(async input => answer(String(input)));
  });

  afterEach(() => {
    process.env = environment;
    window.localStorage.clear();
    jest.restoreAllMocks();
  });

  it('offers the personas by tenant, and takes a refused one back to the choice', async () => {
    render(app.createRoot());
    const headings = await screen.findAllByRole('heading', { level: 2 });
    expect(headings.map(heading => heading.textContent)).toEqual([
      'aurora',
      'default',
    ]);
    await userEvent.click(
      screen.getByRole('button', { name: /user:aurora\/kim/ }),
    );
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'No such persona',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Choose again' }));
    expect(
      await screen.findByRole('button', { name: /user:aurora\/kim/ }),
    ).toBeInTheDocument();
    expect(window.localStorage.getItem('portico.persona')).toBeNull();
  });
});
