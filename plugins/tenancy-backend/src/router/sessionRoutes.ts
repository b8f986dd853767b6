import { NotFoundError } from '@backstage/errors';
import { parse } from '@portico/http-api';
import { auditContext } from '@portico/plugin-audit-node';
import {
  type Session,
  type SessionList,
  sessionQuerySchema,
  tenancyMemberManagePermission,
} from '@portico/plugin-tenancy-common';
import { type Router } from 'express';
import { z } from 'zod';
import { readSession } from '../service/createTenancyService';
import { memberRef, parseMemberRef } from '../service/userRef';
import { type RouterOptions } from './RouterOptions';

const PAGE_SIZE = 100;

const issuedAtSchema = z.coerce.number().int().nonnegative();

/** Who is signed in, and ending it: one's own sessions, and those of a tenant. */
export function addSessionRoutes(
  router: Router,
  options: Pick<RouterOptions, 'access' | 'sessions' | 'tenancy'>,
): void {
  const { access, sessions, tenancy } = options;

  router.get('/sessions', async (request, response) => {
    const { credentials, principal } = await access.caller(request);
    const member = parseMemberRef(principal.userRef);
    if (!member) {
      throw new NotFoundError('There are no sessions of this caller');
    }
    const { cursor } = parse(sessionQuerySchema, request.query, 'The query');
    response.json(
      await readPage({
        tenant: member.tenant,
        member: member.name,
        cursor,
        current: readSession(credentials),
      }),
    );
  });

  router.delete('/sessions/:issuedAt', async (request, response) => {
    const { principal } = await access.caller(request);
    await tenancy.sessions.end({
      userRef: principal.userRef,
      issuedAt: parse(issuedAtSchema, request.params.issuedAt, 'The session'),
      by: auditContext(request, principal),
    });
    response.status(204).end();
  });

  router.get('/tenants/:tenant/sessions', async (request, response) => {
    const { credentials, tenant } = await access.requireInTenant(
      request,
      tenancyMemberManagePermission,
    );
    const query = parse(sessionQuerySchema, request.query, 'The query');
    response.json(
      await readPage({
        tenant: tenant.id,
        ...query,
        current: readSession(credentials),
      }),
    );
  });

  router.delete(
    '/tenants/:tenant/members/:name/sessions',
    async (request, response) => {
      const { tenant, principal } = await access.requireInTenant(
        request,
        tenancyMemberManagePermission,
      );
      await tenancy.sessions.end({
        userRef: memberRef({ tenant: tenant.id, name: request.params.name }),
        by: auditContext(request, principal),
      });
      response.status(204).end();
    },
  );

  router.delete(
    '/tenants/:tenant/members/:name/sessions/:issuedAt',
    async (request, response) => {
      const { tenant, principal } = await access.requireInTenant(
        request,
        tenancyMemberManagePermission,
      );
      await tenancy.sessions.end({
        userRef: memberRef({ tenant: tenant.id, name: request.params.name }),
        issuedAt: parse(issuedAtSchema, request.params.issuedAt, 'The session'),
        by: auditContext(request, principal),
      });
      response.status(204).end();
    },
  );

  async function readPage(page: {
    tenant: string;
    member?: string;
    cursor?: string;
    current: { userRef: string; issuedAt: number };
  }): Promise<SessionList> {
    const { tenant, member, cursor, current } = page;
    const [issuedAt, lastMember] = cursor?.split('.') ?? [];
    const found = await sessions.list({
      tenant,
      member,
      ...(lastMember && {
        after: { issuedAt: Number(issuedAt), member: lastMember },
      }),
      limit: PAGE_SIZE + 1,
    });
    const items: Session[] = found.slice(0, PAGE_SIZE).map(session => ({
      ...session,
      current:
        session.issuedAt === current.issuedAt &&
        memberRef({ tenant, name: session.member }) === current.userRef,
    }));
    const last = items.at(-1);
    return {
      items,
      ...(found.length > PAGE_SIZE &&
        last && { nextCursor: `${last.issuedAt}.${last.member}` }),
    };
  }
}
