import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Text } from '@backstage/ui';
import { EmptyState, LoadingState, ProblemState } from '@portico/page-states';
import { appTranslationRef } from '../../translation';
import { HiddenText } from '../shell/HiddenText';
import { groupByTenant } from './groupByTenant';
import { DemoNotice } from './DemoNotice';
import { PersonaCard } from './PersonaCard';
import styles from './PersonaPicker.module.css';
import { usePersonas } from './usePersonas';

/** The personas of a portal in development, by tenant, each with a tour. */
export function PersonaPicker(props: { onChoose(userRef: string): void }) {
  const { t } = useTranslationRef(appTranslationRef);
  const { error, value, retry } = usePersonas();

  if (!value && !error) {
    return <LoadingState lines={8} />;
  }
  if (!value) {
    return (
      <ProblemState
        error={error}
        title={t('signIn.personasFailed')}
        onRetry={retry}
      />
    );
  }
  if (value.items.length === 0) {
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
      <DemoNotice demo={value.demo} />
      <Text as="p" color="secondary">
        {t('signIn.personas')}
      </Text>
      {groupByTenant(value.items).map(({ tenant, guides, others }) => (
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
