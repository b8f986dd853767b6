import { type RuntimeClient } from '@portico/plugin-local-runtime-backend';
import {
  LOCAL_RUNTIME_NAME,
  type Run,
  type RunStep,
} from '@portico/plugin-local-runtime-common';
import { repositoryNameSchema } from '@portico/plugin-git-host-common';
import {
  type CheckSource,
  type CommitCheck,
} from '@portico/plugin-promotions-node';

const NAME = 'local-runtime';
/** As many runs as the runtime tells at once. */
const MOST_RUNS = 100;

/**
 * The runs of the local runtime as checks of a commit: `local-runtime` for a run as a whole,
 * and `local-runtime/test` and so on for its steps.
 */
export class LocalRuntimeChecks implements CheckSource {
  readonly name = LOCAL_RUNTIME_NAME;
  readonly #client: Pick<RuntimeClient, 'runs'>;

  constructor(options: { client: Pick<RuntimeClient, 'runs'> }) {
    this.#client = options.client;
  }

  async checks(options: Parameters<CheckSource['checks']>[0]) {
    const { tenant, release } = options;
    const { source } = release.content;
    const repository = repositoryNameSchema.safeParse(
      source?.repository
        .replace(/\/+$/, '')
        .replace(/\.git$/, '')
        .split('/')
        .pop(),
    );
    if (!source || !repository.success) {
      return [];
    }
    const { items } = await this.#client.runs(
      { tenant, repository: repository.data },
      MOST_RUNS,
    );
    const [newest] = items
      .filter(({ commit }) => commit.id === source.commit)
      .sort((one, other) => other.attempt - one.attempt);
    return newest ? checksOf(newest) : [];
  }
}

function checksOf(run: Run): CommitCheck[] {
  const at = run.endedAt ?? run.startedAt ?? run.queuedAt;
  const state = runState(run.state);
  return [
    ...(state ? [{ name: NAME, state, at }] : []),
    ...run.steps.flatMap(step => {
      const said = stepState(step.state);
      return said
        ? [
            {
              name: `${NAME}/${step.name}`,
              state: said,
              at: step.endedAt ?? at,
            },
          ]
        : [];
    }),
  ];
}

/** A run that a newer commit came before says nothing of its own. */
function runState(state: Run['state']): CommitCheck['state'] | undefined {
  switch (state) {
    case 'queued':
    case 'running':
      return 'running';
    case 'succeeded':
      return 'passed';
    case 'failed':
    case 'timedOut':
      return 'failed';
    case 'superseded':
      return undefined;
    default:
      return state satisfies never;
  }
}

function stepState(state: RunStep['state']): CommitCheck['state'] | undefined {
  switch (state) {
    case 'pending':
    case 'running':
      return 'running';
    case 'succeeded':
      return 'passed';
    case 'failed':
      return 'failed';
    case 'skipped':
      return undefined;
    default:
      return state satisfies never;
  }
}
