import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Flex, Text } from '@backstage/ui';
import {
  type Directory,
  tenancyMemberManagePermission,
} from '@portico/plugin-tenancy-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { tenancyApiRef } from '../api/TenancyApi';
import { tenancyTranslationRef } from '../translation';
import { AdministrationPage } from './AdministrationPage';
import { ConfirmDialog } from './ConfirmDialog';
import { ConnectDirectoryDialog } from './ConnectDirectoryDialog';
import { DirectoryTokens } from './DirectoryTokens';
import { formatMoment } from './formatMoment';
import { Loading } from './Loading';
import { ProblemAlert } from './ProblemAlert';
import { SecretField } from './SecretField';
import { SectionHeader } from './SectionHeader';

/** Where the people and groups of a tenant come from besides by hand. */
export function DirectoryPage() {
  return (
    <AdministrationPage permission={tenancyMemberManagePermission}>
      {({ tenant, title }) => (
        <DirectoryOfTenant key={tenant} tenant={tenant} title={title} />
      )}
    </AdministrationPage>
  );
}

function DirectoryOfTenant(props: { tenant: string; title: string }) {
  const { tenant, title } = props;
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const [dialog, setDialog] = useState<'connect' | 'disconnect'>();
  const found = useAsyncRetry(
    async () => ({ directory: await tenancy.directory(tenant) }),
    [tenancy, tenant],
  );
  const close = () => setDialog(undefined);

  if (found.error) {
    return <ProblemAlert error={found.error} />;
  }
  // What was read stays while it is read again, so that nothing moves.
  if (!found.value) {
    return <Loading />;
  }
  const { directory } = found.value;
  return (
    <>
      <SectionHeader
        title={t('directory.title', { tenant: title })}
        description={t('directory.description')}
        actions={
          directory ? (
            directory.kind === 'scim' && (
              <Button
                variant="secondary"
                onPress={() => setDialog('disconnect')}
              >
                {t('directory.disconnect')}
              </Button>
            )
          ) : (
            <Button variant="primary" onPress={() => setDialog('connect')}>
              {t('directory.connect')}
            </Button>
          )
        }
      />
      {directory ? (
        <DirectoryFacts directory={directory} />
      ) : (
        <Text as="p">{t('directory.none')}</Text>
      )}
      {directory?.kind === 'scim' && (
        <DirectoryTokens
          tenant={tenant}
          tokens={directory.tokens}
          onChange={found.retry}
        />
      )}
      {dialog === 'connect' && (
        <ConnectDirectoryDialog
          tenant={tenant}
          onClose={close}
          onDone={found.retry}
        />
      )}
      {dialog === 'disconnect' && (
        <ConfirmDialog
          title={t('directory.disconnectTitle', { tenant: title })}
          text={t('directory.disconnectText')}
          action={t('directory.disconnect')}
          onClose={close}
          onConfirm={async () => {
            await tenancy.disconnectDirectory(tenant);
            found.retry();
          }}
        />
      )}
    </>
  );
}

function DirectoryFacts(props: { directory: Directory }) {
  const { directory } = props;
  const { t } = useTranslationRef(tenancyTranslationRef);
  const { lastLook } = directory;
  return (
    <Flex direction="column" gap="3">
      <Text as="p">
        {t(`directory.${directory.kind}`, { issuer: directory.issuer })}{' '}
        {t('directory.owned', {
          people: String(directory.people),
          groups: String(directory.groups),
        })}
      </Text>
      {directory.kind === 'scim' && (
        <Text as="p">{t(`directory.by.${directory.subject}`)}</Text>
      )}
      {directory.address && (
        <SecretField label={t('directory.address')} value={directory.address} />
      )}
      {lastLook && (
        <Text as="p">
          {t(`directory.look.${lastLook.outcome}`, {
            at: formatMoment(lastLook.at),
          })}{' '}
          {lastLook.reason}
        </Text>
      )}
    </Flex>
  );
}
