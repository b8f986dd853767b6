import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeAuditBackend } from '../../__testUtils__/FakeAuditBackend';
import { openPage } from '../../__testUtils__/openPage';
import {
  commitment,
  sampleChains,
  sampleEntry,
} from '../../__testUtils__/sampleEntries';

const update = sampleEntry({ sequence: 2 });
const refusal = sampleEntry({
  sequence: 1,
  act: 'access.request.refuse',
  severity: 'high',
  outcome: 'refused',
  actor: { kind: 'machine', ref: 'user:aurora/bot-ci' },
  subject: { kind: 'route', ref: 'PUT /api/tenancy/tenants/aurora' },
});

function address(): string {
  return `${window.location.pathname}${window.location.search}`;
}

describe('the list of entries', () => {
  afterEach(() => {
    Reflect.deleteProperty(window, 'matchMedia');
  });

  it('says who did what to what, when, and how it ended', async () => {
    const backend = new FakeAuditBackend({ entries: [update, refusal] });
    openPage('/audit', backend);
    const row = await screen.findByRole('row', {
      name: /tenancy\.member\.update/,
    });
    expect(row).toHaveTextContent('aurora/alex');
    expect(row).toHaveTextContent('Person');
    expect(row).toHaveTextContent('user:aurora/kim');
    expect(row).toHaveTextContent('Succeeded');
    const time = row.querySelector('time');
    expect(time).toHaveAttribute('datetime', update.entry.occurredAt);
    expect(time).toHaveAttribute('title', expect.stringContaining('2026'));
    // the zone is told
    expect(row).toHaveTextContent(
      /(UTC|GMT|[A-Z]{3,4})\S* · .*(ago|yesterday)/,
    );
    // a page of its own where there is no room beside the list
    expect(row).toHaveAttribute('data-href', '/audit/aurora/2');
    const refused = screen.getByRole('row', { name: /access\.request/ });
    expect(refused).toHaveTextContent('Machine');
    expect(refused).toHaveTextContent('Refused');
    expect(refused).toHaveTextContent('High');
    expect(backend.queries).toEqual(['']);
    // one tenant: nothing to choose
    expect(screen.queryByLabelText('Tenant')).not.toBeInTheDocument();
  });

  it('names erased people and the staff of the platform by a pseudonym', async () => {
    const entry = sampleEntry(
      {
        sequence: 3,
        actor: { kind: 'person', ref: commitment('user:default/pat') },
      },
      [],
      ['user:aurora/kim'],
    );
    openPage('/audit', new FakeAuditBackend({ entries: [entry] }));
    const row = await screen.findByRole('row', { name: /member\.update/ });
    expect(row).toHaveTextContent(/Platform staff \([0-9a-f]{6}…\)/);
    expect(row).toHaveTextContent(/Erased person \([0-9a-f]{6}…\)/);
  });

  it('keeps the filters in the address, shows each and clears them', async () => {
    const backend = new FakeAuditBackend({
      entries: [update],
      chains: sampleChains([{}, { chain: 'default' }]),
    });
    openPage(
      '/audit/entries?outcome=refused&text=kim&chain=default&severity=nonsense',
      backend,
    );
    const active = await screen.findByRole('group', {
      name: 'Active filters',
    });
    expect(
      within(active)
        .getAllByRole('button')
        .map(chip => chip.textContent),
    ).toEqual([
      'Search: kim',
      'Tenant: Platform',
      'Outcome: Refused',
      'Clear all',
    ]);
    expect(backend.queries).toEqual(['text=kim&chain=default&outcome=refused']);

    await userEvent.click(
      screen.getByRole('button', { name: 'Remove Outcome: Refused' }),
    );
    await waitFor(() =>
      expect(address()).toBe('/audit/entries?text=kim&chain=default'),
    );
    await userEvent.type(
      screen.getByRole('textbox', { name: 'Actor' }),
      'user:aurora/alex',
    );
    await waitFor(() => expect(address()).toContain('actor=user'));
    await waitFor(() =>
      expect(backend.asked.at(-1)?.searchParams.get('actor')).toBe(
        'user:aurora/alex',
      ),
    );

    await userEvent.click(screen.getByRole('button', { name: 'Clear all' }));
    await waitFor(() => expect(address()).toBe('/audit/entries'));
    expect(screen.getByRole('textbox', { name: 'Actor' })).toHaveValue('');
  });

  it('reads on with the cursor and keeps the focus', async () => {
    const backend = new FakeAuditBackend({ entries: [update, refusal] });
    backend.pageSize = 1;
    openPage('/audit', backend);
    const older = await screen.findByRole('button', { name: 'Older entries' });
    expect(screen.queryByText('access.request.refuse')).toBeNull();
    await userEvent.click(older);
    expect(
      await screen.findByText('access.request.refuse'),
    ).toBeInTheDocument();
    expect(screen.getByText('There are no older entries.')).toHaveFocus();
    expect(backend.queries).toEqual(['', 'cursor=1']);
  });

  it('says that nothing is recorded, and that nothing matches', async () => {
    openPage('/audit', new FakeAuditBackend());
    expect(
      await screen.findByText('Nothing is recorded yet'),
    ).toBeInTheDocument();
  });

  it('says what to do when nothing matches', async () => {
    openPage('/audit/entries?text=nobody', new FakeAuditBackend());
    expect(
      await screen.findByText('Take a filter away or widen the time.'),
    ).toBeInTheDocument();
  });

  it('says why it failed, and tries again', async () => {
    const backend = new FakeAuditBackend({ entries: [update] });
    backend.status = 500;
    openPage('/audit', backend);
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('the disk is on fire');
    backend.status = undefined;
    await userEvent.click(
      within(alert).getByRole('button', { name: 'Try again' }),
    );
    expect(
      await screen.findByText('tenancy.member.update'),
    ).toBeInTheDocument();
  });

  it('tells who may not read it whom to ask, and asks for nothing', async () => {
    const backend = new FakeAuditBackend({ entries: [update] });
    openPage('/audit', backend, []);
    await screen.findByText('You have no access to the audit');
    await waitFor(() =>
      expect(screen.getByRole('status')).toHaveTextContent(
        'Ask an administrator',
      ),
    );
    expect(backend.asked).toEqual([]);
  });

  it('opens an entry beside the list, in the address, and closes it with Escape', async () => {
    window.matchMedia = query =>
      Object.assign(new EventTarget(), {
        matches: query.includes('1100'),
        media: query,
        onchange: null,
        addListener: () => undefined,
        removeListener: () => undefined,
      });
    const backend = new FakeAuditBackend({ entries: [update, refusal] });
    openPage('/audit/entries', backend);
    const row = await screen.findByRole('row', { name: /member\.update/ });
    await userEvent.click(row);
    const panel = await screen.findByRole('region', {
      name: 'Entry 2 of aurora',
    });
    expect(panel).toHaveFocus();
    expect(address()).toBe('/audit/entries?entry=aurora%3A2');
    await userEvent.click(
      within(panel).getByRole('button', { name: 'The entry below' }),
    );
    expect(
      await screen.findByRole('region', { name: 'Entry 1 of aurora' }),
    ).toHaveTextContent('PUT /api/tenancy/tenants/aurora');
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(address()).toBe('/audit/entries'));
    expect(screen.queryByRole('region', { name: /^Entry/ })).toBeNull();
  });
});

