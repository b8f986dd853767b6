import {
  type ReactNode,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import styles from './HomePage.module.css';

/** A part that is shown once all parts above it know what they show. */
export interface OrderedPart {
  id: string;
  /** @param onReady - to be called once the part will not grow any more by itself */
  render(onReady: () => void): ReactNode;
}

/**
 * Parts below each other. They load at the same time and appear from the top down, so
 * that nothing that is on the screen is pushed away by what comes later.
 */
export function InOrder(props: {
  parts: OrderedPart[];
  /** Called once all parts are shown. */
  onShown?(): void;
}) {
  const { onShown } = props;
  const [ready, setReady] = useState<ReadonlySet<string>>(new Set());
  const callbacks = useRef(new Map<string, () => void>());

  const onReadyOf = useCallback((id: string) => {
    const known = callbacks.current.get(id);
    if (known) {
      return known;
    }
    const onReady = () =>
      setReady(before => (before.has(id) ? before : new Set([...before, id])));
    callbacks.current.set(id, onReady);
    return onReady;
  }, []);

  const firstOpen = props.parts.findIndex(({ id }) => !ready.has(id));
  const isShown = firstOpen === -1;
  useEffect(() => {
    if (isShown) {
      onShown?.();
    }
  }, [isShown, onShown]);
  return (
    <div className={styles.column}>
      {props.parts.map(({ id, render }, index) => (
        <div
          key={id}
          className={styles.slot}
          hidden={firstOpen !== -1 && index > firstOpen}
        >
          {render(onReadyOf(id))}
        </div>
      ))}
    </div>
  );
}
