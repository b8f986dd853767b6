import {
  type AuditEntry,
  type AuditEntryView,
  auditEntryViewSchema,
  canonicalJson,
  type ChainList,
  chainListSchema,
} from '@portico/plugin-audit-common';
import {
  digestText,
  entryHash,
  sha256,
} from '@portico/plugin-audit-common/chain';

/** A digest in text form. */
export function digest(text: string): string {
  return digestText(sha256(text));
}

/** A commitment to a personal datum; a made-up one, as its salt is not shown. */
export function commitment(value: string) {
  return { $personal: digest(value) };
}

/** An entry as the portal shows it to somebody who may know everything of it. */
export function sampleEntry(
  more: Partial<AuditEntry> & { sequence: number },
  known: string[] = ['user:aurora/alex', 'user:aurora/kim', '127.0.0.1'],
  erased: string[] = [],
): AuditEntryView {
  const entry: AuditEntry = {
    version: 1,
    chain: 'aurora',
    previous: digest(`before ${more.sequence}`),
    id: `0b8c3e2a-0000-4000-8000-${String(more.sequence).padStart(12, '0')}`,
    occurredAt: new Date(
      Date.UTC(2026, 10, 21, 9, 0, more.sequence),
    ).toISOString(),
    act: 'tenancy.member.update',
    severity: 'medium',
    outcome: 'succeeded',
    actor: { kind: 'person', ref: commitment('user:aurora/alex') },
    subject: { kind: 'member', ref: commitment('user:aurora/kim') },
    requestId: 'request-1',
    sourceAddress: commitment('127.0.0.1'),
    ...more,
  };
  return auditEntryViewSchema.parse({
    entry,
    hash: digestText(entryHash(canonicalJson(entry))),
    disclosed: Object.fromEntries(
      known.map(value => [commitment(value).$personal, value]),
    ),
    erased: erased.map(value => commitment(value).$personal),
  });
}

/** Chains as the portal lists them. */
export function sampleChains(
  chains: Partial<ChainList['items'][number]>[] = [{}],
): ChainList {
  return chainListSchema.parse({
    origin: 'portico.example',
    keys: [
      'portico.example+1a2b3c4d+AbCdEf==',
      'portico.example+0f0f0f0f+Old=',
    ],
    items: chains.map(chain => ({
      chain: 'aurora',
      size: 1_234,
      oldest: 1,
      waiting: 0,
      lastEntryAt: '2026-11-21T09:00:00.000Z',
      checkpoint: {
        chain: chain.chain ?? 'aurora',
        size: 1_200,
        note: 'portico.example/aurora\n1200\nAAAA\n\n— portico.example AAAA\n',
        createdAt: '2026-11-21T08:00:00.000Z',
      },
      anchors: [
        {
          destination: 'witness',
          type: 'file',
          size: 1_200,
          deliveredAt: '2026-11-21T08:00:01.000Z',
        },
      ],
      ...chain,
    })),
  });
}
