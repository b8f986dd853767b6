import { useState } from 'react';
import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { notificationsApiRef } from '@backstage/plugin-notifications';
import {
  Button,
  Container,
  SearchField,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import { EmptyState, LoadingState, ProblemState } from '@portico/page-states';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import useDebounce from 'react-use/esm/useDebounce';
import useInterval from 'react-use/esm/useInterval';
import { shellTranslationRef } from '../shell/translation';
import { NotificationList } from './NotificationList';
import styles from './NotificationsPage.module.css';
import { announceChangedNotifications } from './useUnreadCount';

const PAGE = 20;
const POLL_MILLISECONDS = 30_000;
const PAUSE_MILLISECONDS = 250;
const views = ['unread', 'all', 'saved'] as const;

type View = (typeof views)[number];

/** What a person was told, newest first; only they see it. */
export function NotificationsPage() {
  const { t } = useTranslationRef(shellTranslationRef);
  const notifications = useApi(notificationsApiRef);
  const toasts = useApi(toastApiRef);
  const [view, setView] = useState<View>('unread');
  const [text, setText] = useState('');
  const [search, setSearch] = useState('');
  const [offset, setOffset] = useState(0);
  useDebounce(
    () => {
      setSearch(text.trim());
      setOffset(0);
    },
    PAUSE_MILLISECONDS,
    [text],
  );

  const { error, value, retry } = useAsyncRetry(
    () =>
      notifications.getNotifications({
        search: search || undefined,
        read: view === 'unread' ? false : undefined,
        saved: view === 'saved' ? true : undefined,
        sort: 'created',
        sortOrder: 'desc',
        limit: PAGE,
        offset,
      }),
    [notifications, search, view, offset],
  );
  useInterval(() => {
    if (document.visibilityState === 'visible') {
      retry();
    }
  }, POLL_MILLISECONDS);

  const change = async (
    ids: string[],
    wanted: { read?: boolean; saved?: boolean },
  ) => {
    try {
      await notifications.updateNotifications({ ids, ...wanted });
    } catch {
      toasts.post({ title: t('notifications.changeFailed'), status: 'danger' });
    }
    retry();
    announceChangedNotifications();
  };

  const markAll = async () => {
    const unread = await notifications.getNotifications({ read: false });
    const ids = unread.notifications.map(({ id }) => id);
    if (ids.length > 0) {
      await change(ids, { read: true });
    }
  };

  const total = value?.totalCount ?? 0;
  return (
    <Container py="4">
      <div className={styles.root}>
        <div className={styles.tools}>
          <ToggleButtonGroup
            aria-label={t('notifications.view')}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[view]}
            onSelectionChange={keys => {
              const chosen = views.find(candidate => keys.has(candidate));
              if (chosen) {
                setView(chosen);
                setOffset(0);
              }
            }}
          >
            {views.map(candidate => (
              <ToggleButton key={candidate} id={candidate}>
                {t(`notifications.views.${candidate}`)}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
          <SearchField
            aria-label={t('notifications.find')}
            placeholder={t('notifications.find')}
            value={text}
            onChange={setText}
            className={styles.search}
          />
          <Button variant="secondary" onPress={() => void markAll()}>
            {t('notifications.markAll')}
          </Button>
        </div>
        {!value && !error && <LoadingState lines={6} />}
        {!value && error && (
          <ProblemState
            error={error}
            title={t('notifications.failed')}
            onRetry={retry}
          />
        )}
        {value && value.notifications.length === 0 && (
          <NothingToShow view={view} search={search} />
        )}
        {value && value.notifications.length > 0 && (
          <NotificationList items={value.notifications} onChange={change} />
        )}
        {total > PAGE && (
          <nav className={styles.pages} aria-label={t('notifications.pages')}>
            <span>
              {t('notifications.count', {
                from: String(offset + 1),
                to: String(Math.min(offset + PAGE, total)),
                all: String(total),
              })}
            </span>
            <Button
              variant="secondary"
              isDisabled={offset === 0}
              onPress={() => setOffset(Math.max(0, offset - PAGE))}
            >
              {t('notifications.previous')}
            </Button>
            <Button
              variant="secondary"
              isDisabled={offset + PAGE >= total}
              onPress={() => setOffset(offset + PAGE)}
            >
              {t('notifications.next')}
            </Button>
          </nav>
        )}
      </div>
    </Container>
  );
}

function NothingToShow(props: { view: View; search: string }) {
  const { view, search } = props;
  const { t } = useTranslationRef(shellTranslationRef);
  if (search !== '') {
    return (
      <EmptyState title={t('notifications.emptyFound', { text: search })} />
    );
  }
  switch (view) {
    case 'unread':
      return (
        <EmptyState
          title={t('notifications.emptyUnread')}
          description={t('notifications.emptyUnreadText')}
        />
      );
    case 'all':
      return (
        <EmptyState
          title={t('notifications.emptyAll')}
          description={t('notifications.emptyUnreadText')}
        />
      );
    case 'saved':
      return (
        <EmptyState
          title={t('notifications.emptySaved')}
          description={t('notifications.emptySavedText')}
        />
      );
    default: {
      const unknown: never = view;
      throw new Error(`Unknown view ${unknown}`);
    }
  }
}
