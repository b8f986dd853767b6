import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeAuditBackend } from '../../__testUtils__/FakeAuditBackend';
import { openPage } from '../../__testUtils__/openPage';
import {
  commitment,
  sampleChains,
  sampleEntry,
} from '../../__testUtils__/sampleEntries';

/** The text of a fact by its name. */
async function fact(name: string) {
  const term = (await screen.findAllByRole('term')).find(
    element => element.textContent === name,
  );
  return term?.nextElementSibling;
}

describe('an entry', () => {
  it('says who, to what, when, from where and why, and leads to what belongs to it', async () => {
    const entry = sampleEntry({
      sequence: 2,
      onBehalfOf: commitment('user:aurora/kim'),
      reason: commitment('Kim changes teams'),
      correlation: 'task-7',
      outcome: 'started',
      details: { template: 'typescript-service', attempts: 2 },
    });
    entry.disclosed[commitment('Kim changes teams').$personal] =
      'Kim changes teams';
    openPage('/audit/aurora/2', new FakeAuditBackend({ entries: [entry] }));
    const who = await fact('Who');
    expect(who).toHaveTextContent('user:aurora/alex Person');
    expect(await fact('On behalf of')).toHaveTextContent('user:aurora/kim');
    expect(await fact('Reason')).toHaveTextContent('Kim changes teams');
    expect(await fact('From address')).toHaveTextContent('127.0.0.1');
    expect(await fact('When')).toHaveTextContent(entry.entry.occurredAt);
    expect(await fact('template')).toHaveTextContent('typescript-service');
    expect(await fact('attempts')).toHaveTextContent('2');
    expect(
      screen.getByRole('link', { name: 'All entries of this request' }),
    ).toHaveAttribute('href', '/audit/entries?requestId=request-1');
    expect(screen.getByRole('link', { name: 'How it ended' })).toHaveAttribute(
      'href',
      '/audit/entries?correlation=task-7',
    );
    expect(screen.getByRole('link', { name: 'All acts' })).toHaveAttribute(
      'href',
      '/audit/entries?actor=user%3Aaurora%2Falex',
    );
    expect(screen.getByRole('link', { name: 'Next' })).toHaveAttribute(
      'href',
      '/audit/aurora/3',
    );
  });

  it('shows what changed field by field, in words as well as in colours', async () => {
    const entry = sampleEntry({
      sequence: 2,
      change: {
        before: {
          roles: ['developer', 'viewer'],
          disabled: false,
          profile: { email: commitment('kim@old'), team: 'retail' },
        },
        after: {
          roles: ['approver', 'developer'],
          disabled: false,
          profile: { email: commitment('kim@new') },
          quota: 5,
        },
      },
    });
    entry.disclosed[commitment('kim@new').$personal] = 'kim@new';
    entry.erased.push(commitment('kim@old').$personal);
    openPage('/audit/aurora/2', new FakeAuditBackend({ entries: [entry] }));
    const row = async (field: string) => {
      const found = await screen.findByRole('row', {
        name: new RegExp(`^${field} `),
      });
      return [
        within(found).getByRole('rowheader'),
        ...within(found).getAllByRole('cell'),
      ].map(cell => cell.textContent);
    };
    expect(await row('roles')).toEqual([
      'roles Changed',
      'viewerdeveloper',
      'approverdeveloper',
    ]);
    expect(await row('profile.email')).toEqual([
      'profile.email Changed',
      expect.stringMatching(/^Erased \([0-9a-f]{6}…\)$/),
      'kim@new',
    ]);
    expect(await row('profile.team')).toEqual([
      'profile.team Removed',
      'retail',
      '–',
    ]);
    expect(await row('quota')).toEqual(['quota Added', '–', '5']);
    expect(screen.getByText('viewer').closest('del')).toBeInTheDocument();
    expect(screen.getByText('approver').closest('ins')).toBeInTheDocument();
    expect(screen.getByText('1 field is unchanged')).toBeInTheDocument();
  });

  it('says what vouches for it, and lets the browser check its hash', async () => {
    const entry = sampleEntry({ sequence: 1_200 });
    openPage('/audit/aurora/1200', new FakeAuditBackend({ entries: [entry] }));
    expect(
      await screen.findByText('Anchored in checkpoint 1,200'),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/Delivered to file ‘witness’ at .*2026/),
    ).toBeInTheDocument();
    expect(screen.getByText(entry.hash)).toBeInTheDocument();
    const text = screen.getByRole('region', {
      name: 'Canonical text of the entry',
      hidden: true,
    }).textContent;
    expect(JSON.parse(text ?? '')).toEqual(entry.entry);
    // personal data are not in it
    expect(text).not.toContain('alex');
  });

  it('says that no checkpoint covers it yet', async () => {
    const entry = sampleEntry({ sequence: 1_201 });
    openPage('/audit/aurora/1201', new FakeAuditBackend({ entries: [entry] }));
    expect(await screen.findByText('Not yet anchored')).toBeInTheDocument();
  });

  it.each(['/audit/borealis/1', '/audit/aurora/one', '/audit/aurora/0'])(
    'says the same of what is absent, of another tenant or no place: %s',
    async address => {
      openPage(address, new FakeAuditBackend());
      expect(await screen.findByRole('alert')).toHaveTextContent(
        'There is no such entry',
      );
      expect(screen.getByRole('link', { name: 'All entries' })).toHaveAttribute(
        'href',
        '/audit/entries',
      );
    },
  );

  it('copies the canonical text', async () => {
    const entry = sampleEntry({ sequence: 5 });
    openPage(
      '/audit/aurora/5',
      new FakeAuditBackend({ entries: [entry], chains: sampleChains() }),
    );
    const user = userEvent.setup();
    const writeText = jest
      .spyOn(window.navigator.clipboard, 'writeText')
      .mockResolvedValue();
    await user.click(await screen.findByText('Canonical text'));
    await user.click(
      await screen.findByRole('button', {
        name: 'Copy: Canonical text of the entry',
      }),
    );
    expect(writeText).toHaveBeenCalledWith(
      expect.stringMatching(/^\{"act":"tenancy\.member\.update",/),
    );
    expect(
      await screen.findByRole('button', { name: /^Copied/ }),
    ).toBeInTheDocument();
  });
});
