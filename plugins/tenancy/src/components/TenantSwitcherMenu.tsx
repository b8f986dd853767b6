import {
  identityApiRef,
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import {
  Button,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Skeleton,
  VisuallyHidden,
} from '@backstage/ui';
import { type Me, type Persona } from '@portico/plugin-tenancy-common';
import {
  RiArrowDownSLine,
  RiBuilding2Line,
  RiComputerLine,
  RiLogoutBoxRLine,
  RiUserLine,
} from '@remixicon/react';
import useAsync from 'react-use/esm/useAsync';
import { tenancyApiRef } from '../api/TenancyApi';
import {
  isPersonaSession,
  PERSONA_STORAGE_KEY,
  switchMembership,
  switchPersona,
} from '../hooks/activeTenant';
import { ownSessionsRouteRef } from '../routes';
import { tenancyTranslationRef } from '../translation';
import styles from './TenantSwitcherMenu.module.css';

const SIGN_OUT = 'sign-out';
/** A link, so there is nothing else to do. */
const SESSIONS = 'sessions';

/** The menu of the header: who, for which tenant, and how to change both. */
export function TenantSwitcherMenu() {
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const identity = useApi(identityApiRef);
  const sessionsPath = useRouteRef(ownSessionsRouteRef);
  const { loading, value } = useAsync(async () => {
    const [me, personas] = await Promise.all([
      tenancy.me(),
      isPersonaSession() ? tenancy.personas() : [],
    ]);
    return { me, personas };
  }, [tenancy]);

  const signOut = async () => {
    try {
      await tenancy.endSession();
    } finally {
      // Signed out here in any case; the server's part ends with the token.
      window.localStorage.removeItem(PERSONA_STORAGE_KEY);
      await identity.signOut();
    }
  };

  if (loading) {
    return <Skeleton width={160} height={32} />;
  }

  return (
    <MenuTrigger>
      <Button
        variant="secondary"
        iconStart={<RiUserLine />}
        iconEnd={<RiArrowDownSLine />}
      >
        {value ? (
          <span className={styles.who}>
            <span className={styles.name}>{value.me.displayName}</span>
            <span className={styles.tenant}>{value.me.tenant.title}</span>
            <VisuallyHidden>{t('switcher.hint')}</VisuallyHidden>
          </span>
        ) : (
          t('switcher.unavailable')
        )}
      </Button>
      <Menu
        aria-label={t('switcher.menu')}
        onAction={key => {
          const target = String(key);
          if (target === SESSIONS) {
            return undefined;
          }
          if (target === SIGN_OUT) {
            return void signOut();
          }
          const membership = value?.me.memberships.find(
            candidate => candidate.userRef === target,
          );
          return membership
            ? switchMembership(membership)
            : switchPersona(target);
        }}
      >
        {value && value.me.memberships.length > 1 ? (
          <MenuSection title={t('switcher.memberships')}>
            {value.me.memberships.map(membership => (
              <MenuItem
                key={membership.userRef}
                id={membership.userRef}
                iconStart={<RiBuilding2Line />}
              >
                {membership.userRef === value.me.userRef
                  ? `${membership.tenant.title} (${t('switcher.current')})`
                  : membership.tenant.title}
              </MenuItem>
            ))}
          </MenuSection>
        ) : null}
        {value && otherPersonas(value).length > 0 ? (
          <MenuSection title={t('switcher.personas')}>
            {otherPersonas(value).map(persona => (
              <MenuItem
                key={persona.userRef}
                id={persona.userRef}
                iconStart={<RiUserLine />}
              >
                {`${persona.displayName}, ${persona.tenant.title}`}
              </MenuItem>
            ))}
          </MenuSection>
        ) : null}
        {sessionsPath ? (
          <MenuItem
            id={SESSIONS}
            href={sessionsPath()}
            iconStart={<RiComputerLine />}
          >
            {t('switcher.sessions')}
          </MenuItem>
        ) : null}
        <MenuItem id={SIGN_OUT} iconStart={<RiLogoutBoxRLine />}>
          {t('switcher.signOut')}
        </MenuItem>
      </Menu>
    </MenuTrigger>
  );
}

function otherPersonas(value: { me: Me; personas: Persona[] }): Persona[] {
  const mine = new Set(
    value.me.memberships.map(membership => membership.userRef),
  );
  return value.personas.filter(persona => !mine.has(persona.userRef));
}
