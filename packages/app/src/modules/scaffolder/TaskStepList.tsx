import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { type ScaffolderTaskStatus } from '@backstage/plugin-scaffolder-react';
import {
  RiCheckboxCircleLine,
  RiCheckboxBlankCircleLine,
  RiCloseCircleLine,
  RiIndeterminateCircleLine,
  RiLoader4Line,
} from '@remixicon/react';
import { appTranslationRef } from '../../translation';
import styles from './TaskPage.module.css';

const icons = {
  open: <RiCheckboxBlankCircleLine aria-hidden />,
  processing: <RiLoader4Line aria-hidden />,
  completed: <RiCheckboxCircleLine aria-hidden />,
  failed: <RiCloseCircleLine aria-hidden />,
  cancelled: <RiCloseCircleLine aria-hidden />,
  skipped: <RiIndeterminateCircleLine aria-hidden />,
} satisfies Record<ScaffolderTaskStatus, JSX.Element>;

/** The steps of a run in order, each with its state in words. */
export function TaskStepList(props: {
  steps: {
    id: string;
    name: string;
    status?: ScaffolderTaskStatus;
    startedAt?: string;
    endedAt?: string;
  }[];
}) {
  const { t } = useTranslationRef(appTranslationRef);
  return (
    <section aria-label={t('task.steps')}>
      <ol className={styles.steps}>
        {props.steps.map(
          ({ id, name, status = 'open', startedAt, endedAt }) => (
            <li key={id} data-status={status}>
              {icons[status]}
              <span>{name}</span>
              <span className={styles.stepState}>
                {status === 'completed' && startedAt && endedAt
                  ? t('task.took', {
                      seconds: secondsBetween(startedAt, endedAt),
                    })
                  : t(`task.step.${status}`)}
              </span>
            </li>
          ),
        )}
      </ol>
    </section>
  );
}

function secondsBetween(start: string, end: string): string {
  const milliseconds = new Date(end).getTime() - new Date(start).getTime();
  return (Math.max(0, milliseconds) / 1000).toFixed(1);
}
