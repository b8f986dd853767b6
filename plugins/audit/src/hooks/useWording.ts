import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  type AuditEntryView,
  type Commitment,
} from '@portico/plugin-audit-common';
import { isCommitment, readDatum } from '../content/personalData';
import { type Json } from '../content/fieldDiff';
import { auditTranslationRef } from '../translation';

/** Name of the platform's chain. */
export const PLATFORM_CHAIN = 'default';

/** Words for what an entry carries, as far as this reader may know it. */
export function useWording() {
  const { t } = useTranslationRef(auditTranslationRef);

  /** A ref of somebody, or a pseudonym in its place. */
  const ref = (value: string | Commitment, view: AuditEntryView): string => {
    const datum = readDatum(value, view);
    switch (datum.state) {
      case 'known':
        return datum.value;
      case 'erased':
        return t('person.erased', { pseudonym: datum.pseudonym });
      case 'hidden':
        return t('person.staff', { pseudonym: datum.pseudonym });
      default:
        return datum satisfies never;
    }
  };

  /** Another personal datum, such as an address or a reason. */
  const text = (value: string | Commitment, view: AuditEntryView): string => {
    const datum = readDatum(value, view);
    switch (datum.state) {
      case 'known':
        return datum.value;
      case 'erased':
        return t('person.erasedText', { pseudonym: datum.pseudonym });
      case 'hidden':
        return t('person.hiddenText', { pseudonym: datum.pseudonym });
      default:
        return datum satisfies never;
    }
  };

  /** A value of JSON in one line. */
  const json = (value: Json, view: AuditEntryView): string => {
    if (isCommitment(value)) {
      return text(value, view);
    }
    if (typeof value === 'string') {
      return value === '' ? '""' : value;
    }
    if (Array.isArray(value)) {
      return value.length === 0
        ? '[]'
        : value.map(item => json(item, view)).join(', ');
    }
    if (typeof value === 'object' && value !== null) {
      const members = Object.entries(value).map(
        ([key, member]) => `${key}: ${json(member, view)}`,
      );
      return `{${members.join(', ')}}`;
    }
    return String(value);
  };

  return {
    ref,
    text,
    json,
    actor: (view: AuditEntryView): string => {
      const { kind, ref: actorRef } = view.entry.actor;
      return actorRef === undefined
        ? t(`actorKind.${kind}`)
        : ref(actorRef, view);
    },
    chain: (chain: string): string =>
      chain === PLATFORM_CHAIN ? t('common.platform') : chain,
  };
}
