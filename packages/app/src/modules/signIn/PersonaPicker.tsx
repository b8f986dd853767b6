import {
  discoveryApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { ResponseError } from '@backstage/errors';
import { Button, Text } from '@backstage/ui';
import { EmptyState, LoadingState, ProblemState } from '@portico/page-states';
import { personaListSchema } from '@portico/plugin-tenancy-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { appTranslationRef } from '../../translation';
import { HiddenText } from '../shell/HiddenText';
import { groupByTenant } from './groupByTenant';
import { PersonaCard } from './PersonaCard';
import styles from './PersonaPicker.module.css';

/** The personas of a portal in development, by tenant, each with a tour. */
export function PersonaPicker(props: { onChoose(userRef: string): void }) {
  const { t } = useTranslationRef(appTranslationRef);
  const discovery = useApi(discoveryApiRef);
  const { loading, error, value, retry } = useAsyncRetry(async () => {
    // Nobody is signed in yet, so there is no token to send along.
    const response = await fetch(
      `${await discovery.getBaseUrl('tenancy')}/personas`,
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return personaListSchema.parse(await response.json()).items;
  }, [discovery]);

  if (loading) {
    return <LoadingState lines={8} />;
  }
  if (error || !value) {
    return (
      <ProblemState
        error={error}
        title={t('signIn.personasFailed')}
        onRetry={retry}
      />
    );
  }
  if (value.length === 0) {
    return (
      <EmptyState
        title={t('signIn.noPersonas')}
        description={t('signIn.noPersonasText')}
        action={
          <Button variant="primary" onPress={retry}>
            {t('signIn.retry')}
          </Button>
        }
      />
    );
  }

  return (
    <div className={styles.root}>
      <Text as="p" color="secondary">
        {t('signIn.personas')}
      </Text>
      {groupByTenant(value).map(({ tenant, guides, others }) => (
        <section key={tenant.id} aria-labelledby={`tenant-${tenant.id}`}>
          <h2 className={styles.tenant} id={`tenant-${tenant.id}`}>
            {tenant.title}
          </h2>
          <ul className={styles.list}>
            {guides.map(persona => (
              <li key={persona.userRef}>
                <PersonaCard persona={persona} onChoose={props.onChoose} />
              </li>
            ))}
          </ul>
          {others.length > 0 && (
            <ul
              className={styles.others}
              aria-label={t('signIn.others', { tenant: tenant.title })}
            >
              {others.map(({ userRef, displayName, roles }) => (
                <li key={userRef}>
                  <button
                    type="button"
                    className={styles.other}
                    onClick={() => props.onChoose(userRef)}
                  >
                    {displayName}
                    <span className={styles.role}>
                      {roles.map(role => t(`roles.${role}`)).join(', ')}
                    </span>
                    <HiddenText>{userRef}</HiddenText>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </section>
      ))}
    </div>
  );
}
