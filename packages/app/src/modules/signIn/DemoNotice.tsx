import {
  configApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { type DemoProgress } from '@portico/plugin-tenancy-common';
import { shellTranslationRef } from '../shell/translation';
import styles from './DemoNotice.module.css';
import { usePersonas } from './usePersonas';

/** How far the demo is, in a corner where it moves nothing; nothing once it is there. */
export function DemoNotice(props: { demo: DemoProgress | undefined }) {
  const { t } = useTranslationRef(shellTranslationRef);
  const { demo } = props;
  if (!demo) {
    return null;
  }
  const numbers = { done: String(demo.done), total: String(demo.total) };
  return (
    <aside className={styles.root} aria-label={t('demo.title')}>
      <p className={styles.title}>{t('demo.title')}</p>
      <p className={styles.text} role="status">
        {t(`demo.${demo.state}`, numbers)}
      </p>
      <progress
        className={styles.bar}
        aria-label={t('demo.title')}
        value={demo.done}
        max={demo.total}
      />
    </aside>
  );
}

/** The same for somebody who is signed in; asks only where there are personas. */
export function SignedInDemoNotice() {
  const hasPersonas = useApi(configApiRef).has('auth.providers.persona');
  return hasPersonas ? <AskedDemoNotice /> : null;
}

function AskedDemoNotice() {
  return <DemoNotice demo={usePersonas().value?.demo} />;
}
