import { useMemo, useState } from 'react';
import { OAuth2 } from '@backstage/core-app-api';
import { UserIdentity } from '@backstage/core-components';
import {
  configApiRef,
  discoveryApiRef,
  oauthRequestApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { type SignInPageProps } from '@backstage/plugin-app-react';
import { Alert, Button, Flex, Text } from '@backstage/ui';
import { RiLoginBoxLine } from '@remixicon/react';
import useAsync from 'react-use/esm/useAsync';
import { LoadingState } from '@portico/page-states';
import { appTranslationRef } from '../../translation';

/**
 * Signs in with the OpenID provider. Somebody whose session is still good is let in
 * without a click.
 */
export function OidcSignIn(props: SignInPageProps) {
  const { onSignInSuccess } = props;
  const { t } = useTranslationRef(appTranslationRef);
  const config = useApi(configApiRef);
  const discovery = useApi(discoveryApiRef);
  const oauthRequests = useApi(oauthRequestApiRef);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();

  const oidc = useMemo(
    () =>
      OAuth2.create({
        configApi: config,
        discoveryApi: discovery,
        oauthRequestApi: oauthRequests,
        provider: { id: 'oidc', title: 'OpenID Connect', icon: () => null },
        environment: config.getOptionalString('auth.environment'),
        defaultScopes: ['openid', 'profile', 'email'],
      }),
    [config, discovery, oauthRequests],
  );

  const enter = async (options: {
    optional?: boolean;
    instantPopup?: boolean;
  }) => {
    const response = await oidc.getBackstageIdentity(options);
    if (!response) {
      return;
    }
    const profile = await oidc.getProfile();
    onSignInSuccess(
      UserIdentity.create({
        identity: response.identity,
        authApi: oidc,
        profile,
      }),
    );
  };

  const resumed = useAsync(() => enter({ optional: true }), [oidc]);

  const signIn = async () => {
    if (pending) {
      return;
    }
    setPending(true);
    setError(undefined);
    try {
      await enter({ instantPopup: true });
    } catch (caught) {
      setError(caught instanceof Error ? caught.message : String(caught));
    }
    setPending(false);
  };

  if (resumed.loading) {
    return <LoadingState />;
  }
  return (
    <Flex direction="column" gap="4" align="start">
      <Text as="p" color="secondary">
        {t('signIn.oidcText')}
      </Text>
      {error && (
        <div role="alert">
          <Alert
            status="danger"
            icon
            title={t('signIn.refusedTitle')}
            description={error}
          />
        </div>
      )}
      <Button
        variant="primary"
        iconStart={<RiLoginBoxLine />}
        aria-disabled={pending}
        onPress={signIn}
      >
        {t('signIn.oidc')}
      </Button>
    </Flex>
  );
}
