import { type ReactNode, useEffect, useRef } from 'react';
import styles from './ModalDialog.module.css';

/**
 * A dialog of the browser itself: it holds the focus, closes on Escape and gives the
 * focus back. The one of `@backstage/ui` wants a head with a title, which a field to
 * type into at once has no room for.
 */
export function ModalDialog(props: {
  label: string;
  children: ReactNode;
  onClose(): void;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    // A press beside the dialog is one on its backdrop; Escape does the same by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={ref}
      className={styles.root}
      aria-label={props.label}
      onCancel={event => {
        event.preventDefault();
        props.onClose();
      }}
      onClick={event => {
        if (event.target === event.currentTarget) {
          props.onClose();
        }
      }}
    >
      <div className={styles.content}>{props.children}</div>
    </dialog>
  );
}
