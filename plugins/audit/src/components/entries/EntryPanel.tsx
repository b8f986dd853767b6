import { useEffect, useRef } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon, ButtonLink, Flex } from '@backstage/ui';
import { LoadingState } from '@portico/page-states';
import {
  RiArrowDownLine,
  RiArrowUpLine,
  RiCloseLine,
  RiExternalLinkLine,
} from '@remixicon/react';
import {
  type AuditEntryView,
  type ChainList,
} from '@portico/plugin-audit-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { auditApiRef } from '../../api/AuditApi';
import { entryId } from '../../hooks/entryList';
import { useAuditLinks } from '../../hooks/useAuditLinks';
import { auditTranslationRef } from '../../translation';
import { EntryDetail } from '../entry/EntryDetail';
import { EntryTitle } from '../entry/EntryTitle';
import { ProblemAlert } from '../ProblemAlert';
import styles from './EntriesPage.module.css';

/** One entry beside the list; Escape leads back to the list. */
export function EntryPanel(props: {
  /** `<chain>:<sequence>`. */
  id: string;
  /** The entry, where the list has it. */
  loaded: AuditEntryView | undefined;
  chainList: ChainList | undefined;
  /** Whether somebody has just opened it. */
  takesFocus: boolean;
  onNewer?(): void;
  onOlder?(): void;
  onClose(): void;
}) {
  const { loaded, chainList, onNewer, onOlder, onClose } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const audit = useApi(auditApiRef);
  const links = useAuditLinks();
  const panel = useRef<HTMLElement>(null);
  const takesFocus = useRef(props.takesFocus);
  const [chain, sequence] = props.id.split(':');
  const place = { chain, sequence: Number(sequence) };
  const { loading, value, error, retry } = useAsyncRetry(
    async () => loaded ?? audit.entry({ chain, sequence: Number(sequence) }),
    // What the list has of it never changes.
    [audit, chain, sequence],
  );
  const view =
    loaded ?? (value && entryId(value) === props.id ? value : undefined);

  useEffect(() => {
    const before = document.activeElement;
    if (takesFocus.current) {
      panel.current?.focus({ preventScroll: true });
    }
    return () => {
      // Back to the row that opened it, unless the focus has moved on.
      if (
        before instanceof HTMLElement &&
        (document.activeElement === document.body ||
          document.activeElement === null)
      ) {
        before.focus({ preventScroll: true });
      }
    };
  }, []);

  useEffect(() => {
    const element = panel.current;
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape') {
        onClose();
      }
    };
    element?.addEventListener('keydown', close);
    return () => element?.removeEventListener('keydown', close);
  }, [onClose]);

  return (
    <section
      ref={panel}
      className={styles.panel}
      aria-label={t('detail.title', {
        number: String(place.sequence),
        chain: place.chain,
      })}
      tabIndex={-1}
    >
      <div className={styles.panelHead}>
        <EntryTitle place={place} />
        <Flex gap="1">
          <ButtonIcon
            size="small"
            variant="tertiary"
            icon={<RiArrowUpLine />}
            aria-label={t('detail.newer')}
            // It keeps the focus at the end of the list.
            aria-disabled={!onNewer}
            onPress={onNewer}
          />
          <ButtonIcon
            size="small"
            variant="tertiary"
            icon={<RiArrowDownLine />}
            aria-label={t('detail.older')}
            aria-disabled={!onOlder}
            onPress={onOlder}
          />
          <ButtonLink
            size="small"
            variant="tertiary"
            href={links.entry(place)}
            iconStart={<RiExternalLinkLine />}
          >
            {t('detail.ownPage')}
          </ButtonLink>
          <ButtonIcon
            size="small"
            variant="tertiary"
            icon={<RiCloseLine />}
            aria-label={t('common.close')}
            onPress={onClose}
          />
        </Flex>
      </div>
      <div className={styles.panelBody}>
        {loading && !view && <LoadingState />}
        {error && !view && <ProblemAlert error={error} onRetry={retry} />}
        {view && <EntryDetail view={view} chainList={chainList} />}
      </div>
    </section>
  );
}
