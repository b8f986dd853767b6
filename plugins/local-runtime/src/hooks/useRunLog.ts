import { useEffect, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { localRuntimeApiRef } from '../api/LocalRuntimeApi';
import { endOfLog, readableText } from '../content/logText';

const PAUSE_MILLISECONDS = 1_000;

/** A log as far as it is known. */
export interface LogState {
  text: string;
  isCut: boolean;
  /** More may come. */
  isLive: boolean;
  loading: boolean;
  error?: unknown;
}

const nothing: LogState = {
  text: '',
  isCut: false,
  isLive: true,
  loading: true,
};

/** The log of a run, followed while it is written. */
export function useRunLog(entityRef: string, runId: string): LogState {
  const api = useApi(localRuntimeApiRef);
  const [state, setState] = useState(nothing);
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let offset = 0;
    const follow = async () => {
      try {
        const part = await api.runLog(entityRef, runId, { offset });
        if (isOver) return;
        const hasMore = part.nextOffset > offset;
        offset = part.nextOffset;
        setState(before => {
          const end = endOfLog(before.text + readableText(part.text));
          return {
            text: end.text,
            isCut: before.isCut || end.isCut,
            isLive: !part.complete,
            loading: false,
          };
        });
        if (!part.complete) {
          timer = setTimeout(follow, hasMore ? 0 : PAUSE_MILLISECONDS);
        }
      } catch (error) {
        if (!isOver) {
          setState(before => ({
            ...before,
            isLive: false,
            loading: false,
            error,
          }));
        }
      }
    };
    setState(nothing);
    void follow();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [api, entityRef, runId]);
  return state;
}
