import { useEffect } from 'react';
import {
  configApiRef,
  identityApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import { visitOf } from './visitOf';
import { VisitStore } from './VisitStore';
import { watchAddress } from './watchAddress';

/** Notes which pages are opened; it shows nothing. */
export function VisitListener() {
  const identity = useApi(identityApiRef);
  const config = useApi(configApiRef);

  useEffect(() => {
    const basePath = new URL(
      config.getOptionalString('app.baseUrl') ?? '/',
      window.location.origin,
    ).pathname.replace(/\/$/, '');
    let store: VisitStore | undefined;
    const note = () => {
      const visit = visitOf(window.location.pathname.slice(basePath.length));
      if (visit) {
        store?.add(visit);
      }
    };
    identity.getBackstageIdentity().then(
      ({ userEntityRef }) => {
        store = VisitStore.of(userEntityRef);
        note();
      },
      // Nobody is signed in, so there is no list to keep.
      () => undefined,
    );
    return watchAddress(note);
  }, [identity, config]);

  return null;
}
