import { useEffect, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { type LogLine } from '@portico/plugin-local-runtime-common';
import {
  type EntityEnvironment,
  localRuntimeApiRef,
} from '../api/LocalRuntimeApi';
import { formatClock } from '../content/moments';
import { endOfLog, readableText } from '../content/logText';
import { type LogState } from './useRunLog';

const PAUSE_MILLISECONDS = 2_000;
const LINES = 500;

/** The last lines of a service, followed as they are written. */
export function useServiceLog({
  entityRef,
  environment,
}: EntityEnvironment): LogState {
  const api = useApi(localRuntimeApiRef);
  const [state, setState] = useState<LogState>({
    text: '',
    isCut: false,
    isLive: true,
    loading: true,
  });
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let cursor: number | undefined;
    const follow = async () => {
      try {
        const log = await api.serviceLog(
          { entityRef, environment },
          { after: cursor, limit: LINES },
        );
        if (isOver) return;
        const isFirst = cursor === undefined;
        cursor = log.cursor;
        const added = log.items.map(toText).join('');
        setState(before => {
          const end = endOfLog(before.text + added);
          return {
            text: end.text,
            isCut:
              before.isCut ||
              end.isCut ||
              (isFirst && (log.items.at(0)?.number ?? 1) > 1),
            isLive: true,
            loading: false,
          };
        });
      } catch (error) {
        if (isOver) return;
        setState(before => ({ ...before, loading: false, error }));
      }
      timer = setTimeout(follow, PAUSE_MILLISECONDS);
    };
    void follow();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [api, entityRef, environment]);
  return state;
}

function toText({ time, source, text }: LogLine): string {
  const mark = source === 'stdout' ? '' : `[${source}] `;
  return `${formatClock(time)}  ${mark}${readableText(text)}\n`;
}
