import { lazy, Suspense, useState } from 'react';
import {
  configApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { type SignInPageProps } from '@backstage/plugin-app-react';
import { Alert, Flex } from '@backstage/ui';
import { PERSONA_STORAGE_KEY } from '@portico/plugin-tenancy';
import { LoadingState } from '@portico/page-states';
import { appTranslationRef } from '../../translation';
import { PersonaPicker } from './PersonaPicker';
import { PersonaSignIn } from './PersonaSignIn';
import { SignInFrame } from './SignInFrame';

const OidcSignIn = lazy(() =>
  import('./OidcSignIn').then(m => ({ default: m.OidcSignIn })),
);

/** Offers the ways to sign in that the portal's configuration has. */
export function SignInPage(props: SignInPageProps) {
  const { t } = useTranslationRef(appTranslationRef);
  const config = useApi(configApiRef);
  const hasPersonas = config.has('auth.providers.persona');
  const hasOidc = config.has('auth.providers.oidc');
  const [persona, setPersona] = useState(() =>
    window.localStorage.getItem(PERSONA_STORAGE_KEY),
  );

  const choose = (userRef: string | null) => {
    if (userRef === null) {
      window.localStorage.removeItem(PERSONA_STORAGE_KEY);
    } else {
      window.localStorage.setItem(PERSONA_STORAGE_KEY, userRef);
    }
    setPersona(userRef);
  };

  if (hasPersonas && persona !== null) {
    return (
      <PersonaSignIn
        {...props}
        userRef={persona}
        onChooseAgain={() => choose(null)}
      />
    );
  }
  return (
    <SignInFrame>
      <Flex direction="column" gap="6">
        {hasOidc && (
          <Suspense fallback={<LoadingState />}>
            <OidcSignIn {...props} />
          </Suspense>
        )}
        {hasPersonas && <PersonaPicker onChoose={choose} />}
        {!hasOidc && !hasPersonas && (
          <Alert
            status="warning"
            icon
            title={t('signIn.noWayTitle')}
            description={t('signIn.noWayText')}
          />
        )}
      </Flex>
    </SignInFrame>
  );
}
