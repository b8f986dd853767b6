import { useCallback, useMemo, useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Container, Flex } from '@backstage/ui';
import { useAddressQuery } from '@portico/page-states';
import { RiDownloadLine, RiRefreshLine } from '@remixicon/react';
import useAsync from 'react-use/esm/useAsync';
import { auditApiRef } from '../../api/AuditApi';
import {
  activeKeys,
  readView,
  type View,
  writeView,
} from '../../content/addressQuery';
import { useEntries } from '../../hooks/useEntries';
import { auditTranslationRef } from '../../translation';
import { AuditAccess } from '../AuditAccess';
import { ExportDialog } from '../export/ExportDialog';
import styles from './EntriesPage.module.css';
import { EntryList } from './EntryList';
import { FilterBar } from './FilterBar';
import { FilterChips } from './FilterChips';

/** Name in the address of the entry that is open beside the list. */
const OPEN_KEY = 'entry';

/** The entries that the caller may read; what is looked for stands in the address. */
export function EntriesPage() {
  return (
    <AuditAccess>
      <EntriesOfView />
    </AuditAccess>
  );
}

function EntriesOfView() {
  const { t } = useTranslationRef(auditTranslationRef);
  const audit = useApi(auditApiRef);
  const [query, replaceQuery] = useAddressQuery();
  const view = useMemo(() => readView(query), [query]);
  const entries = useEntries(view);
  // The list does not wait for it; without it the choice of a tenant is missing.
  const { value: chainList } = useAsync(() => audit.chains(), [audit]);
  const [exporting, setExporting] = useState(false);
  const [isFiltering, setFiltering] = useState(false);
  const chains = useMemo(
    () => chainList?.items.map(({ chain }) => chain) ?? [],
    [chainList],
  );

  const change = useCallback(
    (part: Partial<View>) => {
      // Two fields may change within one pause, so the address is read anew.
      const current = new URLSearchParams(window.location.search);
      replaceQuery(writeView({ ...readView(current), ...part }));
    },
    [replaceQuery],
  );
  const open = query.get(OPEN_KEY) ?? undefined;
  const setOpen = useCallback(
    (id: string | undefined) => {
      const next = writeView(
        readView(new URLSearchParams(window.location.search)),
      );
      if (id) {
        next.set(OPEN_KEY, id);
      }
      replaceQuery(next);
    },
    [replaceQuery],
  );

  return (
    <Container>
      <Flex direction="column" gap="3" py="4">
        <FilterBar
          view={view}
          chains={chains}
          onChange={change}
          onFocusChange={setFiltering}
        />
        <FilterChips
          view={view}
          onChange={change}
          onClear={() => replaceQuery(new URLSearchParams())}
        />
        <EntryList
          view={view}
          entries={entries}
          chainList={chainList}
          isFiltering={isFiltering}
          isFiltered={activeKeys(view).length > 0}
          open={open}
          onOpen={setOpen}
          actions={
            <div className={styles.actions}>
              <Button
                size="small"
                variant="secondary"
                iconStart={<RiRefreshLine />}
                onPress={entries.reload}
              >
                {t('entries.reload')}
              </Button>
              <Button
                size="small"
                variant="secondary"
                iconStart={<RiDownloadLine />}
                isDisabled={!chainList}
                onPress={() => setExporting(true)}
              >
                {t('export.open')}
              </Button>
            </div>
          }
        />
      </Flex>
      {exporting && chainList && (
        <ExportDialog
          view={view}
          chainList={chainList}
          onClose={() => setExporting(false)}
        />
      )}
    </Container>
  );
}
