import { lazy, Suspense } from 'react';
import { Skeleton } from '@backstage/ui';

const LazyTenantSwitcher = lazy(() =>
  import('./components/TenantSwitcherMenu').then(m => ({
    default: m.TenantSwitcherMenu,
  })),
);

/**
 * Who is signed in and for which tenant, with the ways to change both: another
 * membership, in development another persona, and to sign out.
 */
export function TenantSwitcher() {
  return (
    <Suspense fallback={<Skeleton width={160} height={32} />}>
      <LazyTenantSwitcher />
    </Suspense>
  );
}
