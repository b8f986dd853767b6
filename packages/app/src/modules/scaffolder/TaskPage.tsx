import { useState } from 'react';
import {
  BreadcrumbEntry,
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import { taskCancelPermission } from '@backstage/plugin-scaffolder-common/alpha';
import {
  scaffolderApiRef,
  type TaskStream,
  useTaskEventStream,
} from '@backstage/plugin-scaffolder-react';
import {
  Alert,
  Button,
  ButtonLink,
  Container,
  Flex,
  Text,
} from '@backstage/ui';
import { parseEntityRef } from '@backstage/catalog-model';
import {
  describeProblem,
  LoadingState,
  ProblemState,
} from '@portico/page-states';
import { LinkedPromotions } from '@portico/plugin-promotions';
import { appTranslationRef } from '../../translation';
import { TaskOutput } from './TaskOutput';
import styles from './TaskPage.module.css';
import { TaskStepList } from './TaskStepList';

type TaskState = 'running' | 'done' | 'failed' | 'cancelled';

/** What a run of a template is doing, and what it made. */
export function TaskPage(props: { taskId: string }) {
  const { taskId } = props;
  const { t } = useTranslationRef(appTranslationRef);
  const stream = useTaskEventStream(taskId);
  const spec = stream.task?.spec;

  if (!spec) {
    return (
      <Container py="4">
        {stream.error ? (
          <ProblemState
            error={stream.error}
            title={t('task.notFoundTitle')}
            absent={{
              title: t('task.notFoundTitle'),
              description: t('task.notFoundText'),
            }}
          />
        ) : (
          <LoadingState lines={6} />
        )}
      </Container>
    );
  }

  const subject = subjectOf(spec.parameters) ?? taskId;
  const template = spec.templateInfo?.entity?.metadata;
  const state = stateOf(stream);

  return (
    <BreadcrumbEntry entry={{ label: subject, href: taskId }}>
      <Container>
        <div className={styles.root}>
          <Flex justify="between" align="start" gap="4">
            <Flex direction="column" gap="1">
              <Text as="h2" variant="title-small" weight="bold">
                {t('task.title', {
                  template: template?.title ?? template?.name ?? t('task.run'),
                  name: subject,
                })}
              </Text>
              <div role="status">
                <Text as="p" color="secondary">
                  {t(`task.state.${state}`)}
                </Text>
              </div>
            </Flex>
            <TaskActions
              taskId={taskId}
              isRunning={state === 'running'}
              templateRef={spec.templateInfo?.entityRef}
            />
          </Flex>
          {stream.error && (
            <div role="alert">
              <Alert
                status="danger"
                icon
                title={t('task.failedTitle')}
                description={describeProblem(stream.error)}
              />
            </div>
          )}
          {stream.output && <TaskOutput output={stream.output} />}
          <TaskStepList
            steps={spec.steps.map(step => ({
              ...stream.steps[step.id],
              id: step.id,
              name: step.name,
            }))}
          />
          <details className={styles.log}>
            <summary>{t('task.log')}</summary>
            {/* A region that scrolls has to be reachable by keyboard. */}
            {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <pre role="region" tabIndex={0} aria-label={t('task.log')}>
              {spec.steps
                .flatMap(step => stream.stepLogs[step.id] ?? [])
                .join('\n')}
            </pre>
          </details>
          {/* Last, as it comes later than the rest and grows. */}
          <LinkedPromotions
            addresses={(stream.output?.links ?? []).flatMap(
              ({ url }) => url ?? [],
            )}
          />
        </div>
      </Container>
    </BreadcrumbEntry>
  );
}

function TaskActions(props: {
  taskId: string;
  isRunning: boolean;
  templateRef?: string;
}) {
  const { taskId, isRunning, templateRef } = props;
  const { t } = useTranslationRef(appTranslationRef);
  const scaffolder = useApi(scaffolderApiRef);
  const templateRoute = useRouteRef(scaffolderPlugin.routes.selectedTemplate);
  const mayCancel = usePermission({
    permission: taskCancelPermission,
    resourceRef: taskId,
  });
  const [problem, setProblem] = useState<string>();

  const cancel = async () => {
    try {
      await scaffolder.cancelTask(taskId);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };

  if (isRunning) {
    return mayCancel.allowed ? (
      <Flex direction="column" gap="2">
        <Button variant="secondary" onPress={cancel}>
          {t('task.cancel')}
        </Button>
        {problem && <Text color="danger">{problem}</Text>}
      </Flex>
    ) : null;
  }
  if (!templateRef || !templateRoute) {
    return null;
  }
  const { namespace, name } = parseEntityRef(templateRef);
  return (
    <ButtonLink
      variant="secondary"
      href={templateRoute({ namespace, templateName: name })}
    >
      {t('task.again')}
    </ButtonLink>
  );
}

/** What a run is about: what it makes, or the component that it works on. */
function subjectOf(parameters: Record<string, unknown>): string | undefined {
  const { name, component } = parameters;
  if (typeof name === 'string') {
    return name;
  }
  return typeof component === 'string'
    ? component.replace(/^.*\//, '')
    : undefined;
}

function stateOf(stream: TaskStream): TaskState {
  if (stream.cancelled) {
    return 'cancelled';
  }
  if (stream.error) {
    return 'failed';
  }
  return stream.completed ? 'done' : 'running';
}
