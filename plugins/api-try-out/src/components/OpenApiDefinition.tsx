import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { Alert, Box, Flex, SearchField, Text } from '@backstage/ui';
import {
  type ApiDescription,
  type ApiOperation,
  apiTryOutSendPermission,
  OpenApiError,
  readOpenApi,
} from '@portico/plugin-api-try-out-common';
import { useMemo, useState } from 'react';
import { apiTryOutTranslationRef } from '../translation';
import { OperationSection } from './OperationSection';
import { useServers } from './useServers';
import styles from './OpenApiDefinition.module.css';

/** A definition in OpenAPI, readable from top to bottom, with a form to try it. */
export function OpenApiDefinition(props: { definition: string }) {
  const { definition } = props;
  const { t } = useTranslationRef(apiTryOutTranslationRef);
  const read = useMemo(() => readOrExplain(definition), [definition]);
  if ('problem' in read) {
    return (
      <Alert
        status="danger"
        icon
        title={t('definition.unreadable')}
        description={read.problem}
      />
    );
  }
  return <ReadDefinition api={read.api} />;
}

function ReadDefinition(props: { api: ApiDescription }) {
  const { api } = props;
  const { t } = useTranslationRef(apiTryOutTranslationRef);
  const { allowed } = usePermission({ permission: apiTryOutSendPermission });
  const servers = useServers(allowed);
  const [text, setText] = useState('');
  const groups = groupByTag(
    api.operations.filter(operation => fits(operation, text)),
  );
  return (
    <Flex direction="column" gap="4">
      <Box>
        <Text as="p" variant="title-small">
          {api.title}
        </Text>
        <Text as="p" color="secondary">
          {t('definition.version', { version: api.version })}
        </Text>
        {api.description && (
          <Text as="p" className={styles.description}>
            {api.description}
          </Text>
        )}
      </Box>
      {api.operations.length > 10 && (
        <SearchField
          label={t('definition.find')}
          value={text}
          onChange={setText}
        />
      )}
      {groups.length === 0 && (
        <Text as="p">
          {text ? t('definition.noneFound', { text }) : t('definition.none')}
        </Text>
      )}
      {groups.map(([tag, operations]) => (
        <section key={tag} aria-label={tag || t('definition.otherOperations')}>
          <Flex direction="column" gap="2">
            <h2 className={styles.tag}>
              {tag ||
                t(
                  groups.length > 1
                    ? 'definition.otherOperations'
                    : 'definition.operations',
                )}
            </h2>
            {operations.map(operation => (
              <OperationSection
                key={`${operation.method} ${operation.path}`}
                api={api}
                operation={operation}
                servers={servers}
                canSend={allowed}
              />
            ))}
          </Flex>
        </section>
      ))}
    </Flex>
  );
}

function readOrExplain(
  definition: string,
): { api: ApiDescription } | { problem: string } {
  try {
    return { api: readOpenApi(definition) };
  } catch (error) {
    if (error instanceof OpenApiError) return { problem: error.message };
    throw error;
  }
}

function fits(operation: ApiOperation, text: string): boolean {
  const words = text.toLocaleLowerCase('en-US').split(/\s+/);
  const all = [operation.method, operation.path, operation.summary ?? '']
    .join(' ')
    .toLocaleLowerCase('en-US');
  return words.every(word => all.includes(word));
}

function groupByTag(
  operations: readonly ApiOperation[],
): Array<[tag: string, operations: ApiOperation[]]> {
  const groups = new Map<string, ApiOperation[]>();
  for (const operation of operations) {
    const tag = operation.tags[0] ?? '';
    groups.set(tag, [...(groups.get(tag) ?? []), operation]);
  }
  return [...groups];
}
