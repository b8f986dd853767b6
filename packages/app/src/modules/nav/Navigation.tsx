import { cloneElement, useMemo } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  type NavContentComponentProps,
  type NavContentNavItem,
} from '@backstage/plugin-app-react';
import { usePermission } from '@backstage/plugin-permission-react';
import { Link } from '@backstage/ui';
import { auditEntryReadPermission } from '@portico/plugin-audit-common';
import { appTranslationRef } from '../../translation';
import { currentMark, useCurrentPath } from '../../useCurrentPath';
import { HiddenText } from '../shell/HiddenText';
import { useShell } from '../shell/ShellContext';
import { shellTranslationRef } from '../shell/translation';
import { ShellOverlays } from '../shortcuts';
import styles from './Navigation.module.css';
import {
  auditPage,
  leftOut,
  lowerPages,
  mainPages,
  notificationsPage,
} from './pages';

interface NavigationEntry {
  id: string;
  href: string;
  title: string;
  icon: NavContentNavItem['icon'];
  keys?: string;
}

/** The links to the pages, with the current one marked, and the keys that go to them. */
export function Navigation(props: NavContentComponentProps) {
  const { t } = useTranslationRef(appTranslationRef);
  const audit = usePermission({ permission: auditEntryReadPermission });

  const { main, lower } = useMemo(() => {
    const navItems = props.navItems.clone();
    leftOut.forEach(id => navItems.take(id));
    const take = (
      pages: typeof mainPages | typeof lowerPages,
    ): NavigationEntry[] =>
      pages.flatMap(({ id, text, icon, keys }) => {
        const item = navItems.take(id);
        return item && (id !== auditPage || audit.allowed)
          ? [{ id, href: item.href, title: t(`nav.${text}`), icon, keys }]
          : [];
      });
    const named = { main: take(mainPages), lower: take(lowerPages) };
    const more = navItems.rest().map(
      ({ node, href, title, icon }): NavigationEntry => ({
        id: node.spec.id,
        href,
        title,
        icon,
      }),
    );
    return { main: [...named.main, ...more], lower: named.lower };
  }, [props.navItems, audit.allowed, t]);
  const pages = useMemo(() => [...main, ...lower], [main, lower]);

  return (
    <div className={styles.root}>
      <NavigationList entries={main} />
      <NavigationList entries={lower} />
      <ShellOverlays pages={pages} />
    </div>
  );
}

function NavigationList(props: { entries: NavigationEntry[] }) {
  const path = useCurrentPath();
  return (
    <ul className={styles.list}>
      {props.entries.map(({ id, href, title, icon }) => (
        <li key={id}>
          <Link
            href={href}
            standalone
            className={styles.link}
            aria-current={currentMark(path, href)}
          >
            {icon && cloneElement(icon, { 'aria-hidden': true })}
            <span>{title}</span>
            {id === notificationsPage && <UnreadCount />}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function UnreadCount() {
  const { t } = useTranslationRef(shellTranslationRef);
  const { unread = 0 } = useShell();
  return unread > 0 ? (
    <span className={styles.count}>
      {unread > 99 ? '99+' : unread}
      <HiddenText>{t('nav.unread')}</HiddenText>
    </span>
  ) : null;
}
