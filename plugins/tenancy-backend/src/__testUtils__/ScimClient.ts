import { kim, type TenancyPortal } from './TenancyPortal';

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** Issuer of the people of the directory of a test. */
export const ISSUER = 'https://id.example.org/realms/aurora';

type Method = 'get' | 'put' | 'post' | 'patch' | 'delete';

/** The provisioning of an identity provider, as Entra ID or Okta would send it. */
export class ScimClient {
  /** Connects the directory of a tenant and takes a token. */
  static async connect(
    portal: TenancyPortal,
    options: { tenant?: string; admin?: string } = {},
  ): Promise<ScimClient> {
    const { tenant = 'aurora', admin = kim } = options;
    const path = `/tenants/${tenant}/directory`;
    const connected = await portal.as(admin, 'put', path, { issuer: ISSUER });
    const created = await portal.as(admin, 'post', `${path}/tokens`, {});
    if (connected.status !== 200 || created.status !== 201) {
      throw new Error(`${path}: ${connected.status}, ${created.status}`);
    }
    return new ScimClient(portal, tenant, created.body.token);
  }

  constructor(
    private readonly portal: TenancyPortal,
    private readonly tenant: string,
    readonly token: string,
  ) {}

  ask(
    method: Method,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ) {
    const request = this.portal
      .anonymous(method, `/scim/${this.tenant}/v2${path}`)
      .set('authorization', `Bearer ${this.token}`)
      .set(headers);
    return body
      ? request
          .set('content-type', 'application/scim+json')
          .send(JSON.stringify(body))
      : request;
  }

  patch(path: string, ...Operations: object[]) {
    return this.ask('patch', path, { schemas: [PATCH], Operations });
  }

  /** Provisions a person and returns the id. */
  async person(name: string, more: object = {}): Promise<string> {
    const answer = await this.ask('post', '/Users', {
      userName: `${name}@example.org`,
      externalId: `sub-${name}`,
      displayName: name,
      ...more,
    });
    if (answer.status !== 201) {
      throw new Error(`${name}: ${answer.status} ${answer.text}`);
    }
    return answer.body.id;
  }

  /** Provisions a group and returns the id. */
  async group(displayName: string, members: string[] = []): Promise<string> {
    const answer = await this.ask('post', '/Groups', {
      displayName,
      members: members.map(value => ({ value })),
    });
    if (answer.status !== 201) {
      throw new Error(`${displayName}: ${answer.status} ${answer.text}`);
    }
    return answer.body.id;
  }
}
