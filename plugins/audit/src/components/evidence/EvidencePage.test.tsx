import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  auditEntryReadPermission,
  type ChainState,
} from '@portico/plugin-audit-common';
import { FakeAuditBackend } from '../../__testUtils__/FakeAuditBackend';
import { openPage } from '../../__testUtils__/openPage';
import { sampleChains } from '../../__testUtils__/sampleEntries';

const failing: ChainState['anchors'][number] = {
  destination: 'vault',
  type: 's3',
  size: 0,
  failingSince: '2026-11-21T07:00:00.000Z',
  failure: 'the bucket does not answer',
};

describe('the evidence', () => {
  const downloads: { file: string; text: Promise<string> }[] = [];

  beforeEach(() => {
    downloads.splice(0);
    const blobs = new Map<string, Blob>();
    // jsdom has neither addresses of blobs nor downloads.
    URL.createObjectURL = jest.fn((blob: Blob) => {
      const address = `blob:${blobs.size}`;
      blobs.set(address, blob);
      return address;
    });
    URL.revokeObjectURL = jest.fn();
    jest
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(function click(this: HTMLAnchorElement) {
        const blob = blobs.get(this.href);
        if (blob) {
          downloads.push({ file: this.download, text: blob.text() });
        }
      });
  });

  afterEach(() => jest.restoreAllMocks());

  it('says how a chain does, where its checkpoints are, and with which keys to check them', async () => {
    const backend = new FakeAuditBackend({
      chains: sampleChains([
        {
          waiting: 3,
          retentionDays: 365,
          anchors: [
            {
              destination: 'witness',
              type: 'file',
              size: 1_200,
              deliveredAt: '2026-11-21T08:00:01.000Z',
            },
            failing,
          ],
        },
      ]),
    });
    openPage('/audit/evidence', backend);
    expect(
      await screen.findByRole('heading', { name: 'Chain of aurora' }),
    ).toBeInTheDocument();
    expect(screen.getByText('1,234')).toBeInTheDocument();
    expect(screen.getByText('kept for 365 days')).toBeInTheDocument();
    expect(screen.getByText(/34 entries since then/)).toBeInTheDocument();
    expect(screen.getByRole('row', { name: /witness/ })).toHaveTextContent(
      'Up to date',
    );
    const row = screen.getByRole('row', { name: /vault/ });
    expect(row).toHaveTextContent('Failing');
    expect(row).toHaveTextContent(/Since .*2026.*: the bucket does not answer/);
    expect(
      await screen.findByRole('region', {
        name: 'Signed note over 1,200 entries',
        hidden: true,
      }),
    ).toHaveTextContent('portico.example/aurora');
    expect(
      screen.getByRole('region', { name: 'Key that signs now' }),
    ).toHaveTextContent('portico.example+1a2b3c4d+AbCdEf==');
    expect(
      screen.getByRole('region', { name: 'Former key 1' }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('region', { name: 'Command to verify the bundle' }),
    ).toHaveTextContent(
      /^portico audit verify audit-aurora-\S+\.jsonl --key portico\.example\+0f0f0f0f\+Old= portico\.example\+1a2b3c4d\+AbCdEf==$/,
    );
  });

  it('lets an auditor choose a chain, in the address', async () => {
    openPage(
      '/audit/evidence',
      new FakeAuditBackend({
        chains: sampleChains([
          { chain: 'default', checkpoint: undefined, anchors: [] },
          { chain: 'aurora', anchors: [failing] },
        ]),
      }),
    );
    expect(
      await screen.findByRole('heading', { name: 'Chain of Platform' }),
    ).toBeInTheDocument();
    const row = screen.getByRole('row', { name: /^aurora/ });
    expect(row).toHaveTextContent('Failing');
    await userEvent.click(screen.getByRole('button', { name: /^aurora/ }));
    expect(
      await screen.findByRole('heading', { name: 'Chain of aurora' }),
    ).toBeInTheDocument();
    expect(window.location.search).toBe('?chain=aurora');
  });

  it('downloads the whole chain and gives the command that verifies it', async () => {
    const backend = new FakeAuditBackend();
    openPage('/audit/evidence', backend);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Export…' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('1234 entries, about 1.1 MB');
    expect(dialog).toHaveTextContent('512 MB at most');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Export' }),
    );
    const done = await screen.findByRole('dialog', {
      name: 'The export is in your downloads',
    });
    expect(downloads).toHaveLength(1);
    expect(await downloads[0].text).toBe(backend.exportBody);
    expect(
      within(done).getByRole('region', {
        name: 'Command to verify the bundle',
      }),
    ).toHaveTextContent(
      `portico audit verify ${downloads[0].file} --key portico.example+0f0f0f0f+Old= portico.example+1a2b3c4d+AbCdEf==`,
    );
    expect(backend.asked.at(-1)?.search).toBe('?format=jsonl&chain=aurora');
  });

  it('exports what is looked at, as a table', async () => {
    const backend = new FakeAuditBackend();
    openPage('/audit/entries?outcome=refused', backend);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Export…' }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('radio', { name: /CSV/ }));
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Export' }),
    );
    expect(
      await screen.findByText(/A table carries no proofs/),
    ).toBeInTheDocument();
    expect(backend.asked.at(-1)?.search).toBe(
      '?format=csv&outcome=refused&chain=aurora',
    );
    expect(downloads[0].file).toMatch(/^audit-aurora-\S+Z\.csv$/);
  });

  it('says why an export failed', async () => {
    const backend = new FakeAuditBackend();
    openPage('/audit/evidence', backend);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Export…' }),
    );
    const dialog = await screen.findByRole('dialog');
    backend.status = 503;
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Export' }),
    );
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'the disk is on fire',
    );
    expect(downloads).toEqual([]);
  });

  it('erases a former member only with a reason and the name typed again', async () => {
    const backend = new FakeAuditBackend();
    openPage('/audit/evidence', backend);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Erase a person…' }),
    );
    const dialog = await screen.findByRole('dialog');
    const submit = within(dialog).getByRole('button', {
      name: 'Erase for good',
    });
    expect(dialog).toHaveTextContent('This cannot be undone');
    await userEvent.type(within(dialog).getByLabelText(/^Short name/), 'sasha');
    await userEvent.type(
      within(dialog).getByLabelText(/^Reason/),
      'Asked for it by letter',
    );
    await userEvent.type(
      within(dialog).getByLabelText(/^Type the name again/),
      'sascha',
    );
    await userEvent.click(submit);
    expect(dialog).toHaveTextContent('It is not the same name.');
    expect(backend.bodies).toEqual([]);

    const again = within(dialog).getByLabelText(/^Type the name again/);
    await userEvent.clear(again);
    await userEvent.type(again, 'sasha');
    await userEvent.click(submit);
    expect(
      await screen.findByText('7 personal data lost their values for good.'),
    ).toBeInTheDocument();
    expect(backend.bodies).toEqual([
      {
        chain: 'aurora',
        person: 'user:aurora/sasha',
        reason: 'Asked for it by letter',
      },
    ]);
  });

  it('offers no erasure to those who may only read', async () => {
    openPage('/audit/evidence', new FakeAuditBackend(), [
      auditEntryReadPermission,
    ]);
    await screen.findByRole('button', { name: 'Export…' });
    await waitFor(() =>
      expect(
        screen.queryByRole('button', { name: 'Erase a person…' }),
      ).toBeNull(),
    );
  });
});
