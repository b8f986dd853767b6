/** What a finding is about. */
export type FindingKind =
  /** Words of another tenant came out. */
  | 'foreign words'
  /** The answer differs from the one for what does not exist. */
  | 'differs'
  /** A caller was let in who must not be. */
  | 'let in'
  /** A limit or a closed row did not answer as it must. */
  | 'unexpected status'
  /** No answer, or one that says that the portal failed. */
  | 'failure'
  /** A row of another tenant was changed. */
  | 'foreign write'
  /** A tenant does not get what is its own. */
  | 'own thing lost';

/** Something that should not be. */
export interface Finding {
  kind: FindingKind;
  /** Operation, caller and owner. */
  where: string;
  detail: string;
}

/** Those that tell one tenant something of another, or let somebody in. */
export function isLeak({ kind }: Finding): boolean {
  return kind === 'foreign words' || kind === 'differs' || kind === 'let in';
}
