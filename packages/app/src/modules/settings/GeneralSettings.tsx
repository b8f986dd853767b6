import { type ReactNode, useCallback, useSyncExternalStore } from 'react';
import {
  type AppThemeApi,
  appThemeApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Container, Radio, RadioGroup, Switch, Text } from '@backstage/ui';
import { LoadingState, ProblemState } from '@portico/page-states';
import { tenancyApiRef } from '@portico/plugin-tenancy';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { appTranslationRef } from '../../translation';
import { shellTranslationRef } from '../shell/translation';
import { switchShortcuts, useShortcutsOn } from '../shortcuts';
import styles from './GeneralSettings.module.css';

const SYSTEM = 'system';
const themeChoices = [SYSTEM, 'light', 'dark'] as const;

/** Who one is, what the portal looks like, and whether single keys do something. */
export function GeneralSettings() {
  const { t } = useTranslationRef(shellTranslationRef);
  const themes = useApi(appThemeApiRef);
  const chosen = useChosenTheme(themes);
  const isOn = useShortcutsOn();
  return (
    <Container py="4">
      <div className={styles.root}>
        <Section title={t('settings.person')}>
          <Person />
        </Section>
        <Section title={t('settings.appearance')}>
          <RadioGroup
            aria-label={t('settings.theme')}
            orientation="horizontal"
            value={chosen}
            onChange={value =>
              themes.setActiveThemeId(value === SYSTEM ? undefined : value)
            }
          >
            {themeChoices.map(choice => (
              <Radio key={choice} value={choice}>
                {t(`settings.themes.${choice}`)}
              </Radio>
            ))}
          </RadioGroup>
        </Section>
        <Section title={t('settings.keyboard')}>
          <Switch
            label={t('shortcuts.switch')}
            isSelected={isOn}
            onChange={switchShortcuts}
          />
          <Text as="p" variant="body-small" color="secondary">
            {t('shortcuts.switchText')}
          </Text>
        </Section>
      </div>
    </Container>
  );
}

function Section(props: { title: string; children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={props.title}>
      <h2 className={styles.title}>{props.title}</h2>
      {props.children}
    </section>
  );
}

function Person() {
  const { t } = useTranslationRef(shellTranslationRef);
  const { t: tApp } = useTranslationRef(appTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const { loading, error, value, retry } = useAsyncRetry(
    () => tenancy.me(),
    [tenancy],
  );
  if (loading) {
    return <LoadingState lines={3} />;
  }
  if (error || !value) {
    return <ProblemState error={error} onRetry={retry} />;
  }
  const facts = [
    [t('settings.name'), value.displayName],
    [t('settings.reference'), value.userRef],
    [t('settings.organisation'), value.tenant.title],
    [
      t('settings.roles'),
      value.roles.map(role => tApp(`roles.${role}`)).join(', ') ||
        t('settings.none'),
    ],
    [t('settings.groups'), value.groups.join(', ') || t('settings.none')],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([name, fact]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}

function useChosenTheme(themes: AppThemeApi): string {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const subscription = themes.activeThemeId$().subscribe(onChange);
      return () => subscription.unsubscribe();
    },
    [themes],
  );
  return useSyncExternalStore(
    subscribe,
    () => themes.getActiveThemeId() ?? SYSTEM,
  );
}
