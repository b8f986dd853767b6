import { type ReactNode } from 'react';
import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { tenancyApiRef } from '@portico/plugin-tenancy';
import { type Me, type Source } from '@portico/plugin-tenancy-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { externalRoutes } from '../../routes';
import { homeTranslationRef } from '../../translation';
import styles from '../HomeSection.module.css';
import { LoadedSection } from './LoadedSection';

const SHOWN = 3;

/** For those who administer a tenant: its people and sources, and what is wrong there. */
export function TenantSection(props: { me: Me; onReady(): void }) {
  const { me, onReady } = props;
  const { t } = useTranslationRef(homeTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const membersPage = useRouteRef(externalRoutes.members);
  const sourcesPage = useRouteRef(externalRoutes.sources);
  const request = useAsyncRetry(async () => {
    const [members, sources] = await Promise.all([
      tenancy.members(me.tenant.id),
      tenancy.sources(me.tenant.id),
    ]);
    return { members, sources };
  }, [tenancy, me.tenant.id]);

  return (
    <LoadedSection
      title={t('tenant.title')}
      failed={t('tenant.failed')}
      request={request}
      onReady={onReady}
    >
      {value => {
        const people = value.members.filter(({ kind }) => kind === 'person');
        const active = people.filter(
          ({ disabledAt }) => disabledAt === undefined,
        );
        const disabled = people.length - active.length;
        const withoutGroup = active.filter(({ groups }) => groups.length === 0);
        const troubled = value.sources.filter(isTroubled);
        return (
          <>
            <dl className={styles.facts}>
              <dt>{t('tenant.people')}</dt>
              <dd>
                <MaybeLink href={membersPage?.()}>
                  {disabled > 0
                    ? t('tenant.peopleDisabled', {
                        number: String(active.length),
                        disabled: String(disabled),
                      })
                    : t('tenant.peopleValue', {
                        number: String(active.length),
                      })}
                </MaybeLink>
              </dd>
              {withoutGroup.length > 0 && (
                <>
                  <dt>{t('tenant.withoutGroup')}</dt>
                  <dd>
                    {withoutGroup
                      .map(({ displayName }) => displayName)
                      .join(', ')}
                  </dd>
                </>
              )}
              <dt>{t('tenant.machines')}</dt>
              <dd>{value.members.length - people.length}</dd>
              <dt>{t('tenant.sources')}</dt>
              <dd>
                <MaybeLink href={sourcesPage?.()}>
                  {troubled.length > 0
                    ? t('tenant.sourcesProblems', {
                        number: String(value.sources.length),
                        problems: String(troubled.length),
                      })
                    : t('tenant.sourcesValue', {
                        number: String(value.sources.length),
                      })}
                </MaybeLink>
              </dd>
            </dl>
            {troubled.length > 0 && (
              <ul className={styles.list}>
                {troubled.slice(0, SHOWN).map(source => (
                  <li key={source.name}>
                    <strong>{source.name}</strong>
                    <span className={styles.quiet}>
                      <SourceTrouble source={source} />
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </>
        );
      }}
    </LoadedSection>
  );
}

function SourceTrouble({ source }: { source: Source }) {
  const { t } = useTranslationRef(homeTranslationRef);
  const { lastScan } = source;
  if (!lastScan) {
    return <>{t('tenant.never')}</>;
  }
  return lastScan.outcome === 'unreadable' ? (
    <>{t('tenant.unread', { reason: lastScan.reason ?? '' })}</>
  ) : (
    <>{t('tenant.refusals', { number: String(lastScan.refusals) })}</>
  );
}

function MaybeLink(props: { href?: string; children: ReactNode }) {
  return props.href ? (
    <Link href={props.href}>{props.children}</Link>
  ) : (
    <>{props.children}</>
  );
}

/** Whether a source could not be read, or lost something on the way. */
export function isTroubled({ lastScan }: Source): boolean {
  return (
    lastScan !== undefined &&
    (lastScan.outcome === 'unreadable' || lastScan.refusals > 0)
  );
}
