import { useEffect, useRef, useState } from 'react';
import useDebounce from 'react-use/esm/useDebounce';

const PAUSE_MILLISECONDS = 400;

/**
 * Text that somebody types: it counts after a short pause, where it is good.
 *
 * @param value - what counts now
 */
export function useDraft(
  value: string | undefined,
  onCommit: (value: string | undefined) => void,
  isGood: (value: string) => boolean = () => true,
) {
  const [draft, setDraft] = useState(value ?? '');
  const known = useRef(value ?? '');

  useDebounce(
    () => {
      const text = draft.trim();
      if (text !== known.current && (text === '' || isGood(text))) {
        known.current = text;
        onCommit(text === '' ? undefined : text);
      }
    },
    PAUSE_MILLISECONDS,
    [draft],
  );

  // It was changed elsewhere, by a chip or a link.
  useEffect(() => {
    if ((value ?? '') !== known.current) {
      known.current = value ?? '';
      setDraft(value ?? '');
    }
  }, [value]);

  return { value: draft, onChange: setDraft };
}
