import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Container, Flex } from '@backstage/ui';
import { tenancyApiRef } from '../api/TenancyApi';
import { tenancyTranslationRef } from '../translation';
import { SessionTable } from './SessionTable';

/** Where a person is signed in, and ending it elsewhere. */
export function OwnSessionsPage() {
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  return (
    <Container>
      <Flex direction="column" gap="5" py="5">
        <SessionTable
          title={t('sessions.ownTitle')}
          description={t('sessions.ownDescription')}
          load={() => tenancy.ownSessions()}
          end={({ issuedAt }) => tenancy.endOwnSession(issuedAt)}
          endOthers={async sessions => {
            for (const { issuedAt } of sessions) {
              await tenancy.endOwnSession(issuedAt);
            }
          }}
          endOthersText={{
            action: t('sessions.endOthers'),
            title: t('sessions.endOthersTitle'),
            text: t('sessions.endOthersText'),
          }}
        />
      </Flex>
    </Container>
  );
}
