import { ResponseError } from '@backstage/errors';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import {
  type TryOutRequest,
  type TryOutResult,
  type TryOutServer,
} from '@portico/plugin-api-try-out-common';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { SWRConfig } from 'swr';
import { apiTryOutApiRef } from '../api/ApiTryOutApi';
import { OpenApiDefinition } from './OpenApiDefinition';

const definition = `
openapi: 3.1.0
info: { title: Orders, version: 1.2.0 }
paths:
  /orders/{id}:
    get:
      summary: One order
      tags: [orders]
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
      responses:
        '200':
          description: It
          content:
            application/json:
              schema: { type: object, required: [total], properties: { total: { type: number, description: In cents } } }
  /orders:
    post:
      requestBody:
        content: { application/json: { schema: { type: object, properties: { count: { type: integer, minimum: 2 } } } } }
      responses: { '201': { description: Made } }
components:
  securitySchemes:
    token: { type: http, scheme: bearer }
`;

const local: TryOutServer = {
  id: 'local-runtime-orders-dev',
  url: 'http://127.0.0.1:9000/',
  source: 'local-runtime',
  environment: 'dev',
};
const answered: TryOutResult = {
  outcome: 'answered',
  url: 'http://127.0.0.1:9000/orders/7',
  status: 200,
  statusText: 'OK',
  headers: [['content-type', 'text/html']],
  text: '<img src=x onerror=alert(1)>',
  bytes: 28,
  cut: false,
  milliseconds: 12,
};

function open(
  options: {
    servers?: TryOutServer[];
    isAllowed?: boolean;
    answer?: () => Promise<TryOutResult>;
    text?: string;
  } = {},
) {
  const sent: TryOutRequest[] = [];
  renderInTestApp(
    // The answers of usePermission are kept for all of a file otherwise.
    <SWRConfig value={{ provider: () => new Map() }}>
      <EntityProvider
        entity={{
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'API',
          metadata: { namespace: 'aurora', name: 'orders' },
        }}
      >
        <OpenApiDefinition definition={options.text ?? definition} />
      </EntityProvider>
    </SWRConfig>,
    {
      apis: [
        [
          apiTryOutApiRef,
          {
            servers: async () => options.servers ?? [local],
            send: async (_api, request) => {
              sent.push(request);
              return options.answer ? options.answer() : answered;
            },
          },
        ],
        [
          permissionApiRef,
          {
            authorize: async () => ({
              result:
                options.isAllowed === false
                  ? AuthorizeResult.DENY
                  : AuthorizeResult.ALLOW,
            }),
          },
        ],
      ],
    },
  );
  return sent;
}

async function expand(name: RegExp) {
  await userEvent.click(await screen.findByRole('button', { name }));
}

it('reads from top to bottom', async () => {
  open();
  await expand(/GET \/orders\/\{id\}/);
  expect(screen.getByRole('heading', { name: 'orders' })).toBeInTheDocument();
  const parameters = screen.getByRole('table', {
    name: 'Parameters of GET /orders/{id}',
  });
  expect(
    within(parameters).getByRole('row', { name: 'id Path string Yes' }),
  ).toBeInTheDocument();
  expect(screen.getByText('In cents', { exact: false })).toBeInTheDocument();
});

it('sends what is filled in, and shows the answer as text', async () => {
  const sent = open();
  await expand(/GET \/orders\/\{id\}/);
  const send = await screen.findByRole('button', {
    name: 'Send GET /orders/{id}',
  });
  await userEvent.click(send);
  expect(await screen.findByText('Fill in id first.')).toBeInTheDocument();
  await userEvent.type(screen.getByLabelText(/^id/), '7');
  await userEvent.type(screen.getByLabelText('Credential: token'), 's3');
  await userEvent.click(send);
  expect(await screen.findByText(/200 OK after 12 ms/)).toBeInTheDocument();
  expect(
    screen.getByRole('region', { name: 'Body of the answer' }),
  ).toHaveTextContent('<img src=x onerror=alert(1)>');
  expect(document.querySelector('img[src="x"]')).toBeNull();
  expect(sent).toEqual([
    {
      server: 'local-runtime-orders-dev',
      method: 'get',
      path: '/orders/{id}',
      pathParameters: { id: '7' },
      query: [],
      headers: [['Authorization', 'Bearer s3']],
    },
  ]);
});

it('begins a body with a sample of its schema', async () => {
  const sent = open();
  await expand(/POST \/orders/);
  await userEvent.click(
    await screen.findByRole('button', { name: 'Send POST /orders' }),
  );
  await screen.findByText(/200 OK/);
  expect(sent[0]?.body).toEqual({
    mediaType: 'application/json',
    text: '{\n  "count": 2\n}',
  });
});

it('says why nothing can be sent', async () => {
  open({
    servers: [
      { ...local, refusal: 'Your tenant was not granted this server.' },
    ],
  });
  await expand(/POST \/orders/);
  expect(
    await screen.findByText(/Your tenant was not granted this server/),
  ).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /^Send/ })).toBeNull();
});

it('says that the portal refused, and that a server did not answer', async () => {
  const problems: Array<() => Promise<TryOutResult>> = [
    async () => {
      throw await ResponseError.fromResponse(
        new Response(
          JSON.stringify({
            error: { name: 'NotAllowedError', message: 'It leads inside' },
          }),
          { status: 403, headers: { 'content-type': 'application/json' } },
        ),
      );
    },
    async () => ({
      outcome: 'failed',
      url: local.url,
      reason: 'Nothing listens there.',
      milliseconds: 1,
    }),
  ];
  open({ answer: () => problems.shift()?.() ?? Promise.resolve(answered) });
  await expand(/POST \/orders/);
  const send = await screen.findByRole('button', { name: 'Send POST /orders' });
  await userEvent.click(send);
  expect(await screen.findByText(/It leads inside/)).toBeInTheDocument();
  await userEvent.click(send);
  expect(await screen.findByText('Nothing listens there.')).toBeInTheDocument();
});

it('lets a viewer read and not send', async () => {
  open({ isAllowed: false });
  await expand(/POST \/orders/);
  expect(
    await screen.findByText(/your roles allow reading/),
  ).toBeInTheDocument();
});

it('says what is wrong with a definition', async () => {
  open({ text: 'openapi: [' });
  expect(
    await screen.findByText('The definition cannot be shown'),
  ).toBeInTheDocument();
});
