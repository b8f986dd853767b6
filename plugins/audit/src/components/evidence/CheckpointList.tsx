import { useEffect, useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Flex, Text } from '@backstage/ui';
import { LoadingState } from '@portico/page-states';
import { type CheckpointPage } from '@portico/plugin-audit-common';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { auditApiRef } from '../../api/AuditApi';
import { formatAge, formatMoment } from '../../content/moments';
import { toError } from '../../content/toError';
import { useNow } from '../../hooks/useNow';
import { auditTranslationRef } from '../../translation';
import { CopyableText } from '../CopyableText';
import { ProblemAlert } from '../ProblemAlert';
import styles from './Evidence.module.css';

const noCheckpoints: CheckpointPage = { items: [] };

/** The signed checkpoints of a chain, newest first, each with its text. */
export function CheckpointList(props: {
  chain: string;
  /** Size of the newest: another one means that there is more to show. */
  newest: number;
}) {
  const { chain, newest } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const audit = useApi(auditApiRef);
  const now = useNow();
  const [page, setPage] = useState(noCheckpoints);
  const [{ loading, error }, load] = useAsyncFn(
    async (before: CheckpointPage) => {
      const { items, nextCursor } = await audit.checkpoints({
        chain,
        ...(before.nextCursor && { cursor: before.nextCursor }),
      });
      setPage({ items: [...before.items, ...items], nextCursor });
    },
    [audit, chain],
    { loading: true },
  );
  const [shown, setShown] = useState(5);

  useEffect(() => {
    // What fails is shown from the state of the request.
    load(noCheckpoints).catch(() => undefined);
  }, [load, newest]);

  if (error) {
    return (
      <ProblemAlert
        error={toError(error)}
        onRetry={() => {
          load(noCheckpoints).catch(() => undefined);
        }}
      />
    );
  }
  if (loading && page.items.length === 0) {
    return <LoadingState />;
  }
  if (page.items.length === 0) {
    return (
      <Text as="p" color="secondary">
        {t('evidence.noCheckpointText')}
      </Text>
    );
  }
  return (
    <>
      <ul className={styles.checkpoints}>
        {page.items.slice(0, shown).map(checkpoint => (
          <li key={checkpoint.size}>
            <details>
              <summary>
                {t('evidence.checkpointOver', {
                  size: checkpoint.size.toLocaleString(),
                })}{' '}
                <span className={styles.quiet}>
                  {formatMoment(checkpoint.createdAt)},{' '}
                  {formatAge(checkpoint.createdAt, now)}
                </span>
              </summary>
              <div className={styles.note}>
                <CopyableText
                  multiline
                  text={checkpoint.note}
                  label={t('evidence.note', {
                    size: checkpoint.size.toLocaleString(),
                  })}
                />
              </div>
            </details>
          </li>
        ))}
      </ul>
      {(shown < page.items.length || page.nextCursor) && (
        <Flex>
          <Button
            size="small"
            variant="secondary"
            aria-disabled={loading}
            onPress={() => {
              setShown(number => number + 20);
              if (page.nextCursor && page.items.length < shown + 20) {
                load(page).catch(() => undefined);
              }
            }}
          >
            {t('evidence.olderCheckpoints')}
          </Button>
        </Flex>
      )}
    </>
  );
}
