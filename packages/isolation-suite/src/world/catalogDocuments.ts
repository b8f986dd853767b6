import { CLUSTER } from '../portal/StandInCluster';
import { type Canaries } from './Canaries';
import { type Things } from './Things';

type Document = Record<string, unknown>;

/** The words of a tenant's entities that requests ask for. */
export type EntityWords = Pick<
  Things,
  'title' | 'tag' | 'label' | 'annotation' | 'lifecycle' | 'type'
>;

/**
 * A catalog file with an entity of each kind, a word in every field that takes one, and
 * documents that are refused, whose words come back as refusals.
 */
export function catalogFile(
  things: Pick<
    Things,
    | 'tenant'
    | 'component'
    | 'api'
    | 'resource'
    | 'system'
    | 'domain'
    | 'template'
    | 'group'
    | 'member'
    | 'namespace'
    | 'thief'
  >,
  words: EntityWords,
  canaries: Canaries,
  options: {
    sendsNotification: boolean;
    /** The namespace of the cluster that an entity claims beside its own. */
    claimed: string;
  },
): string {
  const owner = `group:${things.tenant}/${things.group}`;
  const claim = (namespace: string) => ({
    'backstage.io/kubernetes-cluster': CLUSTER,
    'backstage.io/kubernetes-namespace': namespace,
  });
  const metadata = (
    kind: string,
    name: string,
    annotations: Record<string, string> = {},
  ) => ({
    name,
    title: `Title ${words.title} ${canaries.in(`${kind} title`)}`,
    description: `About ${canaries.in(`${kind} description`)}`,
    labels: { [`canary/${canaries.in(`${kind} label key`)}`]: words.label },
    annotations: {
      [`canary/${canaries.in(`${kind} annotation key`)}`]: words.annotation,
      'canary/annotation': words.annotation,
      ...annotations,
    },
    tags: [words.tag, canaries.in(`${kind} tag`)],
    links: [
      {
        url: `https://${canaries.in(`${kind} link`)}.example/page`,
        title: canaries.in(`${kind} link title`),
      },
    ],
  });
  const entity = (
    kind: string,
    name: string,
    spec: Document,
    annotations?: Record<string, string>,
  ): Document => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: metadata(kind, name, annotations),
    spec: { owner, ...spec },
  });
  const { type, lifecycle } = words;
  const documents: Document[] = [
    entity('Domain', things.domain, {}),
    entity('System', things.system, { domain: things.domain }),
    entity('Resource', things.resource, { type, system: things.system }),
    entity('API', things.api, {
      type,
      lifecycle,
      system: things.system,
      definition: `openapi: 3.1.0 # ${canaries.in('API definition')}`,
    }),
    entity(
      'Component',
      things.component,
      {
        type,
        lifecycle,
        system: things.system,
        providesApis: [things.api],
        dependsOn: [`resource:${things.resource}`],
        canary: canaries.in('Component spec'),
      },
      claim(things.namespace),
    ),
    entity(
      'Component',
      things.thief,
      { type, lifecycle },
      claim(options.claimed),
    ),
    templateOf(
      things,
      metadata('Template', things.template),
      owner,
      canaries,
      options,
    ),
    entity(`Secret${canaries.in('refused kind')}`, 'refused', {}),
    entity('Component', canaries.in('refused name'), {
      type,
      lifecycle,
      dependsOn: [`component:${canaries.in('refused namespace')}/x`],
    }),
  ];
  return documents.map(document => JSON.stringify(document)).join('\n---\n');
}

/** A template that writes to its log and sends a notification. */
function templateOf(
  things: Pick<Things, 'tenant' | 'member'>,
  metadata: Document,
  owner: string,
  canaries: Canaries,
  { sendsNotification }: { sendsNotification: boolean },
): Document {
  const notification = {
    id: 'notify',
    name: 'Tell',
    action: 'notification:send',
    input: {
      recipients: 'entity',
      entityRefs: [`user:${things.tenant}/${things.member}`],
      title: canaries.in('notification title'),
      info: canaries.in('notification description'),
      link: `/catalog/${canaries.in('notification link')}`,
      topic: canaries.in('notification topic'),
      severity: 'normal',
    },
  };
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata,
    spec: {
      owner,
      type: canaries.in('Template type'),
      parameters: [
        {
          title: canaries.in('Template form'),
          properties: {
            note: {
              title: canaries.in('Template field'),
              type: 'string',
              default: canaries.in('Template default'),
            },
          },
        },
      ],
      steps: [
        {
          id: 'log',
          name: canaries.in('Template step'),
          action: 'debug:log',
          input: {
            message: `\${{ parameters.note }} ${canaries.in('task log')}`,
          },
        },
        ...(sendsNotification ? [notification] : []),
      ],
      output: {
        text: [{ title: 'Result', content: canaries.in('task output') }],
      },
    },
  };
}
