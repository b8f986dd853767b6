import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import notificationsPlugin from '@backstage/plugin-notifications/alpha';
import { Link } from '@backstage/ui';
import { RiNotification3Line } from '@remixicon/react';
import styles from './NotificationsLink.module.css';
import { useShell } from './ShellContext';
import { shellTranslationRef } from './translation';

/** Leads to the notifications; a number says how many are unread. */
export function NotificationsLink() {
  const { t } = useTranslationRef(shellTranslationRef);
  const { unread = 0 } = useShell();
  const route = useRouteRef(notificationsPlugin.routes.root);
  if (!route) {
    return null;
  }
  return (
    <Link
      href={route()}
      standalone
      className={styles.root}
      aria-label={
        unread > 0
          ? t('header.notificationsUnread', { number: String(unread) })
          : t('header.notifications')
      }
    >
      <RiNotification3Line aria-hidden />
      {unread > 0 && (
        <span className={styles.count} aria-hidden>
          {unread > 99 ? '99+' : unread}
        </span>
      )}
    </Link>
  );
}
