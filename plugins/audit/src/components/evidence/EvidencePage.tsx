import { useMemo } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Container, Flex, Text } from '@backstage/ui';
import { LoadingState, useAddressQuery } from '@portico/page-states';
import { RiRefreshLine } from '@remixicon/react';
import { type ChainList } from '@portico/plugin-audit-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { auditApiRef } from '../../api/AuditApi';
import { auditTranslationRef } from '../../translation';
import { AuditAccess } from '../AuditAccess';
import { ProblemAlert } from '../ProblemAlert';
import { ChainSection } from './ChainSection';
import { ChainTable } from './ChainTable';
import { VerifierSection } from './VerifierSection';

/** What shows that nobody has changed the audit. */
export function EvidencePage() {
  return (
    <AuditAccess>
      <Evidence />
    </AuditAccess>
  );
}

function Evidence() {
  const { t } = useTranslationRef(auditTranslationRef);
  const audit = useApi(auditApiRef);
  const { value, loading, error, retry } = useAsyncRetry(
    () => audit.chains(),
    [audit],
  );
  return (
    <Container>
      <Flex direction="column" gap="5" py="4">
        <Flex justify="between" align="start" gap="4">
          <Text as="p" color="secondary" style={{ maxWidth: '48rem' }}>
            {t('evidence.description')}
          </Text>
          <Button
            size="small"
            variant="secondary"
            iconStart={<RiRefreshLine />}
            onPress={retry}
          >
            {t('entries.reload')}
          </Button>
        </Flex>
        {loading && !value && <LoadingState />}
        {error && !loading && <ProblemAlert error={error} onRetry={retry} />}
        {value && !error && <Chains chainList={value} onChange={retry} />}
      </Flex>
    </Container>
  );
}

function Chains(props: { chainList: ChainList; onChange(): void }) {
  const { chainList, onChange } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const [query, replaceQuery] = useAddressQuery();
  const wanted = query.get('chain');
  const chosen = useMemo(
    () =>
      chainList.items.find(({ chain }) => chain === wanted) ??
      chainList.items.at(0),
    [chainList, wanted],
  );
  return (
    <>
      {chainList.items.length > 1 && (
        <ChainTable
          chains={chainList.items}
          chosen={chosen?.chain}
          onChoose={chain => replaceQuery(new URLSearchParams({ chain }))}
        />
      )}
      {chosen ? (
        <ChainSection
          key={chosen.chain}
          state={chosen}
          chainList={chainList}
          onChange={onChange}
        />
      ) : (
        <Text as="p" role="status">
          {t('evidence.noChain')}
        </Text>
      )}
      <VerifierSection chainList={chainList} chain={chosen?.chain} />
    </>
  );
}