describe('the live tail', () => {
  it('shows what is new, holds it back while somebody filters, and goes on after a break', async () => {
    const backend = new FakeAuditBackend({ entries: [update] });
    openPage('/audit/entries?act=tenancy.*', backend);
    await screen.findByText('tenancy.member.update');
    await userEvent.click(screen.getByRole('switch', { name: 'Live' }));
    await screen.findByText('Listening for new entries');
    const asked = backend.asked.find(({ pathname }) => pathname === '/tail');
    expect(asked?.search).toBe('?act=tenancy.*');
    expect(backend.tailHeaders[0].get('last-event-id')).toBeNull();

    act(() => {
      backend.send(': heartbeat\n\n');
      backend.tell(sampleEntry({ sequence: 3, act: 'tenancy.group.add' }));
    });
    expect(await screen.findByText('tenancy.group.add')).toBeInTheDocument();
    expect(screen.getByText('1 new entry')).toHaveAttribute(
      'aria-live',
      'polite',
    );
    // newest first
    expect(screen.getAllByRole('row').at(1)).toHaveTextContent('group.add');

    const subject = screen.getByRole('textbox', { name: 'Subject' });
    await userEvent.click(subject);
    act(() =>
      backend.tell(sampleEntry({ sequence: 4, act: 'tenancy.group.remove' })),
    );
    const show = await screen.findByRole('button', {
      name: 'Show 1 new entry',
    });
    expect(screen.getByText('Paused: new entries wait')).toBeInTheDocument();
    expect(screen.queryByText('tenancy.group.remove')).toBeNull();
    await userEvent.click(show);
    expect(await screen.findByText('tenancy.group.remove')).toBeInTheDocument();

    act(() => backend.hangUp());
    await screen.findByText('Connection lost, trying again…');
    await waitFor(() => expect(backend.tailHeaders).toHaveLength(2));
    expect(backend.tailHeaders[1].get('last-event-id')).toBe('aurora:4');
    await screen.findByText('Listening for new entries');

    await userEvent.click(screen.getByRole('switch', { name: 'Live' }));
    await waitFor(() => expect(backend.openTails).toBe(0));
  });

  it('ends and says why when the portal refuses', async () => {
    const backend = new FakeAuditBackend({ entries: [update] });
    openPage('/audit/entries', backend);
    await screen.findByText('tenancy.member.update');
    backend.status = 401;
    await userEvent.click(screen.getByRole('switch', { name: 'Live' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'the disk is on fire',
    );
  });
});
