import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Flex,
  Select,
  Text,
} from '@backstage/ui';
import { LoadingState, ProblemState } from '@portico/page-states';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { promotionsApiRef } from '../api/PromotionsApi';
import { DiffView } from '../diff/DiffView';
import { promotionsTranslationRef } from '../translation';

/** What would change in an environment if it were like another one. */
export function CompareDialog(props: {
  component: string;
  environment: string;
  /** The other ones, the likeliest first. */
  others: string[];
  onClose(): void;
}) {
  const { component, environment, others, onClose } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const [other, setOther] = useState(others.at(0));
  return (
    <Dialog isOpen onOpenChange={open => !open && onClose()} width={960}>
      <DialogHeader>{t('compare.title', { environment })}</DialogHeader>
      <DialogBody>
        <Flex direction="column" gap="4">
          {other === undefined ? (
            <Text as="p">{t('compare.noOther')}</Text>
          ) : (
            <>
              <Select
                label={t('compare.with')}
                options={others.map(name => ({ id: name, label: name }))}
                value={other}
                onChange={name => setOther(String(name))}
              />
              <Text as="p">{t('compare.text', { environment, other })}</Text>
              <Comparison component={component} from={environment} to={other} />
            </>
          )}
        </Flex>
      </DialogBody>
      <DialogFooter>
        <Button variant="secondary" onPress={onClose}>
          {t('common.close')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

function Comparison(props: { component: string; from: string; to: string }) {
  const { component, from, to } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const api = useApi(promotionsApiRef);
  const { loading, error, value, retry } = useAsyncRetry(
    () => api.diff({ component, from, to }),
    [api, component, from, to],
  );
  if (loading) {
    return <LoadingState label={t('diff.loading')} lines={6} />;
  }
  return value ? (
    <DiffView diff={value} />
  ) : (
    <ProblemState error={error} title={t('diff.failed')} onRetry={retry} />
  );
}
