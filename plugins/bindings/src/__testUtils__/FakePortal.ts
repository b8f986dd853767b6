import { type FetchApi } from '@backstage/frontend-plugin-api';
import {
  createGrantSchema,
  type CredentialState,
  credentialListSchema,
  credentialStateSchema,
  type Grant,
  grantListSchema,
  grantSchema,
  putCredentialSchema,
  type System,
  systemListSchema,
} from '@portico/plugin-bindings-common';

const at = '2026-11-01T08:00:00.000Z';

export const cluster: System = {
  name: 'prod-eu',
  kind: 'kubernetes',
  title: 'Production EU',
  url: 'https://k8s.example.org',
};
export const argo: System = {
  name: 'argo',
  kind: 'argocd',
  title: 'Argo CD',
  url: 'https://argo.example.org',
};

let grants = 0;
function nextId(): string {
  grants += 1;
  return `00000000-0000-4000-8000-${String(grants).padStart(12, '0')}`;
}

export function grantOf(resource: string, system: System = cluster): Grant {
  return grantSchema.parse({
    id: nextId(),
    tenant: 'aurora',
    kind: system.kind === 'argocd' ? 'argocd-project' : 'kubernetes-namespace',
    system: system.name,
    resource,
    shared: false,
    grantedBy: 'user:default/pat',
    grantedAt: at,
  });
}

/** Answers as `/api/bindings` does, in the very schemas of the API. */
export class FakePortal implements FetchApi {
  grants: Grant[] = [];
  readonly set = new Map<string, CredentialState['set']>();
  /** Method and path of each request, and what it carried. */
  readonly requests: string[] = [];
  /** Answers with this refusal instead. */
  refusal: { status: number; message: string } | undefined;

  fetch = async (
    input: RequestInfo | URL,
    init: RequestInit = {},
  ): Promise<Response> => {
    const method = init.method ?? 'GET';
    const url = new URL(String(input).replace('plugin://', 'http://'));
    const body = init.body === undefined ? undefined : String(init.body);
    this.requests.push([method, url.pathname, body].filter(Boolean).join(' '));
    if (this.refusal) {
      const { status, message } = this.refusal;
      return json({ error: { name: 'Error', message } }, status);
    }
    return this.#answer(method, url.pathname, body ? JSON.parse(body) : {});
  };

  #answer(method: string, path: string, body: unknown): Response {
    const [, tenants, , what, name] = path.split('/');
    if (tenants === 'systems') {
      return json(systemListSchema.parse({ items: [cluster, argo] }));
    }
    switch (`${method} ${what}`) {
      case 'GET grants':
        return json(grantListSchema.parse({ items: this.grants }));
      case 'POST grants': {
        const wish = createGrantSchema.parse(body);
        const grant = grantSchema.parse({ ...grantOf('x'), ...wish });
        this.grants = [...this.grants, grant];
        return json(grant, 201);
      }
      case 'DELETE grants':
        this.grants = this.grants.filter(({ id }) => id !== name);
        return new Response(null, { status: 204 });
      case 'GET credentials':
        return json(credentialListSchema.parse({ items: this.#states() }));
      case 'PUT credentials': {
        const { username } = putCredentialSchema.parse(body);
        this.set.set(name, {
          by: 'user:aurora/kim',
          at,
          fields: username === undefined ? ['token'] : ['token', 'username'],
          readable: true,
        });
        return json(
          credentialStateSchema.parse(
            this.#states().find(({ system }) => system.name === name),
          ),
        );
      }
      case 'DELETE credentials':
        this.set.delete(name);
        return new Response(null, { status: 204 });
      default:
        return json({ error: { name: 'NotFoundError', message: 'no' } }, 404);
    }
  }

  #states(): CredentialState[] {
    return [cluster, argo]
      .filter(system => this.grants.some(grant => grant.system === system.name))
      .map(system => ({
        tenant: 'aurora',
        system,
        set: this.set.get(system.name),
      }));
  }
}

function json(body: object, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json' },
  });
}
