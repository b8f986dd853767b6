import { useEffect, useState } from 'react';
import { discoveryApiRef, useApi } from '@backstage/frontend-plugin-api';
import { ResponseError } from '@backstage/errors';
import {
  type PersonaList,
  personaListSchema,
} from '@portico/plugin-tenancy-common';

const PAUSE_MILLISECONDS = 2_000;

/**
 * The personas of a portal in development. While its demo is being made they arrive one
 * after the other, so it asks again until the demo is there.
 */
export function usePersonas(): {
  value: PersonaList | undefined;
  error: Error | undefined;
  retry(): void;
} {
  const discovery = useApi(discoveryApiRef);
  const [value, setValue] = useState<PersonaList>();
  const [error, setError] = useState<Error>();
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    const ended = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        // Nobody has to be signed in, so there is no token to send along.
        const response = await fetch(
          `${await discovery.getBaseUrl('tenancy')}/personas`,
          { signal: ended.signal },
        );
        if (!response.ok) {
          throw await ResponseError.fromResponse(response);
        }
        const list = personaListSchema.parse(await response.json());
        if (ended.signal.aborted) {
          return;
        }
        setValue(list);
        setError(undefined);
        if (list.demo?.state === 'making') {
          timer = setTimeout(ask, PAUSE_MILLISECONDS);
        }
      } catch (caught) {
        if (!ended.signal.aborted) {
          setError(
            caught instanceof Error ? caught : new Error(String(caught)),
          );
        }
      }
    };
    // It tells its failures itself.
    void ask();
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, [discovery, turn]);

  return {
    value,
    error,
    retry: () => {
      setError(undefined);
      setTurn(before => before + 1);
    },
  };
}
