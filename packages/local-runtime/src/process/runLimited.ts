import { folderBytes } from './folderBytes';
import { describeEnd, GroupProcess } from './GroupProcess';
import { type ProcessWatch } from './ProcessWatch';
import { type Reaper } from './Reaper';

/** Which limit a command went over. */
export type LimitName = 'time' | 'memory' | 'output' | 'disk';

/** How a limited command ended. */
export type LimitedResult =
  | { outcome: 'succeeded' }
  | { outcome: 'failed'; how: string }
  | { outcome: 'limit'; limit: LimitName }
  | { outcome: 'aborted' };

export interface LimitedCommand {
  command: string;
  args: string[];
  cwd: string;
  environment: Record<string, string>;
  limits: {
    milliseconds: number;
    memoryBytes: number;
    outputBytes: number;
    diskBytes: number;
  };
  /** The folder that `diskBytes` is about. */
  diskFolder: string;
  onOutput: (chunk: Buffer) => void;
  signal: AbortSignal;
}

const DISK_INTERVAL_MS = 2_000;

/** Runs a command to its end, or kills its whole group when it goes over a limit. */
export async function runLimited(
  tools: { reaper: Reaper; watch: ProcessWatch },
  options: LimitedCommand,
): Promise<LimitedResult> {
  const { limits, signal } = options;
  if (signal.aborted) {
    return { outcome: 'aborted' };
  }
  let broken: LimitedResult | undefined;
  let outputBytes = 0;
  const child = new GroupProcess(tools.reaper, {
    ...options,
    onOutput: (_, chunk) => {
      outputBytes += chunk.length;
      if (outputBytes > limits.outputBytes) {
        breakOff({ outcome: 'limit', limit: 'output' });
        return;
      }
      options.onOutput(chunk);
    },
  });
  function breakOff(result: LimitedResult) {
    if (broken === undefined) {
      broken = result;
      void child.kill();
    }
  }

  const timer = setTimeout(
    () => breakOff({ outcome: 'limit', limit: 'time' }),
    limits.milliseconds,
  );
  const unwatch =
    child.group === undefined
      ? () => {}
      : tools.watch.watch(child.group, bytes => {
          if (bytes > limits.memoryBytes) {
            breakOff({ outcome: 'limit', limit: 'memory' });
          }
        });
  const checkDisk = async () => {
    const bytes = await folderBytes(options.diskFolder, limits.diskBytes);
    if (bytes > limits.diskBytes) {
      breakOff({ outcome: 'limit', limit: 'disk' });
    }
  };
  let checking = false;
  const diskTimer = setInterval(async () => {
    if (!checking) {
      checking = true;
      await checkDisk();
      checking = false;
    }
  }, DISK_INTERVAL_MS);
  const onAbort = () => breakOff({ outcome: 'aborted' });
  signal.addEventListener('abort', onAbort, { once: true });

  try {
    const end = await child.gone;
    // Once more, for commands that are quicker than the timer.
    await checkDisk();
    if (broken !== undefined) {
      return broken;
    }
    if (end.code === 0) {
      return { outcome: 'succeeded' };
    }
    return { outcome: 'failed', how: describeEnd(end) };
  } finally {
    clearTimeout(timer);
    clearInterval(diskTimer);
    unwatch();
    signal.removeEventListener('abort', onAbort);
  }
}
