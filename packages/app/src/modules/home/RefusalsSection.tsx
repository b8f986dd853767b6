import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { Link, Text } from '@backstage/ui';
import tenancyPlugin, { tenancyApiRef } from '@portico/plugin-tenancy';
import { tenancySourceReadPermission } from '@portico/plugin-tenancy-common';
import useAsync from 'react-use/esm/useAsync';
import { appTranslationRef } from '../../translation';
import styles from './HomePage.module.css';
import { HomeSection } from './HomeSection';

const SHOWN = 3;

/** What the tenant's catalog files lost, for those who may see it. */
export function RefusalsSection(props: { tenant: string }) {
  const { t } = useTranslationRef(appTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const sourcesRoute = useRouteRef(tenancyPlugin.routes.sources);
  const { allowed } = usePermission({
    permission: tenancySourceReadPermission,
  });
  const { value: refusals = [] } = useAsync(
    async () => (allowed ? tenancy.refusals(props.tenant) : []),
    [allowed, tenancy, props.tenant],
  );

  if (refusals.length === 0) {
    return null;
  }
  return (
    <HomeSection title={t('home.refusals')}>
      <Text as="p" color="secondary">
        {t('home.refusalsText')}
      </Text>
      <ul className={styles.list}>
        {refusals.slice(0, SHOWN).map((refusal, index) => (
          <li key={index}>
            <Text weight="bold">
              {`${refusal.source}: ${
                refusal.line === undefined
                  ? refusal.file
                  : t('home.refusalAt', {
                      file: refusal.file,
                      line: String(refusal.line),
                    })
              }`}
            </Text>
            <Text>{refusal.reason}</Text>
          </li>
        ))}
      </ul>
      {sourcesRoute && (
        <Link href={sourcesRoute()}>{t('home.refusalsAll')}</Link>
      )}
    </HomeSection>
  );
}
