import {
  type APIRequestContext,
  type APIResponse,
  expect,
} from '@playwright/test';

const SERVICE_TEMPLATE = 'template:default/typescript-service';

/** The portal's HTTP API as one persona, for what a journey needs beforehand. */
export class PortalApi {
  static async create(
    request: APIRequestContext,
    userRef: string,
  ): Promise<PortalApi> {
    const response = await request.get('/api/auth/persona/refresh', {
      headers: { 'x-portico-persona': userRef },
    });
    expect(response.ok(), `sign-in as ${userRef}`).toBe(true);
    const body: { backstageIdentity: { token: string } } =
      await response.json();
    return new PortalApi(request, body.backstageIdentity.token);
  }

  readonly #request: APIRequestContext;
  readonly token: string;

  private constructor(request: APIRequestContext, token: string) {
    this.#request = request;
    this.token = token;
  }

  get(path: string): Promise<APIResponse> {
    return this.#request.get(path, {
      headers: { authorization: `Bearer ${this.token}` },
    });
  }

  post(path: string, data: object): Promise<APIResponse> {
    return this.#request.post(path, {
      data,
      headers: { authorization: `Bearer ${this.token}` },
    });
  }

  /** Name of a service of a tenant; the demo makes six in each. */
  async componentOf(tenant: string): Promise<string> {
    const response = await this.get(
      `/api/catalog/entities/by-query?filter=kind=component,spec.type=service,metadata.namespace=${tenant}&orderField=metadata.name,asc&limit=1`,
    );
    const body: { items: { metadata: { name: string } }[] } =
      await response.json();
    const name = body.items.at(0)?.metadata.name;
    if (!name) {
      throw new Error(`The tenant ${tenant} has no service; run the demo`);
    }
    return name;
  }

  /** Id of a task that made a service, and that this persona may see. */
  async taskId(): Promise<string> {
    const response = await this.get('/api/scaffolder/v2/tasks?limit=100');
    const body: {
      tasks: { id: string; spec: { templateInfo?: { entityRef: string } } }[];
    } = await response.json();
    const task = body.tasks.find(
      ({ spec }) => spec.templateInfo?.entityRef === SERVICE_TEMPLATE,
    );
    if (!task) {
      throw new Error('No service was made yet; run the demo');
    }
    return task.id;
  }
}
