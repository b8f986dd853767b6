import { type FormEvent, useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Flex,
  Text,
  TextAreaField,
  TextField,
} from '@backstage/ui';
import { erasureRequestSchema } from '@portico/plugin-audit-common';
import { auditApiRef } from '../../api/AuditApi';
import { toError } from '../../content/toError';
import { auditTranslationRef } from '../../translation';
import { ProblemAlert } from '../ProblemAlert';

/** Erases a former member from the audit of one chain. */
export function EraseDialog(props: {
  chain: string;
  onClose(): void;
  onDone(): void;
}) {
  const { chain, onClose, onDone } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const audit = useApi(auditApiRef);
  const [name, setName] = useState('');
  const [reason, setReason] = useState('');
  const [again, setAgain] = useState('');
  const [checked, setChecked] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<Error>();
  const [erased, setErased] = useState<number>();

  const person = `user:${chain}/${name.trim()}`;
  const isNameGood =
    name.trim() !== '' &&
    erasureRequestSchema.shape.person.safeParse(person).success;
  const isReasonGood =
    erasureRequestSchema.shape.reason.safeParse(reason).success;
  const isSame = again.trim() === name.trim() && again.trim() !== '';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (pending || !isNameGood || !isReasonGood || !isSame) {
      return;
    }
    setPending(true);
    setError(undefined);
    try {
      setErased(await audit.erase({ chain, person, reason: reason.trim() }));
      onDone();
    } catch (thrown) {
      setError(toError(thrown));
    }
    setPending(false);
  };

  if (erased !== undefined) {
    return (
      <Dialog isOpen onOpenChange={open => !open && onClose()} width={520}>
        <DialogHeader>
          {t('erase.doneTitle', { name: name.trim() })}
        </DialogHeader>
        <DialogBody>
          <Text as="p" role="status">
            {t('erase.done', { count: erased })}
          </Text>
        </DialogBody>
        <DialogFooter>
          <Button variant="primary" onPress={onClose}>
            {t('common.close')}
          </Button>
        </DialogFooter>
      </Dialog>
    );
  }

  return (
    <Dialog
      isOpen
      isDismissable={false}
      onOpenChange={open => !open && onClose()}
      width={560}
    >
      <form onSubmit={submit} noValidate style={{ display: 'contents' }}>
        <DialogHeader>{t('erase.title')}</DialogHeader>
        <DialogBody>
          <Flex direction="column" gap="4">
            <Alert
              status="warning"
              icon
              title={t('erase.warningTitle')}
              description={t('erase.warning')}
            />
            <TextField
              label={t('erase.name')}
              description={
                checked && !isNameGood
                  ? t('erase.nameMissing')
                  : t('erase.nameHelp', { chain })
              }
              isInvalid={checked && !isNameGood}
              isRequired
              value={name}
              onChange={setName}
            />
            <TextAreaField
              label={t('erase.reason')}
              description={
                checked && !isReasonGood
                  ? t('erase.reasonMissing')
                  : t('erase.reasonHelp')
              }
              isInvalid={checked && !isReasonGood}
              isRequired
              value={reason}
              onChange={setReason}
            />
            <TextField
              label={t('erase.again')}
              description={checked && !isSame ? t('erase.notSame') : undefined}
              isInvalid={checked && !isSame}
              isRequired
              value={again}
              onChange={setAgain}
            />
            {error && <ProblemAlert error={error} />}
          </Flex>
        </DialogBody>
        <DialogFooter>
          <Button
            variant="primary"
            destructive
            type="submit"
            aria-disabled={pending}
          >
            {t('erase.submit')}
          </Button>
          <Button variant="secondary" onPress={onClose}>
            {t('common.cancel')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
