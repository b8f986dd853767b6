import {
  type AuditEntry,
  auditEntrySchema,
} from '@portico/plugin-audit-common';
import { porticoRoutes } from '@portico/walls';
import { execFile } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import {
  ShippedPortal,
  type SignedIn,
  until,
} from './__testUtils__/ShippedPortal';
import { SmallIdentityProvider } from './__testUtils__/SmallIdentityProvider';

jest.setTimeout(400_000);

const run = promisify(execFile);
const AURORA = '/tenancy/tenants/aurora';

/** What a call of a route is expected to leave. */
interface Call {
  requestId: string;
  /** Name of the chain. */
  chain: string;
  /** Ref of the actor; undefined where nobody is known. */
  actor?: string;
}

describe('the audit of the backend as shipped', () => {
  let portal: ShippedPortal;
  let provider: SmallIdentityProvider;
  let admin: Client;
  /** By route, as `POST /api/tenancy/tenants`. */
  const calls = new Map<string, Call[]>();
  /** Secrets that were used, by what they are. */
  const secrets: Record<string, string> = {};

  beforeAll(async () => {
    provider = await SmallIdentityProvider.start();
    portal = await ShippedPortal.start({
      bindings: {
        systems: [
          {
            name: 'dashboards',
            kind: 'grafana',
            url: 'https://grafana.invalid',
          },
        ],
      },
      auth: {
        session: { secret: 'the-session-secret-of-the-test' },
        providers: {
          oidc: {
            development: {
              metadataUrl: `${provider.issuer}/.well-known/openid-configuration`,
              clientId: 'portico',
              clientSecret: 'the-client-secret-of-the-test',
            },
          },
        },
      },
    });
    admin = new Client({
      connectionString: portal.testDatabase.adminConnectionString,
    });
    await admin.connect();
    await callEveryRoute();
  });
  afterAll(async () => {
    await admin?.end();
    await portal?.stop();
    await provider?.stop();
  });

  function keep(
    route: string,
    requestId: string | null,
    more: Omit<Call, 'requestId'>,
  ) {
    expect([route, requestId]).toEqual([
      route,
      expect.stringMatching(/^[0-9a-f-]{36}$/),
    ]);
    const kept = calls.get(route) ?? [];
    calls.set(route, [...kept, { requestId: String(requestId), ...more }]);
  }

  /** Calls a route as somebody, and expects it to work. */
  async function call(
    route: string,
    options: {
      who?: SignedIn & { userRef: string };
      chain?: string;
      path?: string;
      body?: object;
      headers?: Record<string, string>;
      status?: number;
      /** A body of another kind than JSON. */
      text?: string;
      actor?: string;
    },
  ): Promise<Response> {
    const { who, chain = 'aurora', status = 200 } = options;
    const [method, path] = route.split(' ');
    const answer = await fetch(portal.url + (options.path ?? path), {
      method,
      redirect: 'manual',
      headers: {
        ...(who && { authorization: `Bearer ${who.token}` }),
        ...(options.body && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      body: options.text ?? (options.body && JSON.stringify(options.body)),
    });
    if (answer.status !== status) {
      throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
    }
    keep(route, answer.headers.get('x-request-id'), {
      chain,
      actor: options.actor ?? who?.userRef,
    });
    return answer;
  }

  async function signIn(userRef: string) {
    const answer = await call('GET /api/auth/persona/refresh', {
      headers: { 'x-portico-persona': userRef },
      chain: userRef.slice('user:'.length, userRef.indexOf('/')),
      actor: userRef,
    });
    const { token } = (await answer.json()).backstageIdentity;
    return { ...portal.as(token), userRef };
  }

  /** Goes once through everything that writes. */
  async function callEveryRoute() {
    const pat = await signIn('user:default/pat');
    await call('POST /api/tenancy/tenants', {
      who: pat,
      chain: 'default',
      status: 201,
      body: { id: 'aurora', title: 'Aurora' },
    });
    const group = 'PUT /api/tenancy/tenants/:tenant/groups/:name';
    const groupPath = `/api${AURORA}/groups/shop`;
    await call(group, {
      who: pat,
      path: groupPath,
      body: { displayName: 'Shop' },
    });
    await call(group, {
      who: pat,
      path: groupPath,
      body: { displayName: 'The shop' },
    });
    const member = 'PUT /api/tenancy/tenants/:tenant/members/:name';
    const put = async (name: string, body: object, status = 201) =>
      call(member, {
        who: pat,
        path: `/api${AURORA}/members/${name}`,
        status,
        body: { displayName: name, groups: ['shop'], ...body },
      });
    const persona = (name: string) => ({
      issuer: 'urn:portico:persona',
      subject: `user:aurora/${name}`,
    });
    await put('kim', {
      roles: ['developer', 'tenant-admin'],
      identity: persona('kim'),
    });
    await put('vic', { roles: ['viewer'], identity: persona('vic') });
    await put('vic', { roles: ['developer'] }, 200);
    await put('vic', { roles: ['developer'], disabled: true }, 200);
    await put('oda', {
      roles: ['viewer'],
      identity: { issuer: provider.issuer, subject: 'oda' },
    });
    const kim = await signIn('user:aurora/kim');
    Object.assign(secrets, {
      'session token': kim.token,
      'session token of the administrator': pat.token,
      'sealing key': portal.secrets.sealingKey,
      'key of the checkpoints': portal.secrets.auditKey,
      'client secret': 'the-client-secret-of-the-test',
      'session secret': 'the-session-secret-of-the-test',
    });

    await callRefusedSignIn();
    await callMachine(kim);
    await callDevice(kim);
    await callOidc();
    await callScaffolder(kim);
    await callGit(kim);
    await callSources(kim);
    await callBindings(pat, kim);
    await callDirectory(kim);
    await callPromotions(kim, put);
    await callSessions(kim, put);
    await call('POST /api/catalog/refresh', {
      who: kim,
      body: { entityRef: 'component:aurora/checkout' },
    });
    await call('DELETE /api/tenancy/tenants/:tenant/members/:name', {
      who: pat,
      path: `/api${AURORA}/members/vic`,
      status: 204,
    });
    await call('DELETE /api/tenancy/tenants/:tenant/groups/:name', {
      who: pat,
      path: groupPath,
      status: 204,
    });
    // The relay has to have taken the person's entries first.
    await find(
      calls.get('DELETE /api/tenancy/tenants/:tenant/members/:name')?.[0]
        ?.requestId ?? '',
      'the removal of a member',
    );
    await call('POST /api/audit/erasures', {
      who: kim,
      body: {
        chain: 'aurora',
        person: 'user:aurora/vic',
        reason: 'Asked for it',
      },
    });
    await call('GET /api/audit/export', {
      who: kim,
      path: '/api/audit/export?chain=aurora&format=jsonl',
    }).then(answer => answer.text());
    const last = await signIn('user:aurora/kim');
    await call('DELETE /api/tenancy/session', { who: last, status: 204 });
  }

  async function callBindings(
    pat: SignedIn & { userRef: string },
    kim: SignedIn & { userRef: string },
  ) {
    const tenant = '/api/bindings/tenants/aurora';
    const granted = await call('POST /api/bindings/tenants/:tenant/grants', {
      who: pat,
      path: `${tenant}/grants`,
      status: 201,
      body: {
        kind: 'grafana-folder',
        system: 'dashboards',
        resource: 'aurora',
      },
    });
    const { id } = await granted.json();
    secrets['credential of an external system'] = `external-${randomUUID()}`;
    const route = '/api/bindings/tenants/:tenant/credentials/:system';
    const path = `${tenant}/credentials/dashboards`;
    await call(`PUT ${route}`, {
      who: kim,
      path,
      body: { token: secrets['credential of an external system'] },
    });
    await call(`DELETE ${route}`, { who: kim, path, status: 204 });
    await call('DELETE /api/bindings/tenants/:tenant/grants/:id', {
      who: pat,
      path: `${tenant}/grants/${id}`,
      status: 204,
    });
  }

  /** An identity provider that provisions somebody, and lets them go. */
  async function callDirectory(kim: SignedIn & { userRef: string }) {
    const route = '/api/tenancy/tenants/:tenant/directory';
    const path = `/api${AURORA}/directory`;
    await call(`PUT ${route}`, {
      who: kim,
      path,
      body: { issuer: provider.issuer },
    });
    const created = await call(`POST ${route}/tokens`, {
      who: kim,
      path: `${path}/tokens`,
      status: 201,
      body: {},
    });
    const { token, directoryToken } = await created.json();
    secrets['token of the directory'] = token;
    secrets['secret of the token of the directory'] = token
      .split('_')
      .slice(3)
      .join('_');
    const scim = async (
      target: string,
      options: { id?: string; body?: object; status?: number },
    ) => {
      const [method, resource] = target.split(' ');
      const { id = ':id', status = 200 } = options;
      const isOne = resource.endsWith('/:id');
      const answer = await call(
        `${method} /api/tenancy/scim/:tenant/v2${resource}`,
        {
          path: `/api/tenancy/scim/aurora/v2${
            isOne ? resource.replace(':id', id) : resource
          }`,
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/scim+json',
          },
          ...(options.body && { text: JSON.stringify(options.body) }),
          status,
          actor: `scim:aurora/${directoryToken.id}`,
        },
      );
      return status === 204 ? {} : answer.json();
    };
    const replacing = (attribute: string, value: unknown) => ({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', path: attribute, value }],
    });
    const person = { userName: 'sam', externalId: 'sub-sam' };
    const { id } = await scim('POST /Users', { body: person, status: 201 });
    await scim('PUT /Users/:id', {
      id,
      body: { ...person, displayName: 'Sam' },
    });
    await scim('PATCH /Users/:id', { id, body: replacing('active', false) });
    const group = { displayName: 'Provisioned' };
    const made = await scim('POST /Groups', { body: group, status: 201 });
    await scim('PUT /Groups/:id', {
      id: made.id,
      body: { displayName: 'Renamed', members: [{ value: id }] },
    });
    await scim('PATCH /Groups/:id', {
      id: made.id,
      body: replacing('members', []),
    });
    await scim('DELETE /Groups/:id', { id: made.id, status: 204 });
    await scim('PATCH /Users/:id', { id, body: replacing('active', true) });
    await scim('DELETE /Users/:id', { id, status: 204 });
    await call(`DELETE ${route}/tokens/:id`, {
      who: kim,
      path: `${path}/tokens/${directoryToken.id}`,
      status: 204,
    });
    await call(`DELETE ${route}`, { who: kim, path, status: 204 });
  }

  /** Needs the component that the templates made, and the platform's pipeline. */
  async function callPromotions(
    kim: SignedIn & { userRef: string },
    put: (name: string, body: object, status?: number) => Promise<Response>,
  ) {
    const people = [];
    for (const name of ['uma', 'ron', 'lea']) {
      await put(name, {
        roles: ['approver'],
        identity: {
          issuer: 'urn:portico:persona',
          subject: `user:aurora/${name}`,
        },
      });
      people.push(await signIn(`user:aurora/${name}`));
    }
    const [uma, ron, lea] = people;
    const component = 'component:aurora/checkout';
    const base = '/api/promotions';
    const reason = { reason: 'The test asks for it' };
    await until(async () =>
      (
        await kim.ask('GET', `/promotions/delivery?component=${component}`)
      ).ok
        ? true
        : undefined,
    );
    const announce = async (version: string) => {
      const answer = await call(`POST ${base}/releases`, {
        who: kim,
        status: 201,
        body: {
          content: {
            component,
            version,
            images: [{ name: 'checkout', digest: `sha256:${'c'.repeat(64)}` }],
          },
        },
      });
      return (await answer.json()).id as string;
    };
    const target = { component, environment: 'prod' };
    const request = async (release: string) => {
      const answer = await call(`POST ${base}/promotions`, {
        who: kim,
        status: 201,
        body: { ...target, release },
      });
      return (await answer.json()).id as string;
    };
    const act = (id: string, verb: string, who = uma, body: object = {}) =>
      call(`POST ${base}/promotions/:id/${verb}`, {
        who,
        path: `${base}/promotions/${id}/${verb}`,
        body,
      });
    const broken = await request(await announce('1.0.0'));
    await act(broken, 'break-glass', uma, {
      ...reason,
      gates: ['soak'],
      ticket: 'INC-1',
    });
    await act(broken, 'break-glass/confirm', ron);
    await act(broken, 'break-glass/review', lea, {
      finding: 'justified',
      comment: 'It was a test',
    });
    const rejected = await announce('1.1.0');
    const open = await request(rejected);
    // Nothing is deployed here, so nothing could be shown otherwise.
    await admin.query(
      'update portico_promotions.promotions set subject = $1 where id = $2',
      [rejected, open],
    );
    await act(open, 'votes', uma, { decision: 'approve', subject: rejected });
    await act(await request(await announce('1.2.0')), 'cancel', kim, reason);
    const rolling = await request(await announce('1.3.0'));
    // No cluster is here: the engine finds that there is no rollout.
    await admin.query(
      `update portico_promotions.promotions
          set phase = 'running', revision = revision + 10, due_at = now() where id = $1`,
      [rolling],
    );
    await call(`POST ${base}/promotions/:id/rollout`, {
      who: uma,
      path: `${base}/promotions/${rolling}/rollout`,
      status: 202,
      body: {
        ...reason,
        action: 'pause',
        rollout: 'shop/checkout',
        seen: { pods: 'abc' },
      },
    });
    await call(`POST ${base}/releases/:id/reject`, {
      who: ron,
      path: `${base}/releases/${rejected}/reject`,
      body: reason,
    });
    const stop = await call(`POST ${base}/stops`, {
      who: kim,
      status: 201,
      body: reason,
    });
    const { id } = await stop.json();
    await call(`POST ${base}/stops/:id/lift`, {
      who: kim,
      path: `${base}/stops/${id}/lift`,
    });
    await call(`POST ${base}/holds`, {
      who: kim,
      body: { ...target, ...reason },
    });
    await call(`POST ${base}/holds/release`, {
      who: kim,
      body: { ...target, ...reason },
    });
    const { rows } = await admin.query(
      `insert into portico_promotions.drift
         (tenant, component, environment, class, reason, source, first_seen_at, last_seen_at)
       values ('aurora', $1, 'prod', 'liveDrift', 'Replicas differ', 'the test', now(), now())
       returning id`,
      [component],
    );
    await call(`POST ${base}/drift/:id/mute`, {
      who: kim,
      path: `${base}/drift/${rows[0].id}/mute`,
      body: {
        ...reason,
        until: new Date(Date.now() + 3_600_000).toISOString(),
      },
    });
  }

  /** Signs in until the session is another than one before: they differ by second. */
  async function signInAnew(userRef: string, before: string) {
    return until(async () => {
      const session = await signIn(userRef);
      return issuedAt(session.token) === issuedAt(before) ? undefined : session;
    });
  }

  async function callSessions(
    kim: SignedIn & { userRef: string },
    put: (name: string, body: object) => Promise<Response>,
  ) {
    const other = await signInAnew('user:aurora/kim', kim.token);
    await call('DELETE /api/tenancy/sessions/:issuedAt', {
      who: kim,
      path: `/api/tenancy/sessions/${issuedAt(other.token)}`,
      status: 204,
    });
    await put('zoe', {
      roles: ['viewer'],
      identity: { issuer: 'urn:portico:persona', subject: 'user:aurora/zoe' },
    });
    const route = 'DELETE /api/tenancy/tenants/:tenant/members/:name/sessions';
    const path = `/api${AURORA}/members/zoe/sessions`;
    const first = await signIn('user:aurora/zoe');
    await signInAnew('user:aurora/zoe', first.token);
    await call(`${route}/:issuedAt`, {
      who: kim,
      path: `${path}/${issuedAt(first.token)}`,
      status: 204,
    });
    await call(route, { who: kim, path, status: 204 });
  }

  async function callRefusedSignIn() {
    // A disabled member is known: the refusal stands in the tenant's chain.
    await call('GET /api/auth/persona/refresh', {
      headers: { 'x-portico-persona': 'user:aurora/vic' },
      status: 403,
    });
  }

  async function callMachine(kim: SignedIn & { userRef: string }) {
    const created = await call('POST /api/tenancy/tenants/:tenant/tokens', {
      who: kim,
      path: `/api${AURORA}/tokens`,
      status: 201,
      body: { name: 'ci', scopes: ['catalog:read'] },
    });
    const { token, machineToken } = await created.json();
    secrets['machine token'] = token;
    // The secret itself may have an underscore.
    secrets['secret of the machine token'] = token
      .split('_')
      .slice(3)
      .join('_');
    const refresh = 'GET /api/auth/machine/refresh';
    const answer = await call(refresh, {
      headers: { 'x-portico-machine-token': token },
      actor: 'user:aurora/bot-ci',
    });
    secrets['session token of the machine'] = (
      await answer.json()
    ).backstageIdentity.token;
    const wrong = `${token.slice(0, -6)}AAAAAA`;
    secrets['refused machine token'] = wrong;
    await call(refresh, {
      headers: { 'x-portico-machine-token': wrong },
      status: 401,
    });
    await call('DELETE /api/tenancy/tenants/:tenant/tokens/:id', {
      who: kim,
      path: `/api${AURORA}/tokens/${machineToken.id}`,
      status: 204,
    });
  }

  async function callDevice(kim: SignedIn & { userRef: string }) {
    const started = await kim.ask('POST', '/tenancy/device/start', {
      client: 'test',
    });
    const { deviceCode, userCode } = await started.json();
    secrets['device code'] = deviceCode;
    await call('POST /api/tenancy/device/approve', {
      who: kim,
      body: { userCode },
    });
    await call('GET /api/auth/device/refresh', {
      headers: { 'x-portico-device-code': deviceCode },
      actor: kim.userRef,
    });
  }

  async function callOidc() {
    const cookies = new Map<string, string>();
    const cookie = () => ({
      cookie: [...cookies].map(pair => pair.join('=')).join('; '),
    });
    const take = (answer: Response) => {
      for (const line of answer.headers.getSetCookie()) {
        const [name, value] = line.split(';')[0].split(/=(.*)/s);
        cookies.set(name, value);
      }
      return answer;
    };
    const callback = async (account: string) => {
      provider.account = account;
      const start = take(
        await fetch(`${portal.url}/api/auth/oidc/start?env=development`, {
          redirect: 'manual',
          headers: cookie(),
        }),
      );
      const there = await fetch(start.headers.get('location') ?? '', {
        redirect: 'manual',
      });
      return new URL(there.headers.get('location') ?? '');
    };
    const oda = 'user:aurora/oda';
    const get = await callback('oda');
    const page = take(
      await call('GET /api/auth/oidc/handler/frame', {
        path: get.pathname + get.search,
        headers: cookie(),
        actor: oda,
      }),
    );
    expect(decodeURIComponent(await page.text())).toContain('user:aurora/oda');
    const post = await callback('oda');
    take(
      await call('POST /api/auth/oidc/handler/frame', {
        path: `${post.pathname}?state=${encodeURIComponent(
          post.searchParams.get('state') ?? '',
        )}`,
        headers: {
          ...cookie(),
          'content-type': 'application/x-www-form-urlencoded',
        },
        text: post.searchParams.toString(),
        actor: oda,
      }),
    );
    for (const method of ['GET', 'POST']) {
      const refreshed = take(
        await call(`${method} /api/auth/oidc/refresh`, {
          path: '/api/auth/oidc/refresh?env=development',
          headers: { ...cookie(), 'x-requested-with': 'XMLHttpRequest' },
          actor: oda,
        }),
      );
      const { backstageIdentity } = await refreshed.json();
      secrets[`session token by OpenID Connect (${method})`] =
        backstageIdentity.token;
    }
    provider.handedOut.forEach((secret, index) => {
      secrets[`secret ${index} of the identity provider`] = secret;
    });
  }

  async function callScaffolder(kim: SignedIn & { userRef: string }) {
    await until(async () =>
      (
        await kim.ask(
          'GET',
          '/catalog/entities/by-name/template/default/typescript-service',
        )
      ).ok
        ? true
        : undefined,
    );
    secrets['secret of a template'] = `template-${randomUUID()}`;
    const task = async (name: string) => {
      const answer = await call('POST /api/scaffolder/v2/tasks', {
        who: kim,
        status: 201,
        body: {
          templateRef: 'template:default/typescript-service',
          values: {
            name,
            description: 'Takes the money',
            owner: 'group:aurora/shop',
            size: 'S',
            exposure: 'internal',
            example: 'orders',
          },
          secrets: { password: secrets['secret of a template'] },
        },
      });
      return (await answer.json()).id as string;
    };
    const ended = (id: string) =>
      until(async () => {
        const { status } = await (
          await kim.ask('GET', `/scaffolder/v2/tasks/${id}`)
        ).json();
        return ['completed', 'failed', 'cancelled'].includes(status)
          ? String(status)
          : undefined;
      });
    expect(await ended(await task('checkout'))).toBe('completed');
    const second = await task('basket');
    // Stock cannot cancel a task that has not said anything yet.
    await until(async () => {
      const events = await kim.ask(
        'GET',
        `/scaffolder/v2/tasks/${second}/events`,
      );
      return (await events.json()).length > 0 ? true : undefined;
    });
    await call('POST /api/scaffolder/v2/tasks/:task/cancel', {
      who: kim,
      path: `/api/scaffolder/v2/tasks/${second}/cancel`,
    });
    await ended(second);
    await call('POST /api/scaffolder/v2/tasks/:task/retry', {
      who: kim,
      path: `/api/scaffolder/v2/tasks/${second}/retry`,
      status: 201,
      body: { secrets: {} },
    });
    await ended(second);
  }

  async function callGit(kim: SignedIn & { userRef: string }) {
    const work = join(portal.directory, 'work');
    const header = Buffer.from(`git:${kim.token}`).toString('base64');
    secrets['password of git'] = header;
    const git = (...args: string[]) =>
      run(
        'git',
        ['-c', `http.extraHeader=Authorization: Basic ${header}`, ...args],
        {
          cwd: portal.directory,
          env: {
            PATH: process.env.PATH,
            HOME: portal.directory,
            GIT_CONFIG_NOSYSTEM: '1',
            GIT_TERMINAL_PROMPT: '0',
            GIT_CURL_VERBOSE: '1',
            GIT_AUTHOR_NAME: 'Kim',
            GIT_AUTHOR_EMAIL: 'kim@aurora.example',
            GIT_COMMITTER_NAME: 'Kim',
            GIT_COMMITTER_EMAIL: 'kim@aurora.example',
          },
        },
      );
    await mkdir(work, { recursive: true });
    await git(
      'clone',
      '--quiet',
      `${portal.url}/api/git-host/aurora/checkout.git`,
      work,
    );
    await writeFile(join(work, 'NOTES.md'), 'A note');
    await git('-C', work, 'add', '.');
    await git('-C', work, 'commit', '--quiet', '-m', 'Add a note');
    const { stderr } = await git('-C', work, 'push', 'origin', 'HEAD:main');
    // The last answer is that of the push itself.
    const ids = [...stderr.matchAll(/x-request-id: ([0-9a-f-]{36})/gi)];
    keep(
      'POST /api/git-host/:tenant/:repository.git/git-receive-pack',
      ids.at(-1)?.[1] ?? null,
      { chain: 'aurora', actor: kim.userRef },
    );
  }

  async function callSources(kim: SignedIn & { userRef: string }) {
    const path = `/api${AURORA}/sources/second`;
    const route = 'PUT /api/tenancy/tenants/:tenant/sources/:name';
    const body = {
      location: {
        kind: 'repository',
        repository: 'checkout',
        path: 'second.yaml',
      },
    };
    const created = await call(route, { who: kim, path, body, status: 201 });
    const { webhook } = await created.json();
    secrets['secret of a webhook'] = webhook.secret;
    await call(route, { who: kim, path, body });
    await call('POST /api/tenancy/tenants/:tenant/sources/:name/read', {
      who: kim,
      path: `${path}/read`,
      status: 202,
    });
    const hook = 'POST /api/tenancy/hooks/:tenant/:source';
    const text = '{"ref":"refs/heads/main"}';
    const deliver = (secret: string, status: number) =>
      call(hook, {
        path: '/api/tenancy/hooks/aurora/second',
        text,
        status,
        headers: {
          'content-type': 'application/json',
          'x-github-delivery': randomUUID(),
          'x-hub-signature-256': `sha256=${createHmac('sha256', secret)
            .update(text)
            .digest('hex')}`,
        },
      });
    await deliver(webhook.secret, 202);
    await deliver('another secret', 401);
    await call('DELETE /api/tenancy/tenants/:tenant/sources/:name', {
      who: kim,
      path,
      status: 204,
    });
  }

  /** Entries of a request, once the relay has chained them. */
  async function find(requestId: string, what: string): Promise<AuditEntry[]> {
    return until(async () => {
      const { rows } = await admin.query(
        'select entry from portico_audit.entries where request_id = $1 order by sequence',
        [requestId],
      );
      return rows.length > 0
        ? rows.map(row => auditEntrySchema.parse(JSON.parse(row.entry)))
        : undefined;
    }, `an entry of ${what}`);
  }

  /** What a commitment of the chain stands for. */
  async function disclose(value: unknown): Promise<unknown> {
    const commitment = (value as { $personal?: string } | undefined)?.$personal;
    if (!commitment) {
      return value;
    }
    const { rows } = await admin.query(
      'select value from portico_audit.personal_data where commitment = $1',
      [commitment],
    );
    return rows[0]?.value;
  }

  /** Rows of the plugins that run which leave something in the audit. */
  function recordingRows() {
    return porticoRoutes.openRoutes().flatMap(({ pluginId, route }) =>
      route.records &&
      // What needs a cluster, a local runtime or an API is found by the tests of its package.
      pluginId !== 'kubernetes' &&
      pluginId !== 'local-runtime' &&
      pluginId !== 'api-try-out' &&
      portal.log.includes(`'${pluginId}'`)
        ? [
            {
              name: `${route.method} /api/${pluginId}${route.path}`,
              records: route.records,
            },
          ]
        : [],
    );
  }

  it('finds an entry of each call of each route that writes', async () => {
    const rows = recordingRows();
    expect(rows.length).toBeGreaterThan(25);
    // A new row needs a call above.
    expect(rows.map(row => row.name).filter(name => !calls.has(name))).toEqual(
      [],
    );
    const found = new Set<string>();
    for (const { name, records } of rows) {
      for (const { requestId, chain, actor } of calls.get(name) ?? []) {
        const entries = await find(requestId, name);
        const own = entries.filter(entry => records.includes(entry.act));
        expect([name, own.length, entries.map(({ act }) => act)]).not.toEqual([
          name,
          0,
          expect.anything(),
        ]);
        for (const entry of own) {
          found.add(entry.act);
          expect([name, entry.chain]).toEqual([name, chain]);
          expect([name, actor && (await disclose(entry.actor.ref))]).toEqual([
            name,
            actor,
          ]);
        }
      }
    }
    // Each act that some row names was seen at least once.
    const named = new Set(rows.flatMap(row => row.records));
    expect([...named].filter(act => !found.has(act))).toEqual([]);
  });

  it('finds both ends of what stock plugins and Git do', async () => {
    // A task is over a moment before its end is recorded.
    const rows = await until(async () => {
      const groups = await admin.query(
        `select act, array_agg(outcome order by sequence) as outcomes
           from portico_audit.entries
          where act like 'scaffolder.%' or act like 'catalog.%' or act like 'git-host.%'
          group by act, coalesce(correlation, id::text)`,
      );
      return groups.rows.every(({ outcomes }) => outcomes.length > 1)
        ? groups.rows
        : undefined;
    });
    const acts = new Set(rows.map(row => row.act));
    for (const act of [
      'catalog.entity-mutate.refresh',
      'scaffolder.task.create',
      'scaffolder.task.execution',
      'git-host.repository.create',
      'git-host.repository.push',
    ]) {
      expect([act, acts.has(act)]).toEqual([act, true]);
    }
    for (const { act, outcomes } of rows) {
      expect([act, outcomes]).toEqual([
        act,
        ['started', expect.stringMatching(/^(succeeded|failed|refused)$/)],
      ]);
    }
  });

  it('keeps every secret out of database, log and exports', async () => {
    const exports = await exported();
    const places: Record<string, string> = { log: portal.log, ...exports };
    const { rows: tables } = await admin.query(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    expect(tables.length).toBeGreaterThan(40);
    for (const { name } of tables) {
      const { rows } = await admin.query(
        `select t::text as text from ${name} t`,
      );
      places[name] = rows.map(row => row.text).join('\n');
    }
    expect(Object.keys(secrets).length).toBeGreaterThan(15);
    const leaks = Object.entries(secrets).flatMap(([what, secret]) =>
      formsOf(secret).flatMap(form =>
        Object.entries(places)
          .filter(([, text]) => text.includes(form))
          .map(([place]) => `${what} in ${place}`),
      ),
    );
    expect([...new Set(leaks)]).toEqual([]);
    // The search itself finds what is there.
    expect(
      formsOf('user:aurora/kim').some(form => places.log.includes(form)),
    ).toBe(true);
    expect(places['portico_tenancy.members']).toContain('kim');
    expect(exports.jsonl).toContain('tenancy.token.create');
  });

  /** What the auditor of the platform can take away. */
  async function exported(): Promise<{ jsonl: string; csv: string }> {
    const ana = await portal.signIn('user:default/ana');
    const texts = await Promise.all(
      ['jsonl', 'csv'].map(async format => {
        const answer = await ana.ask(
          'GET',
          `/audit/export?chain=aurora&format=${format}`,
        );
        expect(answer.status).toBe(200);
        return answer.text();
      }),
    );
    return { jsonl: texts[0], csv: texts[1] };
  }
});

function issuedAt(token: string): number {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString())
    .iat;
}

/** A secret as it could stand somewhere. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    // At each of the three places that Base64 can begin, without what depends on neighbours
    ...[0, 1, 2].flatMap(shift => {
      const text = Buffer.concat([Buffer.alloc(shift), bytes]);
      return (['base64', 'base64url'] as const).map(encoding =>
        text
          .toString(encoding)
          .replace(/=+$/, '')
          .slice(shift === 0 ? 0 : 4, -2),
      );
    }),
    bytes.toString('hex'),
  ];
}
