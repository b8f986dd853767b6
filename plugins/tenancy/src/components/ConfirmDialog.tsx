import { Text } from '@backstage/ui';
import { FormDialog } from './FormDialog';

/** Asks before something that cannot be taken back, and shows why it failed. */
export function ConfirmDialog(props: {
  title: string;
  text: string;
  action: string;
  onConfirm(): Promise<void>;
  onClose(): void;
}) {
  return (
    <FormDialog
      title={props.title}
      submit={props.action}
      isDestructive
      onClose={props.onClose}
      onSubmit={async () => {
        await props.onConfirm();
        return true;
      }}
    >
      <Text as="p">{props.text}</Text>
    </FormDialog>
  );
}
