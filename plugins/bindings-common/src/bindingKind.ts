import { z } from 'zod';

/** Kinds of external systems. */
export const systemKinds = [
  'argocd',
  'kubernetes',
  'git',
  'grafana',
  'jira',
  'sentry',
  'sonarqube',
  'api',
] as const;
export const systemKindSchema = z.enum(systemKinds);
export type SystemKind = z.infer<typeof systemKindSchema>;

/** Kinds of things in an external system that a tenant can be granted. */
export const bindingKinds = [
  'argocd-project',
  'kubernetes-namespace',
  'git-organisation',
  'grafana-folder',
  'jira-project',
  'sentry-project',
  'sonar-project',
  'api-server',
] as const;
export const bindingKindSchema = z.enum(bindingKinds);
export type BindingKind = z.infer<typeof bindingKindSchema>;

/**
 * What a granted text stands for.
 *
 * - `exact`: the thing of this name
 * - `prefix`: the same; with `*` at the end, all things whose name begins so
 * - `path`: the thing of this name and all below it
 * - `host`: the host of this name; with `*.` in front, all hosts below it
 */
type Reach = 'exact' | 'prefix' | 'path' | 'host';

interface BindingKindRule {
  /** The kind of system that holds such things. */
  systemKind: SystemKind;
  reach: Reach;
  /** The name of one thing. */
  name: RegExp;
  /** What a name looks like, for error messages. */
  form: string;
  /** True where upper and lower case are the same thing. */
  ignoresCase?: true;
}

/** The rule of each kind, in one table. */
export const bindingKindRules: Readonly<Record<BindingKind, BindingKindRule>> =
  {
    'argocd-project': {
      systemKind: 'argocd',
      reach: 'exact',
      name: /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/,
      form: 'the name of a project, such as "checkout"',
    },
    'kubernetes-namespace': {
      systemKind: 'kubernetes',
      reach: 'prefix',
      name: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
      form: 'the name of a namespace, such as "aurora-prod", or the beginning of names and "*", such as "aurora-*"',
    },
    'git-organisation': {
      systemKind: 'git',
      reach: 'path',
      name: /^[a-z0-9_][a-z0-9_.-]{0,99}(?:\/[a-z0-9_][a-z0-9_.-]{0,99}){0,19}$/,
      form: 'an organisation or a path of groups, such as "aurora" or "aurora/checkout"',
      ignoresCase: true,
    },
    'grafana-folder': {
      systemKind: 'grafana',
      reach: 'exact',
      name: /^[A-Za-z0-9_-]{1,40}$/,
      form: 'the uid of a folder, such as "fe1rxa9v"',
    },
    'jira-project': {
      systemKind: 'jira',
      reach: 'exact',
      name: /^[A-Z][A-Z0-9_]{1,254}$/,
      form: 'the key of a project, such as "SHOP"',
    },
    'sentry-project': {
      systemKind: 'sentry',
      reach: 'exact',
      name: /^[a-z0-9_-]{1,100}\/[a-z0-9_-]{1,100}$/,
      form: 'organisation and project, such as "aurora/checkout"',
    },
    'sonar-project': {
      systemKind: 'sonarqube',
      reach: 'prefix',
      name: /^[A-Za-z0-9_.:-]{1,399}$/,
      form: 'the key of a project, such as "aurora:checkout", or the beginning of keys and "*", such as "aurora:*"',
    },
    'api-server': {
      systemKind: 'api',
      reach: 'host',
      // Names only: what an address belongs to cannot be seen from it.
      name: /^(?=.{4,255}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9](?::[1-9]\d{0,4})?$/,
      form: 'the name of a host, with its port where it is not the usual one, such as "api.example.org" or "api.example.org:8443"; or "*." and a domain, such as "*.aurora.example.org"',
      ignoresCase: true,
    },
  };

/** Tells whether a granted text stands for many names (`aurora-*`, `*.example.org`). */
export function isPattern(resource: string): boolean {
  return resource.endsWith('*') || resource.startsWith('*.');
}

/**
 * The name of one thing in the form that is compared.
 *
 * @returns undefined when it cannot be the name of such a thing
 */
export function parseResourceName(
  kind: BindingKind,
  text: string,
): string | undefined {
  const rule = bindingKindRules[kind];
  const name = rule.ignoresCase ? text.toLowerCase() : text;
  return rule.name.test(name) ? name : undefined;
}

/**
 * What is granted, in the form that is stored: a name, or a pattern where the kind has
 * such.
 *
 * @returns undefined when it is neither
 */
export function parseResource(
  kind: BindingKind,
  text: string,
): string | undefined {
  const rule = bindingKindRules[kind];
  if (rule.reach === 'host' && text.startsWith('*.')) {
    const domain = parseResourceName(kind, text.slice(2));
    return domain && `*.${domain}`;
  }
  if (rule.reach !== 'prefix' || !isPattern(text)) {
    return parseResourceName(kind, text);
  }
  // What a name may begin with is what is a name with one more letter.
  const prefix = text.slice(0, -1);
  return prefix !== '' && rule.name.test(`${prefix}a`) ? text : undefined;
}

/** Tells whether what is granted includes the thing of this name. */
export function covers(
  kind: BindingKind,
  granted: string,
  claimed: string,
): boolean {
  const name = parseResourceName(kind, claimed);
  return name !== undefined && reaches(kind, granted, name);
}

/** Tells whether two granted texts have a thing in common. */
export function overlaps(kind: BindingKind, a: string, b: string): boolean {
  return reaches(kind, a, leastName(b)) || reaches(kind, b, leastName(a));
}

/** The shortest text that a granted one could stand for. */
function leastName(granted: string): string {
  if (granted.startsWith('*.')) {
    return `a${granted.slice(1)}`;
  }
  return isPattern(granted) ? granted.slice(0, -1) : granted;
}

function reaches(kind: BindingKind, granted: string, name: string): boolean {
  const { reach } = bindingKindRules[kind];
  switch (reach) {
    case 'exact':
      return name === granted;
    case 'prefix':
      return isPattern(granted)
        ? name.startsWith(granted.slice(0, -1))
        : name === granted;
    case 'host':
      return granted.startsWith('*.')
        ? name.endsWith(granted.slice(1))
        : name === granted;
    case 'path':
      return name === granted || name.startsWith(`${granted}/`);
    default:
      return reach satisfies never;
  }
}
