/** What stands where a secret was. */
export const REDACTED = '[redacted]';

interface SecretPattern {
  /** For the list in the documentation. */
  what: string;
  pattern: RegExp;
  /** What is kept of a match. */
  keep?: (match: readonly string[]) => string;
}

const secretName =
  'pass(?:word|wd|phrase)?|pwd|secret|token|credentials?|api[_-]?key|access[_-]?key|private[_-]?key|client[_-]?secret|auth(?:orization)?|session[_-]?id|cookie';

/**
 * What is taken for a secret in logs. `docs/bindings.md` lists it; each pattern is read
 * in one pass, so that a long line costs no more than its length.
 */
export const secretPatterns: readonly SecretPattern[] = [
  {
    what: 'private keys in PEM form, also cut ones',
    pattern:
      /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g,
  },
  {
    what: 'JSON Web Tokens',
    pattern: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g,
  },
  {
    what: 'tokens of GitHub, GitLab, Slack, npm, Google, Stripe, AWS and Portico',
    pattern:
      /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{15,}|xox[abeoprs]-[A-Za-z0-9-]{10,}|npm_[A-Za-z0-9]{30,}|AIza[A-Za-z0-9_-]{30,}|[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|(?:AKIA|ASIA)[A-Z0-9]{16}|portico_[a-z0-9-]+_[A-Za-z0-9_-]{16,}|whsec_[A-Za-z0-9+/=]{16,})/g,
  },
  {
    what: 'what follows Bearer or Basic',
    pattern: /\b(Bearer|Basic) +[A-Za-z0-9._~+/=-]{6,}/gi,
    keep: ([, scheme]) => `${scheme} `,
  },
  {
    what: 'the password in an address (https://user:password@host)',
    pattern: /(:\/\/[^\s:/@]{0,200}:)[^\s/@]{1,200}(?=@)/g,
    keep: ([, start]) => start,
  },
  {
    what: 'the value of a name such as password, token or api_key, in quotes or without',
    pattern: new RegExp(
      `((?:^|[^A-Za-z0-9])["']?[A-Za-z0-9_.-]{0,40}?(?:${secretName})["']?\\s{0,3}[:=]\\s{0,3})(?:"[^"\\n]*"?|'[^'\\n]*'?|[^\\s,;&}"'\\]]+)`,
      'gi',
    ),
    keep: ([, name]) => name,
  },
];

/** A text without what looks like a secret. */
export function redactSecrets(text: string): {
  text: string;
  /** How many secrets were taken out. */
  redacted: number;
} {
  let redacted = 0;
  const result = secretPatterns.reduce(
    (rest, { pattern, keep }) =>
      rest.replace(pattern, (...match) => {
        redacted += 1;
        return `${keep ? keep(match.map(String)) : ''}${REDACTED}`;
      }),
    text,
  );
  return { text: result, redacted };
}

const secretNamePattern = new RegExp(secretName, 'i');

/** Tells whether a variable of this name holds a secret by its name. */
export function isSecretName(name: string): boolean {
  return secretNamePattern.test(name);
}
