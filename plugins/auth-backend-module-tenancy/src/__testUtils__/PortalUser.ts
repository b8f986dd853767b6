import { type Identity } from '@portico/plugin-tenancy-common';

/** What came back from the portal. */
export interface Answer {
  status: number;
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- each test knows what it asked for
}

/** Calls the portal's API with somebody's token. */
export class PortalUser {
  /** Signs in as a persona. */
  static async persona(
    portalUrl: string,
    userRef: string,
  ): Promise<PortalUser> {
    const { body } = await call(`${portalUrl}/api/auth/persona/refresh`, {
      headers: { 'x-portico-persona': userRef },
    });
    return new PortalUser(portalUrl, body.backstageIdentity.token);
  }

  constructor(
    private readonly portalUrl: string,
    private readonly token?: string,
  ) {}

  async get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    return call(`${this.portalUrl}${path}`, {
      method,
      headers: {
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  /** Makes the tenant and the groups where needed, and writes the person. */
  async putPerson(
    userRef: string,
    person: {
      identity?: Identity;
      groups?: string[];
      roles?: string[];
      disabled?: boolean;
    },
  ): Promise<void> {
    const [tenant, name] = userRef.slice('user:'.length).split('/');
    const { groups = [], roles = ['developer'], ...more } = person;
    await this.send('POST', '/api/tenancy/tenants', {
      id: tenant,
      title: tenant,
    });
    for (const group of groups) {
      await this.send('PUT', `/api/tenancy/tenants/${tenant}/groups/${group}`, {
        displayName: group,
      });
    }
    const { status, body } = await this.send('PUT', membersPath(userRef), {
      displayName: name,
      groups,
      roles,
      ...more,
    });
    if (status >= 300) {
      throw new Error(`Could not write ${userRef}: ${JSON.stringify(body)}`);
    }
  }

  async removePerson(userRef: string): Promise<void> {
    await this.send('DELETE', membersPath(userRef));
  }
}

function membersPath(userRef: string): string {
  const [tenant, name] = userRef.slice('user:'.length).split('/');
  return `/api/tenancy/tenants/${tenant}/members/${name}`;
}

async function call(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return {
    status: response.status,
    body: text === '' ? undefined : JSON.parse(text),
  };
}
