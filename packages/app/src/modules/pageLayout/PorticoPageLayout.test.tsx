import { screen, within } from '@testing-library/react';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { PorticoPageLayout } from './PorticoPageLayout';

describe('PorticoPageLayout', () => {
  afterEach(() => window.history.replaceState(null, '', '/'));

  it('has one landmark, one heading, and its sections as links with the current one marked', async () => {
    window.history.replaceState(null, '', '/tenancy/members');
    await renderInTestApp(
      <PorticoPageLayout
        title="Administration"
        titleLink="/tenancy"
        tabs={[
          { id: 'sources', label: 'Sources', href: '/tenancy/sources' },
          { id: 'members', label: 'Members', href: '/tenancy/members' },
        ]}
      >
        <p>Content</p>
      </PorticoPageLayout>,
    );
    const main = await screen.findByRole('main');
    expect(within(main).getByRole('heading', { level: 1 })).toHaveTextContent(
      'Administration',
    );
    const sections = screen.getByRole('navigation', {
      name: 'Sections of Administration',
    });
    expect(
      within(sections).getByRole('link', { name: 'Members' }),
    ).toHaveAttribute('aria-current', 'page');
    expect(
      within(sections).getByRole('link', { name: 'Sources' }),
    ).not.toHaveAttribute('aria-current');
    expect(main).toHaveTextContent('Content');
    expect(document.title).toMatch(/^Administration \| /);
  });

  it('leaves a page without a head to its own content', async () => {
    await renderInTestApp(
      <PorticoPageLayout title="Home" noHeader>
        <p>Content</p>
      </PorticoPageLayout>,
    );
    expect(await screen.findByText('Content')).toBeInTheDocument();
    expect(screen.queryByRole('heading')).not.toBeInTheDocument();
  });
});
