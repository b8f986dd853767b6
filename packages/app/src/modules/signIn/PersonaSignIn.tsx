import { type ComponentType, useMemo } from 'react';
import { ProxiedSignInPage } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { type SignInPageProps } from '@backstage/plugin-app-react';
import { Alert, Button, Flex } from '@backstage/ui';
import { describeProblem } from '@portico/page-states';
import { appTranslationRef } from '../../translation';
import { SignInFrame } from './SignInFrame';

/** Signs in as the chosen persona; a refusal leads back to the choice. */
export function PersonaSignIn(
  props: SignInPageProps & { userRef: string; onChooseAgain(): void },
) {
  const { userRef, onChooseAgain, ...signInProps } = props;

  const Refused = useMemo<ComponentType<{ error?: Error }>>(
    () =>
      function PersonaError({ error }) {
        return <PersonaRefused error={error} onChooseAgain={onChooseAgain} />;
      },
    [onChooseAgain],
  );

  return (
    <ProxiedSignInPage
      {...signInProps}
      provider="persona"
      headers={{ 'x-portico-persona': userRef }}
      ErrorComponent={Refused}
    />
  );
}

function PersonaRefused(props: { error?: Error; onChooseAgain(): void }) {
  const { t } = useTranslationRef(appTranslationRef);
  return (
    <SignInFrame>
      <Flex direction="column" gap="4" align="start">
        <div role="alert">
          <Alert
            status="danger"
            icon
            title={t('signIn.refusedTitle')}
            description={describeProblem(props.error)}
          />
        </div>
        <Button variant="primary" onPress={props.onChooseAgain}>
          {t('signIn.chooseAgain')}
        </Button>
      </Flex>
    </SignInFrame>
  );
}
