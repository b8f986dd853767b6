import { type Me } from '@portico/plugin-tenancy-common';

/** Where the browser keeps the chosen development persona. */
export const PERSONA_STORAGE_KEY = 'portico.persona';

/** The wish for an active tenant; the server checks it against the memberships. */
export const TENANT_COOKIE = 'portico-tenant';

const TENANT_COOKIE_SECONDS = 365 * 24 * 60 * 60;

/** Whether this browser is signed in as a development persona. */
export function isPersonaSession(): boolean {
  return window.localStorage.getItem(PERSONA_STORAGE_KEY) !== null;
}

/**
 * Makes another membership of the same person the active one. A token is bound to
 * one tenant, and nothing on screen may outlive it: the page is loaded anew.
 */
export function switchMembership(membership: Me['memberships'][number]): void {
  if (isPersonaSession()) {
    switchPersona(membership.userRef);
    return;
  }
  const secure = window.location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${TENANT_COOKIE}=${membership.tenant.id}; Path=/; Max-Age=${TENANT_COOKIE_SECONDS}; SameSite=Lax${secure}`;
  window.location.assign('/');
}

/** Signs in as another development persona, on the home page. */
export function switchPersona(userRef: string): void {
  window.localStorage.setItem(PERSONA_STORAGE_KEY, userRef);
  window.location.assign('/');
}
