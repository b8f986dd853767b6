import { useId } from 'react';
import { Button } from '@backstage/ui';
import styles from './ActionButton.module.css';

/**
 * A button that stays reachable when its act is not allowed, and then says why beside
 * itself instead of acting.
 */
export function ActionButton(props: {
  text: string;
  /** For screen readers, where the text alone does not say on what it acts. */
  label?: string;
  variant?: 'primary' | 'secondary';
  isDestructive?: boolean;
  /** Why it is not allowed; undefined when it is. */
  refusal?: string;
  /** The reason is said elsewhere on the page, in the element with this id. */
  refusalId?: string;
  onPress(): void;
}) {
  const { text, label, variant, isDestructive, refusal, refusalId } = props;
  const ownId = useId();
  const isRefused = refusal !== undefined;
  return (
    <div>
      <Button
        size="small"
        className={isRefused ? styles.refused : undefined}
        variant={variant ?? 'secondary'}
        destructive={isDestructive}
        aria-label={label}
        aria-disabled={isRefused}
        aria-describedby={isRefused ? refusalId ?? ownId : undefined}
        onPress={() => !isRefused && props.onPress()}
      >
        {text}
      </Button>
      {isRefused && refusalId === undefined && (
        <p id={ownId} className={styles.why}>
          {refusal}
        </p>
      )}
    </div>
  );
}
