import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { PERSONA_STORAGE_KEY, tenancyApiRef } from '@portico/plugin-tenancy';
import useAsync from 'react-use/esm/useAsync';
import { useCurrentPath } from '../../useCurrentPath';
import {
  changeTour,
  openTour,
  readTourRecord,
  subscribeToTour,
} from './tourRecord';
import { pathOf, type Tour, tourOf } from './tours';

/** The open tour of whoever is signed in. */
export function useOpenTour(): { tour: Tour; done: string[] } | undefined {
  const identity = useApi(identityApiRef);
  const record = useSyncExternalStore(subscribeToTour, readTourRecord);
  const signedIn = useAsync(
    async () => (await identity.getBackstageIdentity()).userEntityRef,
    [identity],
  );
  // Known at once for a persona, so that the page does not move a moment later.
  const userRef =
    signedIn.value ?? window.localStorage.getItem(PERSONA_STORAGE_KEY);

  return useMemo(() => {
    const tour =
      record?.isOpen && record.userRef === userRef ? tourOf(record) : undefined;
    return tour && record ? { tour, done: record.done } : undefined;
  }, [record, userRef]);
}

/** Ticks the steps whose page is looked at while their tour is open. */
export function useTourProgress(
  open: { tour: Tour; done: string[] } | undefined,
): void {
  const path = useCurrentPath();
  useEffect(() => {
    const step = open?.tour.steps.find(
      candidate =>
        pathOf(candidate) === path && !open.done.includes(candidate.name),
    );
    if (open && step) {
      changeTour({ done: [...open.done, step.name] });
    }
  }, [open, path]);
}

/** Opens the tour for whoever is signed in. */
export function useStartTour(): () => Promise<void> {
  const tenancy = useApi(tenancyApiRef);
  return async () => {
    const { userRef, tenant, roles } = await tenancy.me();
    openTour({ userRef, tenant: tenant.id, roles });
  };
}
