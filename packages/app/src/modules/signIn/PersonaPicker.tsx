import {
  discoveryApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { ResponseError } from '@backstage/errors';
import { Alert, Button, Flex, Text } from '@backstage/ui';
import {
  type Persona,
  personaListSchema,
} from '@portico/plugin-tenancy-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { Loading } from '../../Loading';
import { describeError } from '../../describeError';
import { appTranslationRef } from '../../translation';
import styles from './PersonaPicker.module.css';

/** The personas of a portal in development, by tenant. */
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
    return <Loading />;
  }
  if (error || !value || value.length === 0) {
    return (
      <Flex direction="column" gap="4" align="start">
        <div role="alert">
          <Alert
            status={error ? 'danger' : 'info'}
            icon
            title={error ? t('signIn.personasFailed') : t('signIn.noPersonas')}
            description={
              error ? describeError(error) : t('signIn.noPersonasText')
            }
          />
        </div>
        <Button variant="primary" onPress={retry}>
          {t('signIn.retry')}
        </Button>
      </Flex>
    );
  }

  return (
    <Flex direction="column" gap="5">
      <Text as="p" color="secondary">
        {t('signIn.personas')}
      </Text>
      {groupByTenant(value).map(({ tenant, personas }) => (
        <section key={tenant.id} aria-labelledby={`tenant-${tenant.id}`}>
          <h2 className={styles.tenant} id={`tenant-${tenant.id}`}>
            {tenant.title}
          </h2>
          <ul className={styles.list}>
            {personas.map(persona => (
              <li key={persona.userRef}>
                <button
                  type="button"
                  className={styles.persona}
                  onClick={() => props.onChoose(persona.userRef)}
                >
                  <span className={styles.name}>{persona.displayName}</span>
                  <span className={styles.ref}>{persona.userRef}</span>
                  <span className={styles.roles}>
                    {persona.roles.map(role => (
                      <span key={role} className={styles.role}>
                        {t(`roles.${role}`)}
                      </span>
                    ))}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Flex>
  );
}

/** Tenants by title, the platform last: most people are not its staff. */
export function groupByTenant(
  personas: Persona[],
): { tenant: Persona['tenant']; personas: Persona[] }[] {
  const tenants = new Map<
    string,
    { tenant: Persona['tenant']; personas: Persona[] }
  >();
  for (const persona of personas) {
    const entry = tenants.get(persona.tenant.id) ?? {
      tenant: persona.tenant,
      personas: [],
    };
    entry.personas.push(persona);
    tenants.set(persona.tenant.id, entry);
  }
  return [...tenants.values()].sort(
    (one, other) =>
      Number(one.tenant.id === 'default') -
        Number(other.tenant.id === 'default') ||
      one.tenant.title.localeCompare(other.tenant.title),
  );
}
