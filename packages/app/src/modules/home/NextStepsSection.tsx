import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import techdocsPlugin from '@backstage/plugin-techdocs/alpha';
import { Link, Text } from '@backstage/ui';
import tenancyPlugin from '@portico/plugin-tenancy';
import { type Role } from '@portico/plugin-tenancy-common';
import { appTranslationRef } from '../../translation';
import styles from './HomePage.module.css';
import { HomeSection } from './HomeSection';
import { nextSteps, type StepTarget } from './nextSteps';

/** What to do first in an empty tenant or portal. */
export function NextStepsSection(props: { roles: Role[] }) {
  const { t } = useTranslationRef(appTranslationRef);
  const routes: Record<StepTarget, (() => string) | undefined> = {
    create: useRouteRef(scaffolderPlugin.routes.root),
    catalog: useRouteRef(catalogPlugin.routes.catalogIndex),
    docs: useRouteRef(techdocsPlugin.routes.root),
    members: useRouteRef(tenancyPlugin.routes.members),
    sources: useRouteRef(tenancyPlugin.routes.sources),
    tenants: useRouteRef(tenancyPlugin.routes.tenants),
    tokens: useRouteRef(tenancyPlugin.routes.tokens),
  };
  return (
    <HomeSection title={t('home.next')}>
      <ol className={`${styles.list} ${styles.steps}`}>
        {nextSteps(props.roles).map(step => (
          <li key={step.message}>
            <Link href={routes[step.target]?.() ?? '/'}>
              {t(`home.${step.message}`)}
            </Link>
            <Text color="secondary">{t(`home.${step.message}Text`)}</Text>
          </li>
        ))}
      </ol>
    </HomeSection>
  );
}
