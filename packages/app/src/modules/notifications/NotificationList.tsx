import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { type GetNotificationsResponse } from '@backstage/plugin-notifications';
import { ButtonIcon, Link } from '@backstage/ui';
import {
  RiBookmarkFill,
  RiBookmarkLine,
  RiCheckLine,
  RiMailUnreadLine,
} from '@remixicon/react';
import { HiddenText } from '../shell/HiddenText';
import { shellTranslationRef } from '../shell/translation';
import { formatMoment } from './formatMoment';
import { linkTarget } from './linkTarget';
import styles from './NotificationList.module.css';

/** Notifications with what can be done about each. */
export function NotificationList(props: {
  items: GetNotificationsResponse['notifications'];
  onChange(
    ids: string[],
    wanted: { read?: boolean; saved?: boolean },
  ): Promise<void>;
}) {
  const { items, onChange } = props;
  const { t } = useTranslationRef(shellTranslationRef);
  return (
    <ul className={styles.list} aria-label={t('notifications.list')}>
      {items.map(({ id, payload, origin, created, read, saved }) => {
        const { title, description, severity = 'normal' } = payload;
        const href = linkTarget(payload.link);
        return (
          <li key={id} className={styles.item} data-unread={!read}>
            <span className={styles.dot} data-severity={severity} aria-hidden />
            <div className={styles.content}>
              <p className={styles.title}>
                {href ? (
                  <Link
                    href={href}
                    onClick={() => {
                      if (!read) {
                        void onChange([id], { read: true });
                      }
                    }}
                  >
                    {title}
                  </Link>
                ) : (
                  title
                )}
                {!read && <HiddenText>{t('notifications.unread')}</HiddenText>}
                {(severity === 'critical' || severity === 'high') && (
                  <span className={styles.severity} data-severity={severity}>
                    {t(`notifications.severity.${severity}`)}
                  </span>
                )}
              </p>
              {description && (
                <p className={styles.description}>{description}</p>
              )}
              <p className={styles.facts}>
                <time dateTime={new Date(created).toISOString()}>
                  {formatMoment(created)}
                </time>
                <span>
                  {t('notifications.from', { origin: originName(origin) })}
                </span>
              </p>
            </div>
            <ButtonIcon
              variant="tertiary"
              size="small"
              icon={saved ? <RiBookmarkFill /> : <RiBookmarkLine />}
              aria-label={
                saved
                  ? t('notifications.unsave', { title })
                  : t('notifications.save', { title })
              }
              onPress={() => void onChange([id], { saved: !saved })}
            />
            <ButtonIcon
              variant="tertiary"
              size="small"
              icon={read ? <RiMailUnreadLine /> : <RiCheckLine />}
              aria-label={
                read
                  ? t('notifications.markUnread', { title })
                  : t('notifications.markRead', { title })
              }
              onPress={() => void onChange([id], { read: !read })}
            />
          </li>
        );
      })}
    </ul>
  );
}

/** The plugin that told it: origins are written `plugin:scaffolder`. */
function originName(origin: string): string {
  return origin.slice(origin.indexOf(':') + 1);
}
