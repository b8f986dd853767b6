import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Accordion,
  AccordionPanel,
  AccordionTrigger,
  Box,
  Flex,
  Text,
} from '@backstage/ui';
import {
  type ApiContent,
  type ApiDescription,
  type ApiOperation,
  typeOf,
} from '@portico/plugin-api-try-out-common';
import { type ReactNode, useState } from 'react';
import { apiTryOutTranslationRef } from '../translation';
import { SchemaList } from './SchemaList';
import { TryOutForm } from './TryOutForm';
import { type Servers } from './useServers';
import styles from './OpenApiDefinition.module.css';

/** One operation, closed at first. */
export function OperationSection(props: {
  api: ApiDescription;
  operation: ApiOperation;
  servers: Servers;
  canSend: boolean;
}) {
  const { api, operation, servers, canSend } = props;
  const { t } = useTranslationRef(apiTryOutTranslationRef);
  const [isOpen, setIsOpen] = useState(false);
  const name = operationName(operation);
  const subtitle = [
    operation.deprecated ? t('definition.deprecated') : undefined,
    operation.summary,
  ]
    .filter(Boolean)
    .join(': ');
  return (
    <Accordion isExpanded={isOpen} onExpandedChange={setIsOpen}>
      <AccordionTrigger title={name} {...(subtitle && { subtitle })} />
      <AccordionPanel>
        {isOpen && (
          <Flex direction="column" gap="4">
            {operation.description && (
              <Text as="p" className={styles.description}>
                {operation.description}
              </Text>
            )}
            {operation.parameters.length > 0 && (
              <Part title={t('operation.parameters')}>
                <ParameterTable operation={operation} />
              </Part>
            )}
            {operation.requestBody && (
              <Part title={t('operation.body')}>
                {operation.requestBody.description && (
                  <Text as="p">{operation.requestBody.description}</Text>
                )}
                <Contents api={api} contents={operation.requestBody.contents} />
              </Part>
            )}
            <Part title={t('operation.responses')}>
              <Flex direction="column" gap="3">
                {operation.responses.map(response => (
                  <Box key={response.status}>
                    <Text as="p">
                      <strong>{response.status}</strong> {response.description}
                    </Text>
                    <Contents api={api} contents={response.contents} />
                  </Box>
                ))}
              </Flex>
            </Part>
            <Part title={t('tryOut.title')}>
              {canSend ? (
                <TryOutForm api={api} operation={operation} servers={servers} />
              ) : (
                <Text as="p">{t('tryOut.notAllowed')}</Text>
              )}
            </Part>
          </Flex>
        )}
      </AccordionPanel>
    </Accordion>
  );
}

/** As people say it: `GET /v1/orders/{id}`. */
export function operationName(operation: ApiOperation): string {
  return `${operation.method.toLocaleUpperCase('en-US')} ${operation.path}`;
}

function Part(props: { title: string; children: ReactNode }) {
  return (
    <section aria-label={props.title}>
      <h4 className={styles.part}>{props.title}</h4>
      {props.children}
    </section>
  );
}

function ParameterTable(props: { operation: ApiOperation }) {
  const { operation } = props;
  const { t } = useTranslationRef(apiTryOutTranslationRef);
  return (
    <table
      className={styles.table}
      aria-label={t('operation.parametersOf', {
        operation: operationName(operation),
      })}
    >
      <thead>
        <tr>
          <th scope="col">{t('operation.name')}</th>
          <th scope="col">{t('operation.place')}</th>
          <th scope="col">{t('operation.type')}</th>
          <th scope="col">{t('operation.required')}</th>
          <th scope="col">{t('operation.description')}</th>
        </tr>
      </thead>
      <tbody>
        {operation.parameters.map(parameter => (
          <tr key={`${parameter.in} ${parameter.name}`}>
            <th scope="row" className={styles.name}>
              {parameter.name}
            </th>
            <td>{t(`operation.places.${parameter.in}`)}</td>
            <td>{typeOf(parameter.schema) ?? ''}</td>
            <td>{t(parameter.required ? 'operation.yes' : 'operation.no')}</td>
            <td className={styles.cell}>{parameter.description}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Contents(props: {
  api: ApiDescription;
  contents: readonly ApiContent[];
}) {
  const { t } = useTranslationRef(apiTryOutTranslationRef);
  return (
    <Flex direction="column" gap="2">
      {props.contents.map(content => (
        <Box key={content.mediaType}>
          <Text as="p" color="secondary">
            {t('operation.schemaOf', { mediaType: content.mediaType })}
          </Text>
          <SchemaList
            schema={content.schema}
            resolve={props.api.resolveSchema}
          />
        </Box>
      ))}
    </Flex>
  );
}
