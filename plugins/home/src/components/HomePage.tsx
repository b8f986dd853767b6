import { useCallback, useMemo, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { LoadingState, ProblemState } from '@portico/page-states';
import { useStatuses } from '@portico/plugin-overview';
import { type Role } from '@portico/plugin-tenancy-common';
import { type InboxPart } from '../inbox/InboxPart';
import { type HomeBasics, useHomeBasics } from '../owned/useHomeBasics';
import { ownersOf, useOwned } from '../owned/useOwned';
import { type HomePart } from '../part/HomePart';
import { homeTranslationRef } from '../translation';
import styles from './HomePage.module.css';
import { InboxSection } from './InboxSection';
import { InOrder, type OrderedPart } from './InOrder';
import { OwnedSection } from './OwnedSection';
import { ReadingSection } from './ReadingSection';
import { AuditSection } from './roles/AuditSection';
import { OrganisationSection } from './roles/OrganisationSection';
import { PlatformSection } from './roles/PlatformSection';
import { TenantSection } from './roles/TenantSection';
import { VisitsSection } from './VisitsSection';

/** The page that a day begins with. */
export function HomePage(props: {
  inbox: InboxPart[];
  /** What other plugins bring. */
  parts: NamedPart[];
}) {
  const { inbox, parts } = props;
  const { t } = useTranslationRef(homeTranslationRef);
  const { error, value, retry } = useHomeBasics();
  return (
    <main className={styles.root}>
      {value && <HomeContent basics={value} inbox={inbox} parts={parts} />}
      {!value && error && (
        <ProblemState error={error} title={t('page.failed')} onRetry={retry} />
      )}
      {!value && !error && <LoadingState />}
    </main>
  );
}

interface NamedPart {
  id: string;
  Part: HomePart;
}

function HomeContent(props: {
  basics: HomeBasics;
  inbox: InboxPart[];
  parts: NamedPart[];
}) {
  const { basics, inbox, parts } = props;
  const { me, groups } = basics;
  const { t } = useTranslationRef(homeTranslationRef);
  const owned = useOwned(basics);
  const statuses = useStatuses(owned.value?.components);
  const owners = useMemo(() => ownersOf(basics), [basics]);
  const [isMainShown, setMainShown] = useState(false);
  const onMainShown = useCallback(() => setMainShown(true), []);

  const main: OrderedPart[] = [
    {
      id: 'inbox',
      render: onReady => (
        <InboxSection me={me} parts={inbox} onReady={onReady} />
      ),
    },
    {
      id: 'owned',
      render: onReady => (
        <OwnedSection
          me={me}
          owned={owned}
          statuses={statuses}
          onReady={onReady}
        />
      ),
    },
    ...parts.map(({ id, Part }) => ({
      id,
      render: (onReady: () => void) => (
        <Part me={me} owners={owners} onReady={onReady} />
      ),
    })),
  ];
  const ofRole = rolePart(basics);
  const side: OrderedPart[] = [
    ...(isBuilder(me.roles) ? [] : [ofRole]),
    {
      id: 'visits',
      render: onReady => <VisitsSection me={me} onReady={onReady} />,
    },
    {
      id: 'reading',
      render: onReady => (
        <ReadingSection me={me} title={t('reading.title')} onReady={onReady} />
      ),
    },
    ...(isBuilder(me.roles) ? [ofRole] : []),
  ];
  const roles = me.roles.map(role => t(`roles.${role}`)).join(', ');
  return (
    <>
      <header className={styles.head}>
        <h1 className={styles.title}>
          {t('page.greeting', { name: me.displayName })}
        </h1>
        <p className={styles.standing}>
          {t('page.standing', { roles, tenant: me.tenant.title })}
        </p>
        <p className={styles.standing}>
          {me.groups.length > 0
            ? t('page.groups', {
                groups: me.groups
                  .map(ref => groups.nameOf(ref).title)
                  .join(', '),
              })
            : t('page.noGroups')}
        </p>
      </header>
      <div className={styles.columns}>
        <InOrder parts={main} onShown={onMainShown} />
        <div className={isMainShown ? undefined : styles.below}>
          <InOrder parts={side} />
        </div>
      </div>
    </>
  );
}

/** Whether somebody comes to build or to review rather than to oversee. */
function isBuilder(roles: readonly Role[]): boolean {
  return (
    roles.some(role => role === 'developer' || role === 'approver') &&
    !roles.includes('tenant-admin')
  );
}

/** What the role that can do most needs at a glance. */
function rolePart(basics: HomeBasics): OrderedPart {
  const { me } = basics;
  if (me.roles.includes('platform-admin')) {
    return {
      id: 'platform',
      render: onReady => <PlatformSection onReady={onReady} />,
    };
  }
  if (me.roles.includes('auditor')) {
    return {
      id: 'audit',
      render: onReady => <AuditSection onReady={onReady} />,
    };
  }
  if (me.roles.includes('tenant-admin')) {
    return {
      id: 'tenant',
      render: onReady => <TenantSection me={me} onReady={onReady} />,
    };
  }
  return {
    id: 'organisation',
    render: onReady => (
      <OrganisationSection basics={basics} onReady={onReady} />
    ),
  };
}
