import { InputError } from '@backstage/errors';
import {
  type AuditDraft,
  auditDraftSchema,
  type PersonalValue,
} from '@portico/plugin-audit-common';
import { personalDataOf, sha256 } from '@portico/plugin-audit-common/chain';
import { auditEngineActs } from '../auditActs';
import { type WaitingAct } from './RelayStore';

/** Whose a personal datum is, and what it says. */
export type PersonalDatum = PersonalValue['$personal'];

/** An act with what the relay found in it. */
export interface ReadAct extends WaitingAct {
  content: AuditDraft;
  /** Personal data of the act, each as often as it stands there. */
  data: PersonalDatum[];
  /** Why the act cannot be chained as it is; the content says that it could not. */
  unreadable?: string;
}

/**
 * Reads what an act left in the outbox. It never fails: what cannot be chained becomes
 * content that says so, because a chain must not stand still.
 */
export function readAct(act: WaitingAct): ReadAct {
  try {
    const result = auditDraftSchema.safeParse(JSON.parse(act.draft));
    if (!result.success) {
      const [issue] = result.error.issues;
      throw new InputError(
        `It is malformed at ${issue?.path.join('.')}: ${issue?.code}`,
      );
    }
    if (result.data.chain !== act.chain) {
      throw new InputError('It names another chain than its own');
    }
    const data = personalDataOf(result.data);
    if (data.some(({ of, value }) => `${of}${value}`.includes('\0'))) {
      throw new InputError('A personal datum holds a character that is none');
    }
    return { ...act, content: result.data, data };
  } catch (error) {
    return unreadableAct(
      act,
      // a parser's own message would repeat what it read
      error instanceof InputError ? error.message : 'It is no JSON',
    );
  }
}

/** What is chained in place of an act that cannot be: its digest, and that it was there. */
export function unreadableAct(act: WaitingAct, reason: string): ReadAct {
  const { name, severity } = auditEngineActs.unreadable;
  const digest = sha256(Buffer.from(act.draft)).toString('hex');
  return {
    ...act,
    unreadable: reason,
    data: [],
    content: {
      chain: act.chain,
      act: name,
      severity,
      outcome: 'failed',
      actor: { kind: 'plugin', ref: 'plugin:audit' },
      subject: { kind: 'outbox', ref: act.position },
      payloadDigest: `sha256:${digest}`,
    },
  };
}
