import {
  RiAddCircleLine,
  RiBookOpenLine,
  RiFileShieldLine,
  RiGitRepositoryLine,
  RiHome5Line,
  RiNotification3Line,
  RiOrganizationChart,
  RiPuzzle2Line,
  RiRocket2Line,
  RiSearchLine,
  RiSettings3Line,
  RiShapesLine,
  RiShieldUserLine,
} from '@remixicon/react';

/** Shown to those who may read the audit. */
export const auditPage = 'page:audit';

/** Shows how many are unread. */
export const notificationsPage = 'page:notifications';

/** Pages by what people do, in order; one that is not installed is left out. */
export const mainPages = [
  {
    id: 'page:portico-home',
    text: 'home',
    icon: <RiHome5Line />,
    keys: 'g h',
  },
  {
    id: 'page:catalog',
    text: 'catalog',
    icon: <RiShapesLine />,
    keys: 'g c',
  },
  {
    id: 'page:scaffolder',
    text: 'create',
    icon: <RiAddCircleLine />,
    keys: 'g n',
  },
  {
    id: 'page:promotions',
    text: 'delivery',
    icon: <RiRocket2Line />,
    keys: 'g v',
  },
  {
    id: 'page:git-host',
    text: 'repositories',
    icon: <RiGitRepositoryLine />,
    keys: 'g r',
  },
  {
    id: 'page:techdocs',
    text: 'docs',
    icon: <RiBookOpenLine />,
    keys: 'g d',
  },
  {
    id: 'page:api-docs',
    text: 'apis',
    icon: <RiPuzzle2Line />,
    keys: 'g a',
  },
  {
    id: 'page:ownership',
    text: 'organisation',
    icon: <RiOrganizationChart />,
    keys: 'g o',
  },
  {
    id: 'page:search',
    text: 'search',
    icon: <RiSearchLine />,
    keys: 'g s',
  },
] as const;

export const lowerPages = [
  {
    id: notificationsPage,
    text: 'notifications',
    icon: <RiNotification3Line />,
    keys: 'g i',
  },
  {
    id: auditPage,
    text: 'audit',
    icon: <RiFileShieldLine />,
    keys: 'g l',
  },
  {
    id: 'page:tenancy',
    text: 'administration',
    icon: <RiShieldUserLine />,
    keys: 'g m',
  },
  {
    id: 'page:user-settings',
    text: 'settings',
    icon: <RiSettings3Line />,
    keys: 'g u',
  },
] as const;

/** Pages that are reached from elsewhere and would only crowd the navigation. */
export const leftOut = [
  'page:catalog-graph',
  'page:auth',
  'page:tenancy/device',
];
