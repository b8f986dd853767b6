import { type ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { appTranslationRef } from '../../translation';
import { PorticoLogo } from '../shell/PorticoLogo';
import styles from './SignInFrame.module.css';

/** The page around every way to sign in. */
export function SignInFrame(props: { children: ReactNode }) {
  const { t } = useTranslationRef(appTranslationRef);
  return (
    <main className={styles.root}>
      <div className={styles.panel}>
        <div className={styles.logo}>
          <PorticoLogo />
        </div>
        <h1 className={styles.title}>{t('signIn.title')}</h1>
        {props.children}
      </div>
    </main>
  );
}
