import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Button,
  Flex,
  PasswordField,
  Select,
  Text,
  TextAreaField,
  TextField,
} from '@backstage/ui';
import { describeProblem, LoadingState } from '@portico/page-states';
import {
  type ApiDescription,
  type ApiOperation,
  sampleValue,
  type TryOutRequest,
  type TryOutServer,
} from '@portico/plugin-api-try-out-common';
import { type FormEvent, useState } from 'react';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { apiTryOutApiRef } from '../api/ApiTryOutApi';
import { apiTryOutTranslationRef } from '../translation';
import { TryOutAnswer } from './TryOutAnswer';
import { type Servers, useApiAddress } from './useServers';

const NO_BODY = '';

function keyOf(parameter: { in: string; name: string }): string {
  return `${parameter.in} ${parameter.name}`;
}

/** Sends a request of one operation, and shows what came back. */
export function TryOutForm(props: {
  api: ApiDescription;
  operation: ApiOperation;
  servers: Servers;
}) {
  const { api, operation, servers } = props;
  const { t } = useTranslationRef(apiTryOutTranslationRef);
  const usable = servers.items.filter(server => !server.refusal);
  if (servers.loading) {
    return <LoadingState />;
  }
  if (servers.error || usable.length === 0) {
    return (
      <Alert
        status="info"
        icon
        title={t('tryOut.noServer')}
        description={
          servers.error
            ? describeProblem(servers.error)
            : servers.items.map(({ url, refusal }) => (
                <Text as="p" key={url}>
                  {url}: {refusal}
                </Text>
              ))
        }
      />
    );
  }
  return <ReadyForm api={api} operation={operation} usable={usable} />;
}

function ReadyForm(props: {
  api: ApiDescription;
  operation: ApiOperation;
  usable: readonly TryOutServer[];
}) {
  const { api, operation, usable } = props;
  const { t } = useTranslationRef(apiTryOutTranslationRef);
  const tryOut = useApi(apiTryOutApiRef);
  const address = useApiAddress();
  const contents = operation.requestBody?.contents ?? [];
  const [server, setServer] = useState(usable[0]?.id ?? '');
  const [values, setValues] = useState(() => firstValues(operation));
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const [mediaType, setMediaType] = useState(contents[0]?.mediaType ?? NO_BODY);
  const [body, setBody] = useState(() => sampleBody(api, operation));
  const [missing, setMissing] = useState<string>();
  const [sent, send] = useAsyncFn(
    (request: TryOutRequest) => tryOut.send(address, request),
    [tryOut, address.namespace, address.name],
  );
  const name = `${operation.method.toLocaleUpperCase('en-US')} ${
    operation.path
  }`;

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const empty = operation.parameters.find(
      parameter => parameter.required && !values[keyOf(parameter)],
    );
    setMissing(empty?.name);
    if (empty) return;
    // Problems are shown below.
    send({
      server,
      method: operation.method,
      path: operation.path,
      ...filledIn(api, operation, values, secrets),
      ...(mediaType !== NO_BODY && { body: { mediaType, text: body } }),
    }).catch(() => {});
  };

  return (
    <form onSubmit={onSubmit} noValidate aria-label={t('tryOut.title')}>
      <Flex direction="column" gap="3">
        <Select
          label={t('tryOut.server')}
          options={usable.map(item => ({
            id: item.id,
            label: item.environment
              ? `${t('tryOut.localRuntime', {
                  environment: item.environment,
                })} (${item.url})`
              : item.url,
          }))}
          value={server}
          onChange={key => setServer(String(key))}
        />
        {operation.parameters.map(parameter => (
          <TextField
            key={keyOf(parameter)}
            label={parameter.name}
            secondaryLabel={t(`operation.places.${parameter.in}`)}
            {...(missing === parameter.name && {
              isInvalid: true,
              description: t('tryOut.missing', { name: parameter.name }),
            })}
            isRequired={parameter.required}
            value={values[keyOf(parameter)] ?? ''}
            onChange={value =>
              setValues({ ...values, [keyOf(parameter)]: value })
            }
          />
        ))}
        {api.credentials.map(({ scheme, description }) => (
          <PasswordField
            key={scheme}
            label={t('tryOut.credential', { scheme })}
            description={description ?? t('tryOut.credentialHelp')}
            autoComplete="off"
            value={secrets[scheme] ?? ''}
            onChange={value => setSecrets({ ...secrets, [scheme]: value })}
          />
        ))}
        {contents.length > 1 && (
          <Select
            label={t('tryOut.mediaType')}
            options={contents.map(content => ({
              id: content.mediaType,
              label: content.mediaType,
            }))}
            value={mediaType}
            onChange={key => setMediaType(String(key))}
          />
        )}
        {contents.length > 0 && (
          <TextAreaField
            label={t('tryOut.body', { mediaType })}
            rows={8}
            value={body}
            onChange={setBody}
          />
        )}
        <Flex align="center" gap="3">
          <Button type="submit" isPending={sent.loading}>
            {t('tryOut.send', { operation: name })}
          </Button>
          <Text color="secondary">
            {t(sent.loading ? 'tryOut.sending' : 'tryOut.recorded')}
          </Text>
        </Flex>
        <div aria-live="polite">
          {sent.error && (
            <Alert
              status="danger"
              icon
              title={t('tryOut.refusedTitle')}
              description={describeProblem(sent.error)}
            />
          )}
          {sent.value && !sent.loading && <TryOutAnswer result={sent.value} />}
        </div>
      </Flex>
    </form>
  );
}

/** What required parameters have as an example or a default. */
function firstValues(operation: ApiOperation): Record<string, string> {
  return Object.fromEntries(
    operation.parameters.flatMap(parameter => {
      const value = parameter.example ?? parameter.schema.default;
      return value === undefined || value === null
        ? []
        : [[keyOf(parameter), asText(value)]];
    }),
  );
}

function sampleBody(api: ApiDescription, operation: ApiOperation): string {
  const [content] = operation.requestBody?.contents ?? [];
  return content
    ? asText(content.example ?? sampleValue(content.schema, api.resolveSchema))
    : '';
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function filledIn(
  api: ApiDescription,
  operation: ApiOperation,
  values: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): Required<Pick<TryOutRequest, 'pathParameters' | 'query' | 'headers'>> {
  const request: ReturnType<typeof filledIn> = {
    pathParameters: {},
    query: [],
    headers: [],
  };
  for (const parameter of operation.parameters) {
    const value = values[keyOf(parameter)];
    if (!value) continue;
    switch (parameter.in) {
      case 'path':
        request.pathParameters[parameter.name] = value;
        break;
      case 'query':
        request.query.push([parameter.name, value]);
        break;
      case 'header':
        request.headers.push([parameter.name, value]);
        break;
      default:
        parameter.in satisfies never;
    }
  }
  for (const credential of api.credentials) {
    const secret = secrets[credential.scheme];
    if (!secret) continue;
    const list = credential.in === 'query' ? request.query : request.headers;
    list.push([credential.name, headerValue(credential.prefix, secret)]);
  }
  return request;
}

/** `name:password` becomes what HTTP calls Basic; the rest stays as it is. */
function headerValue(prefix: string, secret: string): string {
  return prefix === 'Basic ' && secret.includes(':')
    ? `${prefix}${btoa(
        String.fromCharCode(...new TextEncoder().encode(secret)),
      )}`
    : `${prefix}${secret}`;
}
