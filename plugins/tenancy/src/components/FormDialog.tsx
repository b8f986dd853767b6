import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Flex,
} from '@backstage/ui';
import { tenancyTranslationRef } from '../translation';
import { ProblemAlert } from './ProblemAlert';
import { toError } from './toError';

/**
 * A dialog with a form. The form closes itself when `onSubmit` resolves with true; a
 * refusal stays on screen together with what was typed.
 */
export function FormDialog(props: {
  title: string;
  submit: string;
  /** Whether it takes something away: nothing is typed, so a press beside it closes it. */
  isDestructive?: boolean;
  children: ReactNode;
  onSubmit(): Promise<boolean>;
  onClose(): void;
}) {
  const { t } = useTranslationRef(tenancyTranslationRef);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<Error>();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (pending) {
      return;
    }
    setPending(true);
    setError(undefined);
    try {
      if (await props.onSubmit()) {
        props.onClose();
        return;
      }
    } catch (caught) {
      setError(toError(caught));
    }
    setPending(false);
  };

  return (
    <Dialog
      isOpen
      isDismissable={props.isDestructive ?? false}
      onOpenChange={open => !open && props.onClose()}
      width={props.isDestructive ? 480 : 560}
    >
      <form onSubmit={submit} noValidate style={{ display: 'contents' }}>
        <DialogHeader>{props.title}</DialogHeader>
        <DialogBody>
          <Flex direction="column" gap="4">
            {props.children}
            {error && <ProblemAlert error={error} />}
          </Flex>
        </DialogBody>
        <DialogFooter>
          <Button
            variant="primary"
            destructive={props.isDestructive}
            type="submit"
            aria-disabled={pending}
          >
            {props.submit}
          </Button>
          <Button variant="secondary" onPress={props.onClose}>
            {t('common.cancel')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
