import { auditFilterSchema } from '@portico/plugin-audit-common';
import fc from 'fast-check';
import { readView, toFilter, type View, writeView } from './addressQuery';
import { suggestActs } from './suggestActs';

const word = fc.stringMatching(/^[a-z0-9:/."-]{1,40}$/);

const view: fc.Arbitrary<View> = fc.record(
  {
    chain: fc.constantFrom('aurora', 'default'),
    actor: word,
    act: fc.constantFrom('tenancy.member.add', 'tenancy.*'),
    subject: word,
    outcome: fc.constantFrom('refused' as const, 'failed' as const),
    severity: fc.constantFrom('high' as const),
    requestId: word,
    correlation: word,
    range: fc.constantFrom('hour' as const, 'week' as const),
    text: word,
  },
  { requiredKeys: [] },
);

describe('the address of a view', () => {
  it('reads what it wrote, and asks for nothing that the portal does not know', () => {
    fc.assert(
      fc.property(view, wanted => {
        const read = readView(
          new URLSearchParams(writeView(wanted).toString()),
        );
        expect(read).toEqual(wanted);
        auditFilterSchema.parse(toFilter(read, new Date()));
      }),
    );
  });

  it('leaves out what makes no sense', () => {
    expect(
      readView(
        new URLSearchParams(
          'severity=loud&chain=Ä&act=DROP TABLE&range=year&from=yesterday&text=kim&entry=aurora:1',
        ),
      ),
    ).toEqual({ text: 'kim' });
  });

  it('prefers a range that moves with time to fixed ends', () => {
    const now = new Date('2026-11-21T12:00:00.000Z');
    const read = readView(
      new URLSearchParams('range=day&from=2020-01-01T00:00:00.000Z'),
    );
    expect(toFilter(read, now)).toEqual({ from: '2026-11-20T12:00:00.000Z' });
  });
});

describe('suggestActs', () => {
  it('offers a group before its members where it has more than one', () => {
    expect(
      suggestActs([
        'tenancy.member.add',
        'tenancy.member.remove',
        'auth.session.begin',
      ]),
    ).toEqual([
      'auth.session.begin',
      'tenancy.*',
      'tenancy.member.*',
      'tenancy.member.add',
      'tenancy.member.remove',
    ]);
  });
});
