import { useEffect, useRef, useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Flex,
  Radio,
  RadioGroup,
  Select,
  Text,
} from '@backstage/ui';
import { type ChainList } from '@portico/plugin-audit-common';
import { auditApiRef, type ExportFormat } from '../../api/AuditApi';
import { EXPORT_LIMIT_BYTES } from '../../api/AuditClient';
import { ExportTooLargeError } from '../../api/ExportTooLargeError';
import { activeKeys, toFilter, type View } from '../../content/addressQuery';
import { exportFileName } from '../../content/exportFileName';
import { formatBytes } from '../../content/formatBytes';
import { saveBlob } from '../../content/saveBlob';
import { toError } from '../../content/toError';
import { verifyCommand } from '../../content/verifyCommand';
import { useWording } from '../../hooks/useWording';
import { auditTranslationRef } from '../../translation';
import { CopyableText } from '../CopyableText';
import { ProblemAlert } from '../ProblemAlert';

const ALL = 'all chains';

/** What an entry weighs in an export on average, for a hint before the download. */
const TYPICAL_BYTES: Record<ExportFormat, number> = { jsonl: 900, csv: 350 };

type Progress =
  | { step: 'choosing' }
  | { step: 'downloading'; bytes: number }
  | { step: 'done'; file: string; bytes: number };

/** Downloads entries with their proofs, and says how to check them. */
export function ExportDialog(props: {
  /** What is looked at now. */
  view: View;
  /** Whether the whole chain is meant, not the view. */
  isComplete?: boolean;
  chainList: ChainList;
  onClose(): void;
}) {
  const { view, chainList, onClose } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const audit = useApi(auditApiRef);
  const wording = useWording();
  const chains = chainList.items;
  const isFiltered = activeKeys(view).some(key => key !== 'chain');
  const [scope, setScope] = useState<'view' | 'complete'>(
    isFiltered && !props.isComplete ? 'view' : 'complete',
  );
  const [format, setFormat] = useState<ExportFormat>('jsonl');
  const [chain, setChain] = useState(
    view.chain ?? (chains.length === 1 ? chains[0].chain : ALL),
  );
  const [progress, setProgress] = useState<Progress>({ step: 'choosing' });
  const [error, setError] = useState<Error>();
  const controller = useRef<AbortController>();
  useEffect(() => () => controller.current?.abort(), []);

  const oneChain = chain === ALL ? undefined : chain;
  const limit = formatBytes(EXPORT_LIMIT_BYTES);
  const entries = chains
    .filter(state => oneChain === undefined || state.chain === oneChain)
    .reduce((sum, state) => sum + state.size - state.oldest + 1, 0);

  const start = async () => {
    const running = new AbortController();
    controller.current = running;
    setError(undefined);
    setProgress({ step: 'downloading', bytes: 0 });
    const file = exportFileName({ chain: oneChain, format, at: new Date() });
    try {
      const blob = await audit.export({
        format,
        filter: {
          ...(scope === 'view' ? toFilter(view, new Date()) : {}),
          chain: oneChain,
        },
        signal: running.signal,
        onProgress: bytes => setProgress({ step: 'downloading', bytes }),
      });
      saveBlob(blob, file);
      setProgress({ step: 'done', file, bytes: blob.size });
    } catch (thrown) {
      if (!running.signal.aborted) {
        setError(
          thrown instanceof ExportTooLargeError
            ? new Error(t('export.tooLarge', { limit }))
            : toError(thrown),
        );
      }
      setProgress({ step: 'choosing' });
    }
  };

  if (progress.step === 'done') {
    return (
      <Dialog isOpen onOpenChange={open => !open && onClose()} width={640}>
        <DialogHeader>{t('export.doneTitle')}</DialogHeader>
        <DialogBody>
          <Flex direction="column" gap="4">
            <Text as="p" role="status">
              {t('export.done', {
                file: progress.file,
                size: formatBytes(progress.bytes),
              })}
            </Text>
            {format === 'jsonl' ? (
              <>
                <Text as="p">{t('export.verify')}</Text>
                {chainList.keys.length > 0 && (
                  <CopyableText
                    text={verifyCommand(progress.file, chainList.keys)}
                    label={t('verify.command')}
                  />
                )}
                <Text as="p" color="secondary">
                  {t('verify.keysText')}
                </Text>
              </>
            ) : (
              <Text as="p" color="secondary">
                {t('export.csvNoProof')}
              </Text>
            )}
          </Flex>
        </DialogBody>
        <DialogFooter>
          <Button variant="primary" onPress={onClose}>
            {t('common.close')}
          </Button>
        </DialogFooter>
      </Dialog>
    );
  }

  const isDownloading = progress.step === 'downloading';
  return (
    <Dialog
      isOpen
      isDismissable={false}
      onOpenChange={open => !open && onClose()}
      width={560}
    >
      <DialogHeader>{t('export.title')}</DialogHeader>
      <DialogBody>
        <Flex direction="column" gap="4">
          {isFiltered && (
            <RadioGroup
              label={t('export.scope')}
              value={scope}
              isDisabled={isDownloading}
              onChange={value =>
                setScope(value === 'view' ? 'view' : 'complete')
              }
            >
              <Radio value="view">{t('export.scopeView')}</Radio>
              <Radio value="complete">{t('export.scopeComplete')}</Radio>
            </RadioGroup>
          )}
          {chains.length > 1 && (
            <Select
              label={t('filter.chain')}
              isDisabled={isDownloading}
              options={[
                { id: ALL, label: t('export.allChains') },
                ...chains.map(state => ({
                  id: state.chain,
                  label: wording.chain(state.chain),
                })),
              ]}
              value={chain}
              onChange={key => setChain(String(key ?? ALL))}
            />
          )}
          <RadioGroup
            label={t('export.format')}
            value={format}
            isDisabled={isDownloading}
            onChange={value => setFormat(value === 'csv' ? 'csv' : 'jsonl')}
          >
            <Radio value="jsonl">{t('export.jsonl')}</Radio>
            <Radio value="csv">{t('export.csv')}</Radio>
          </RadioGroup>
          <Alert
            status="info"
            icon
            title={
              scope === 'complete'
                ? t('export.size', {
                    count: entries,
                    size: formatBytes(entries * TYPICAL_BYTES[format]),
                  })
                : t('export.sizeOfView', {
                    size: formatBytes(entries * TYPICAL_BYTES[format]),
                  })
            }
            description={t('export.limit', { limit })}
          />
          <Text as="p" role="status">
            {isDownloading &&
              t('export.downloading', { size: formatBytes(progress.bytes) })}
          </Text>
          {error && <ProblemAlert error={error} />}
        </Flex>
      </DialogBody>
      <DialogFooter>
        <Button
          variant="primary"
          aria-disabled={isDownloading}
          onPress={() => isDownloading || start()}
        >
          {t('export.submit')}
        </Button>
        <Button
          variant="secondary"
          onPress={() => {
            if (isDownloading) {
              controller.current?.abort();
            } else {
              onClose();
            }
          }}
        >
          {isDownloading ? t('export.stop') : t('common.cancel')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
