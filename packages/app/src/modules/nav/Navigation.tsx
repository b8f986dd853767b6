import { cloneElement } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  type NavContentComponentProps,
  type NavContentNavItem,
} from '@backstage/plugin-app-react';
import { usePermission } from '@backstage/plugin-permission-react';
import { Link } from '@backstage/ui';
import { auditEntryReadPermission } from '@portico/plugin-audit-common';
import {
  RiAddCircleLine,
  RiBookOpenLine,
  RiFileShieldLine,
  RiGitRepositoryLine,
  RiHome5Line,
  RiNotification3Line,
  RiPuzzle2Line,
  RiSearchLine,
  RiSettings3Line,
  RiShapesLine,
  RiShieldUserLine,
} from '@remixicon/react';
import { appTranslationRef } from '../../translation';
import { currentMark, useCurrentPath } from '../../useCurrentPath';
import styles from './Navigation.module.css';

/** Shown to those who may read the audit. */
const auditPage = 'page:audit';

/** Pages of the navigation in order; those that are not installed are left out. */
const mainPages = [
  { id: 'page:portico-home', text: 'home', icon: <RiHome5Line /> },
  { id: 'page:catalog', text: 'catalog', icon: <RiShapesLine /> },
  { id: 'page:scaffolder', text: 'create', icon: <RiAddCircleLine /> },
  { id: 'page:techdocs', text: 'docs', icon: <RiBookOpenLine /> },
  { id: 'page:api-docs', text: 'apis', icon: <RiPuzzle2Line /> },
  {
    id: 'page:git-host',
    text: 'repositories',
    icon: <RiGitRepositoryLine />,
  },
] as const;

const lowerPages = [
  { id: 'page:search', text: 'search', icon: <RiSearchLine /> },
  {
    id: 'page:notifications',
    text: 'notifications',
    icon: <RiNotification3Line />,
  },
  { id: auditPage, text: 'audit', icon: <RiFileShieldLine /> },
  { id: 'page:tenancy', text: 'administration', icon: <RiShieldUserLine /> },
  { id: 'page:user-settings', text: 'settings', icon: <RiSettings3Line /> },
] as const;

/** Pages that are reached from elsewhere and would only crowd the navigation. */
const leftOut = ['page:catalog-graph', 'page:auth', 'page:tenancy/device'];

/** The links to the pages, with the current one marked. */
export function Navigation(props: NavContentComponentProps) {
  const { t } = useTranslationRef(appTranslationRef);
  const audit = usePermission({ permission: auditEntryReadPermission });
  const navItems = props.navItems.clone();
  leftOut.forEach(id => navItems.take(id));

  const take = (pages: typeof mainPages | typeof lowerPages) =>
    pages.flatMap(page => {
      const item = navItems.take(page.id);
      return item && (page.id !== auditPage || audit.allowed)
        ? [{ item, title: t(`nav.${page.text}`), icon: page.icon }]
        : [];
    });
  const main = take(mainPages);
  const lower = take(lowerPages);
  const more = navItems
    .rest()
    .map(item => ({ item, title: item.title, icon: item.icon }));

  return (
    <div className={styles.root}>
      <NavigationList entries={[...main, ...more]} />
      <NavigationList entries={lower} />
    </div>
  );
}

function NavigationList(props: {
  entries: {
    item: NavContentNavItem;
    title: string;
    icon: NavContentNavItem['icon'];
  }[];
}) {
  const path = useCurrentPath();
  return (
    <ul className={styles.list}>
      {props.entries.map(({ item, title, icon }) => (
        <li key={item.node.spec.id}>
          <Link
            href={item.href}
            standalone
            className={styles.link}
            aria-current={currentMark(path, item.href)}
          >
            {icon && cloneElement(icon, { 'aria-hidden': true })}
            <span>{title}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
