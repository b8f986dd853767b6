import { useEffect, useRef, useState } from 'react';
import useDebounce from 'react-use/esm/useDebounce';

const PAUSE_MILLISECONDS = 200;

/**
 * Text of a field that is taken over when somebody pauses, and that follows when it is
 * changed elsewhere: by a link, or by going back.
 */
export function useDraft(value: string, onCommit: (value: string) => void) {
  const [draft, setDraft] = useState(value);
  const known = useRef(value);

  useDebounce(
    () => {
      const text = draft.trim();
      if (text !== known.current) {
        known.current = text;
        onCommit(text);
      }
    },
    PAUSE_MILLISECONDS,
    [draft],
  );

  useEffect(() => {
    if (value !== known.current) {
      known.current = value;
      setDraft(value);
    }
  }, [value]);

  return { value: draft, onChange: setDraft };
}
