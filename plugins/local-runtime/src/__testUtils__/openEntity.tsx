import {
  type ApiRef,
  createFrontendModule,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import { AppRootWrapperBlueprint } from '@backstage/plugin-app-react';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { configure } from '@testing-library/react';
import { type ReactNode } from 'react';
import { SWRConfig } from 'swr';
import { localRuntimePlugin } from '../plugin';

// Cards and tabs are loaded when they are opened, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 15_000 });

/** The answers of usePermission are kept for all of a file otherwise. */
const freshCache = createFrontendModule({
  pluginId: 'app',
  extensions: [
    AppRootWrapperBlueprint.make({
      params: {
        component: ({ children }: { children: ReactNode }) => (
          <SWRConfig value={{ provider: () => new Map() }}>
            {children}
          </SWRConfig>
        ),
      },
    }),
  ],
});

/** What the portal answers, by `GET status` below the entity; a number is a refusal. */
export type Answers = Record<string, unknown>;

const entityPath = 'plugin://local-runtime/entities/component/aurora/checkout/';

/** Opens a card or a tab of `component:aurora/checkout`. */
export function openEntity(
  extension: 'card' | 'tab',
  answers: Answers,
  options: { denied?: string[]; isConfigured?: boolean; type?: string } = {},
) {
  const { denied = [], isConfigured = true, type = 'service' } = options;
  const asked: string[] = [];
  const fetchApi = {
    async fetch(input: string | URL | Request, init?: RequestInit) {
      const path = String(input).replace(entityPath, '');
      const [what] = path.split('?');
      asked.push(`${init?.method} ${path}`);
      const answer = answers[`${init?.method} ${what}`] ?? 404;
      return typeof answer === 'number'
        ? json(
            {
              error: { name: 'Refusal', message: 'The runtime is away.' },
              response: { statusCode: answer },
            },
            answer,
          )
        : json(answer, 200);
    },
  };
  renderTestApp({
    features: [freshCache],
    extensions: [
      createTestEntityPage({
        entity: {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: { namespace: 'aurora', name: 'checkout' },
          spec: { type },
        },
      }),
      localRuntimePlugin.getExtension('api:local-runtime'),
      localRuntimePlugin.getExtension(
        extension === 'card'
          ? 'entity-card:local-runtime/environments'
          : 'entity-content:local-runtime/runs',
      ),
    ],
    config: {
      ...(isConfigured && { localRuntime: { url: 'http://127.0.0.1:7017' } }),
    },
    apis: [
      api(fetchApiRef, fetchApi),
      api(
        permissionApiRef,
        mockApis.permission({
          authorize: ({ permission }) =>
            denied.includes(permission.name)
              ? AuthorizeResult.DENY
              : AuthorizeResult.ALLOW,
        }),
      ),
    ],
  });
  return { asked, answers };
}

function api<T>(ref: ApiRef<T>, implementation: T) {
  return [ref, implementation] as const;
}

function json(body: unknown, status: number): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json' },
  });
}
