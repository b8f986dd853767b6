import {
  BreadcrumbEntry,
  useApi,
  useRouteRefParams,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Alert, ButtonLink, Container, Flex, Link } from '@backstage/ui';
import { LoadingState } from '@portico/page-states';
import { RiArrowDownLine, RiArrowUpLine } from '@remixicon/react';
import { chainSchema, type ChainList } from '@portico/plugin-audit-common';
import useAsync from 'react-use/esm/useAsync';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { auditApiRef, type EntryPlace } from '../../api/AuditApi';
import { useAuditLinks } from '../../hooks/useAuditLinks';
import { useWording } from '../../hooks/useWording';
import { entryRouteRef } from '../../routes';
import { auditTranslationRef } from '../../translation';
import { AuditAccess } from '../AuditAccess';
import { isNotFound, ProblemAlert } from '../ProblemAlert';
import { EntryDetail } from './EntryDetail';
import { EntryTitle } from './EntryTitle';

/** One entry on a page of its own. */
export function EntryPage() {
  return (
    <AuditAccess>
      <EntryOfAddress />
    </AuditAccess>
  );
}

function EntryOfAddress() {
  const { t } = useTranslationRef(auditTranslationRef);
  const wording = useWording();
  const audit = useApi(auditApiRef);
  const { chain, sequence: sequenceText } = useRouteRefParams(entryRouteRef);
  const place = toPlace(chain, sequenceText);
  const {
    value: view,
    error,
    loading,
    retry,
  } = useAsyncRetry(
    async () => place && audit.entry(place),
    [audit, chain, sequenceText],
  );
  const { value: chainList } = useAsync(() => audit.chains(), [audit, view]);

  if (!place || (error && isNotFound(error))) {
    return <NoSuchEntry />;
  }
  return (
    <BreadcrumbEntry
      entry={{
        label: t('detail.title', {
          number: String(place.sequence),
          chain: wording.chain(place.chain),
        }),
        href: '',
      }}
    >
      <Container>
        <Flex direction="column" gap="4" py="4" style={{ maxWidth: '64rem' }}>
          <Flex justify="between" align="center" style={{ flexWrap: 'wrap' }}>
            <EntryTitle place={place} />
            <Neighbours place={place} chainList={chainList} />
          </Flex>
          {loading && !view && <LoadingState />}
          {error && !loading && <ProblemAlert error={error} onRetry={retry} />}
          {view && !error && <EntryDetail view={view} chainList={chainList} />}
        </Flex>
      </Container>
    </BreadcrumbEntry>
  );
}

function Neighbours(props: {
  place: EntryPlace;
  chainList: ChainList | undefined;
}) {
  const { chain, sequence } = props.place;
  const { t } = useTranslationRef(auditTranslationRef);
  const links = useAuditLinks();
  const state = props.chainList?.items.find(item => item.chain === chain);
  return (
    <Flex gap="2" align="center">
      <Link href={links.entries({ chain })}>{t('detail.allOfChain')}</Link>
      {state && sequence < state.size && (
        <ButtonLink
          size="small"
          variant="secondary"
          iconStart={<RiArrowUpLine />}
          href={links.entry({ chain, sequence: sequence + 1 })}
        >
          {t('detail.next')}
        </ButtonLink>
      )}
      {state && sequence > state.oldest && (
        <ButtonLink
          size="small"
          variant="secondary"
          iconStart={<RiArrowDownLine />}
          href={links.entry({ chain, sequence: sequence - 1 })}
        >
          {t('detail.previous')}
        </ButtonLink>
      )}
    </Flex>
  );
}

/** Says the same of what is absent and of what is another tenant's. */
function NoSuchEntry() {
  const { t } = useTranslationRef(auditTranslationRef);
  const links = useAuditLinks();
  return (
    <Container>
      <Flex direction="column" gap="3" py="4" align="start">
        <Alert
          role="alert"
          status="info"
          icon
          title={t('detail.absentTitle')}
          description={t('detail.absentText')}
        />
        <Link href={links.entries()}>{t('detail.allEntries')}</Link>
      </Flex>
    </Container>
  );
}

function toPlace(chain: string, sequence: string): EntryPlace | undefined {
  return chainSchema.safeParse(chain).success &&
    /^[1-9]\d{0,14}$/.test(sequence)
    ? { chain, sequence: Number(sequence) }
    : undefined;
}
