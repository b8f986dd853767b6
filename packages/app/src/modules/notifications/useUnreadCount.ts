import { useEffect, useState } from 'react';
import { useApiHolder } from '@backstage/frontend-plugin-api';
import { notificationsApiRef } from '@backstage/plugin-notifications';

const POLL_MILLISECONDS = 60_000;

/** Told to the window when a person has read or unread something on this page. */
const CHANGED = 'portico:notifications-changed';

export function announceChangedNotifications(): void {
  window.dispatchEvent(new Event(CHANGED));
}

/**
 * How many notifications are unread. Asked each minute while the page is looked at, and
 * at once when it comes back to the front; the portal has no channel that pushes them.
 */
export function useUnreadCount(): number | undefined {
  const notifications = useApiHolder().get(notificationsApiRef);
  const [unread, setUnread] = useState<number>();

  useEffect(() => {
    if (!notifications) {
      return undefined;
    }
    let isGone = false;
    const ask = async () => {
      if (document.visibilityState !== 'visible') {
        return;
      }
      try {
        const status = await notifications.getStatus();
        if (!isGone) {
          setUnread(status.unread);
        }
      } catch {
        // The count stays what it was: the page says more when it is opened.
      }
    };
    void ask();
    const timer = setInterval(ask, POLL_MILLISECONDS);
    document.addEventListener('visibilitychange', ask);
    window.addEventListener(CHANGED, ask);
    return () => {
      isGone = true;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
      window.removeEventListener(CHANGED, ask);
    };
  }, [notifications]);

  return unread;
}
