import { type AuthService } from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import {
  type Binding,
  type BindingRefusal,
  type BindingsService,
  type ConfiguredSystem,
} from '@portico/plugin-bindings-node';
import { type DeliveryTarget } from '@portico/plugin-promotions-node';
import { type ApplicationAddress } from '../client/ArgoCdClient';

const APPLICATION_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Where an application is, or why there is none to talk to. */
export type ResolvedApplication =
  | {
      outcome: 'found';
      address: ApplicationAddress;
      title: string;
      url: string;
    }
  | { outcome: 'none'; reason: string };

/** Finds the application of a component in an environment, by what its tenant was granted. */
export class ApplicationResolver {
  readonly #auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  readonly #bindings: Pick<BindingsService, 'resolve'>;
  readonly #systems: ReadonlyMap<string, ConfiguredSystem>;

  constructor(options: {
    auth: Pick<AuthService, 'getOwnServiceCredentials'>;
    bindings: Pick<BindingsService, 'resolve'>;
    systems: ReadonlyMap<string, ConfiguredSystem>;
  }) {
    this.#auth = options.auth;
    this.#bindings = options.bindings;
    this.#systems = options.systems;
  }

  /**
   * @param purpose - to read, the platform's own token will do where the tenant has none;
   *   to change something, only the tenant's
   */
  async resolve(
    target: DeliveryTarget,
    purpose: 'read' | 'change',
  ): Promise<ResolvedApplication> {
    const { tenant, component, delivery } = target;
    const name = applicationName(target);
    if (!APPLICATION_NAME.test(name)) {
      return none(
        `'${name}' cannot be the name of an application; see delivery.argocd.application of the environment ${target.environment}`,
      );
    }
    const resolution = await this.#bindings.resolve(
      component,
      'argocd-project',
      {
        // eslint-disable-next-line no-restricted-syntax -- promotions run without a user; the tenant bounds what is resolved
        credentials: await this.#auth.getOwnServiceCredentials(),
        tenant,
      },
    );
    if (resolution.outcome === 'refused') {
      return none(refusalReason(component, resolution.reason));
    }
    const wanted = delivery.argocd?.system;
    const [binding, another] = resolution.bindings.filter(
      ({ system }) => wanted === undefined || system.name === wanted,
    );
    if (!binding) {
      return none(
        `${component} is not bound to the Argo CD '${wanted}' that the environment ${target.environment} names`,
      );
    }
    if (another) {
      return none(
        `${component} is bound to several Argo CD systems or projects; name one in delivery.argocd.system of the environment ${target.environment}`,
      );
    }
    return this.#address(binding, name, purpose);
  }

  async #address(
    binding: Binding,
    name: string,
    purpose: 'read' | 'change',
  ): Promise<ResolvedApplication> {
    const system = this.#systems.get(binding.system.name);
    if (!system) {
      return none(`There is no system ${binding.system.name} any more`);
    }
    const own = (await binding.credential())?.token;
    const token = own ?? (purpose === 'read' ? system.readToken : undefined);
    if (token === undefined) {
      return none(
        `${binding.tenant} has set no credential for ${system.title}; set one on the page of the bindings`,
      );
    }
    const namespace = binding.claim.annotations['argocd/app-namespace'];
    if (namespace !== undefined && !NAMESPACE.test(namespace)) {
      return none(
        `The annotation argocd/app-namespace of ${binding.entityRef} is no namespace`,
      );
    }
    return {
      outcome: 'found',
      address: { system, project: binding.resource, name, namespace, token },
      title: `Argo CD ${system.title}`,
      url: `${system.url.replace(/\/$/, '')}/applications/${
        namespace ? `${namespace}/` : ''
      }${name}`,
    };
  }
}

/** Name of the application, with component and environment filled in. */
export function applicationName({
  component,
  environment,
  delivery,
}: DeliveryTarget): string {
  return (delivery.argocd?.application ?? '{component}-{environment}')
    .replaceAll('{component}', parseEntityRef(component).name)
    .replaceAll('{environment}', environment);
}

function none(reason: string): ResolvedApplication {
  return { outcome: 'none', reason };
}

function refusalReason(component: string, reason: BindingRefusal): string {
  switch (reason) {
    case 'not-found':
      return `There is no ${component} in the catalog`;
    case 'no-claim':
      return `${component} says nothing of Argo CD; give it the annotation argocd/project-name`;
    case 'not-granted':
      return `The project that ${component} names was not granted to the tenant; ask the platform team`;
    case 'incomplete':
      return `${component} does not say which project is meant; give it the annotation argocd/project-name`;
    default:
      return reason satisfies never;
  }
}
