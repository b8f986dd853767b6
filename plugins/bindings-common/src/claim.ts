import { type Entity } from '@backstage/catalog-model';
import { type BindingKind } from './bindingKind';

/**
 * What an entity's annotations say about an external system. Whoever writes a catalog
 * file writes them, so a claim gives nothing by itself: a grant does.
 */
export interface Claim {
  kind: BindingKind;
  /** Names of systems, where an annotation names some; else any that is granted. */
  systems?: readonly string[];
  /** Host of the system, where an annotation names one. */
  host?: string;
  /** The thing that is claimed; absent where no annotation names one. */
  resource?: string;
  /**
   * The annotations that say more, as they stand. Encode them wherever they are used.
   */
  annotations: Readonly<Record<string, string>>;
}

/** Annotations that name one thing, by which a name from a browser is looked up. */
const nameAnnotations: Readonly<Record<BindingKind, readonly string[]>> = {
  'argocd-project': [
    'argocd/app-name',
    'argocd/app-selector',
    'argocd/project-name',
  ],
  'kubernetes-namespace': [
    'backstage.io/kubernetes-id',
    'backstage.io/kubernetes-namespace',
    'backstage.io/kubernetes-label-selector',
  ],
  'git-organisation': ['github.com/project-slug', 'gitlab.com/project-slug'],
  'grafana-folder': [
    'grafana/dashboard-selector',
    'grafana/tag-selector',
    'grafana/alert-label-selector',
    'grafana/overview-dashboard',
  ],
  'jira-project': ['jira/project-key'],
  'sentry-project': ['sentry.io/project-slug'],
  'sonar-project': ['sonarqube.org/project-key'],
  // Servers stand in the definition of an API.
  'api-server': [],
};

/** Annotations that narrow a claim and are none by themselves. */
const furtherAnnotations: Readonly<Record<BindingKind, readonly string[]>> = {
  'argocd-project': ['argocd/instance-name', 'argocd/app-namespace'],
  'kubernetes-namespace': ['backstage.io/kubernetes-cluster'],
  'git-organisation': ['gitlab.com/instance', 'backstage.io/source-location'],
  'grafana-folder': ['grafana/host-id'],
  'jira-project': ['jira/component'],
  'sentry-project': [],
  'sonar-project': [],
  'api-server': [],
};

/** The annotations that a claim of a kind is made with. */
export function claimAnnotations(kind: BindingKind): readonly string[] {
  return nameAnnotations[kind];
}

/**
 * What an entity claims.
 *
 * @returns undefined when none of its annotations is about this kind
 */
export function readClaim(
  kind: BindingKind,
  entity: Pick<Entity, 'metadata'>,
): Claim | undefined {
  const all = entity.metadata.annotations ?? {};
  const annotations: Record<string, string> = {};
  for (const key of [...nameAnnotations[kind], ...furtherAnnotations[kind]]) {
    const value = Object.hasOwn(all, key) ? all[key] : undefined;
    if (typeof value === 'string' && value !== '') {
      annotations[key] = value;
    }
  }
  if (!nameAnnotations[kind].some(key => annotations[key] !== undefined)) {
    return undefined;
  }
  return { kind, annotations, ...readDetails(kind, annotations) };
}

function readDetails(
  kind: BindingKind,
  annotations: Readonly<Record<string, string | undefined>>,
): Pick<Claim, 'systems' | 'host' | 'resource'> {
  switch (kind) {
    case 'argocd-project':
      return {
        systems: listOf(annotations['argocd/instance-name']),
        resource: annotations['argocd/project-name'],
      };
    case 'kubernetes-namespace':
      return {
        systems: listOf(annotations['backstage.io/kubernetes-cluster']),
        resource: annotations['backstage.io/kubernetes-namespace'],
      };
    case 'git-organisation':
      return readRepository(annotations);
    case 'grafana-folder':
      return { systems: listOf(annotations['grafana/host-id']) };
    case 'jira-project':
      return { resource: annotations['jira/project-key'] };
    case 'sentry-project':
      return { resource: annotations['sentry.io/project-slug'] };
    case 'sonar-project': {
      // `<key>` or `<instance>/<key>`
      const key = annotations['sonarqube.org/project-key'] ?? '';
      const slash = key.indexOf('/');
      return slash < 0
        ? { resource: key }
        : { systems: [key.slice(0, slash)], resource: key.slice(slash + 1) };
    }
    case 'api-server':
      return {};
    default:
      return kind satisfies never;
  }
}

/** `<organisation>/<repository>` on the host that the annotations name. */
function readRepository(
  annotations: Readonly<Record<string, string | undefined>>,
): Pick<Claim, 'host' | 'resource'> {
  const github = annotations['github.com/project-slug'];
  const slug = github ?? annotations['gitlab.com/project-slug'] ?? '';
  const own =
    github === undefined
      ? annotations['gitlab.com/instance'] ?? 'gitlab.com'
      : 'github.com';
  const source = sourceHost(annotations['backstage.io/source-location'], slug);
  return {
    host: (source ?? own).toLowerCase(),
    resource: slug.slice(0, Math.max(slug.lastIndexOf('/'), 0)),
  };
}

/** The host of a source location that lies in this very repository. */
function sourceHost(
  location: string | undefined,
  slug: string,
): string | undefined {
  const url = location?.startsWith('url:')
    ? URL.parse(location.slice('url:'.length))
    : undefined;
  return url && `${url.pathname}/`.startsWith(`/${slug}/`)
    ? url.host
    : undefined;
}

function listOf(text: string | undefined): string[] | undefined {
  const names = text?.split(',').map(name => name.trim());
  return names?.filter(name => name !== '');
}
