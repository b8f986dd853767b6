import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  type TestBackend,
} from '@backstage/backend-test-utils';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import { ScmIntegrations } from '@backstage/integration';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import scaffolderPlugin, {
  createFetchTemplateAction,
} from '@backstage/plugin-scaffolder-backend';
import {
  createTemplateAction,
  scaffolderActionsExtensionPoint,
} from '@backstage/plugin-scaffolder-node';
import { TestDatabase } from '@portico/database/testUtils';
import { parse } from 'yaml';
import {
  templatesFolder,
  templatesReader,
  templatesUrl,
} from './templatesReader';

const POLL_MILLISECONDS = 25;
const TASK_LIMIT_MILLISECONDS = 30_000;
const LAST_LOOK_MILLISECONDS = 2_000;

/** What a run of a template made: the folders that its repositories became. */
export interface TemplateRun {
  /** The template's output, links and texts. */
  output: Record<string, unknown>;
  /** What it asked `portico:promotion:gate` for. */
  promotions: Array<Record<string, unknown>>;
  /** Folder of a repository that the run published. */
  repository(name: string): string;
}

/** In the place of the gates, which other packages test. */
class StandInGate {
  outcome: 'allowed' | 'waiting' | 'refused' = 'allowed';
  readonly asked: Array<Record<string, unknown>> = [];

  createAction() {
    return createTemplateAction({
      id: 'portico:promotion:gate',
      schema: {
        input: {
          component: z => z.string(),
          environment: z => z.string(),
          kind: z => z.enum(['promote', 'rollback', 'redeploy']).optional(),
          release: z => z.string().optional(),
          from: z => z.string().optional(),
          comment: z => z.string().optional(),
          key: z => z.string().optional(),
        },
        output: {
          outcome: z => z.string(),
          reasons: z => z.array(z.string()),
          promotion: z => z.string().optional(),
          url: z => z.string().optional(),
        },
      },
      handler: async context => {
        this.asked.push(context.input);
        context.output('outcome', this.outcome);
        context.output('reasons', ['This is why.', 'And this.']);
        if (this.outcome !== 'refused') {
          context.output('promotion', 'one');
          context.output(
            'url',
            'http://localhost:7007/delivery/promotions/one',
          );
        }
      },
    });
  }
}

/**
 * Runs a template of `templates/` through the real scaffolder: its check of the
 * form, its expressions and its fetching. The Git host and the catalog, which other
 * packages test, are folders and an answer.
 */
export class TemplateBench {
  /** @param names - folders of the templates in `templates/` */
  static async create(...names: string[]): Promise<TemplateBench> {
    const templates = await Promise.all(names.map(readTemplate));
    const directory = await mkdtemp(path.join(tmpdir(), 'portico-template-'));
    const database = await TestDatabase.create();
    try {
      const gate = new StandInGate();
      const backend = await startTestBackend({
        features: [
          scaffolderPlugin,
          databaseServiceFactory,
          mockServices.rootConfig.factory({
            data: {
              ...database.config,
              scaffolder: {
                workingDirectory: directory,
                defaultEnvironment: {
                  parameters: { portalUrl: 'http://localhost:7007' },
                },
              },
              integrations: {
                gitea: [
                  {
                    host: 'localhost:7007',
                    baseUrl: 'http://localhost:7007/api/git-host',
                  },
                ],
              },
            },
          }),
          catalogServiceMock.factory({ entities: templates }),
          createActions(directory, gate),
        ],
      });
      return new TemplateBench(backend, database, directory, templates, gate);
    } catch (error) {
      await database.destroy();
      throw error;
    }
  }

  private constructor(
    private readonly backend: TestBackend,
    private readonly database: TestDatabase,
    /** Everything that the runs write lies in here. */
    readonly directory: string,
    private readonly templates: Entity[],
    /** Says what the gates say. */
    readonly gate: StandInGate,
  ) {}

  /** The template as the catalog has it. */
  template(name: string): Entity {
    const found = this.templates.find(({ metadata }) => metadata.name === name);
    if (!found) {
      throw new NotFoundError(`The bench was made without "${name}"`);
    }
    return found;
  }

  /**
   * Fills in the form of a template and waits for the end.
   *
   * @throws Error with the scaffolder's words when it refuses the values, or with
   *   the log when a step fails
   */
  async run(
    name: string,
    values: Record<string, unknown>,
  ): Promise<TemplateRun> {
    const tasks = `http://127.0.0.1:${this.backend.server.port()}/api/scaffolder/v2/tasks`;
    const headers = {
      authorization: mockCredentials.user.header('user:aurora/kim'),
      'content-type': 'application/json',
    };
    const asked = this.gate.asked.length;
    const created = await fetch(tasks, {
      method: 'POST',
      headers,
      body: JSON.stringify({
        templateRef: stringifyEntityRef(this.template(name)),
        values,
      }),
    });
    if (!created.ok) {
      throw new Error(await created.text());
    }
    const { id } = await created.json();
    const limit = Date.now() + TASK_LIMIT_MILLISECONDS;
    for (;;) {
      const task = await (await fetch(`${tasks}/${id}`, { headers })).json();
      if (task.status !== 'open' && task.status !== 'processing') {
        const events: Array<{
          body: { message?: string; output?: Record<string, unknown> };
        }> = await (await fetch(`${tasks}/${id}/events`, { headers })).json();
        if (task.status !== 'completed') {
          const log = events.map(({ body }) => body.message ?? '').join('\n');
          throw new Error(`The task ${id} ended as ${task.status}:\n${log}`);
        }
        return {
          output: events.find(({ body }) => body.output)?.body.output ?? {},
          promotions: this.gate.asked.slice(asked),
          repository: repository =>
            path.join(this.directory, 'repositories', repository),
        };
      }
      if (Date.now() > limit) {
        throw new Error(`The task ${id} did not end in time.`);
      }
      await new Promise(resolve => setTimeout(resolve, POLL_MILLISECONDS));
    }
  }

  async close(): Promise<void> {
    // The scaffolder asks once a second whether a task was cancelled, and notices its
    // end only then; without its database that would be an error nobody catches.
    await new Promise(resolve => setTimeout(resolve, LAST_LOOK_MILLISECONDS));
    await this.backend.stop();
    await this.database.destroy();
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function readTemplate(name: string): Promise<Entity> {
  const file = path.join(templatesFolder, name, 'template.yaml');
  const template: Entity = parse(await readFile(file, 'utf8'));
  template.metadata.namespace = 'default';
  template.metadata.annotations = {
    ...template.metadata.annotations,
    'backstage.io/managed-by-location': `url:${templatesUrl}${name}/template.yaml`,
  };
  return template;
}

function createActions(directory: string, gate: StandInGate) {
  return createBackendModule({
    pluginId: 'scaffolder',
    moduleId: 'template-bench',
    register(registry) {
      registry.registerInit({
        deps: {
          actions: scaffolderActionsExtensionPoint,
          config: coreServices.rootConfig,
        },
        async init({ actions, config }) {
          const fetchTemplate = createFetchTemplateAction({
            integrations: ScmIntegrations.fromConfig(config),
            reader: templatesReader,
          });
          actions.addActions(
            { ...fetchTemplate, id: 'portico:fetch:template' },
            createPublishAction(path.join(directory, 'repositories')),
            gate.createAction(),
            createTemplateAction({
              id: 'portico:catalog:register',
              schema: {
                input: { repository: z => z.string() },
                output: { entityRef: z => z.string() },
              },
              async handler(context) {
                context.output(
                  'entityRef',
                  `component:aurora/${context.input.repository}`,
                );
              },
            }),
          );
        },
      });
    },
  });
}

/** The inputs and outputs of `portico:publish`, with folders for repositories. */
function createPublishAction(repositories: string) {
  return createTemplateAction({
    id: 'portico:publish',
    schema: {
      input: {
        repository: z => z.string(),
        description: z => z.string().optional(),
        sourcePath: z => z.string().optional(),
        update: z => z.boolean().optional(),
        targetPath: z => z.string().optional(),
      },
      output: {
        repositoryUrl: z => z.string(),
        cloneUrl: z => z.string(),
        catalogInfoUrl: z => z.string(),
        commit: z => z.string(),
      },
    },
    async handler(context) {
      const { repository, sourcePath = '.', targetPath = '.' } = context.input;
      const target = path.join(repositories, repository, targetPath);
      await rm(target, { recursive: true, force: true });
      await mkdir(target, { recursive: true });
      await cp(path.join(context.workspacePath, sourcePath), target, {
        recursive: true,
      });
      const base = `http://localhost:7007/api/git-host/aurora/${repository}`;
      context.output(
        'repositoryUrl',
        `http://localhost:7007/git/aurora/${repository}`,
      );
      context.output('cloneUrl', `${base}.git`);
      context.output(
        'catalogInfoUrl',
        `${base}/src/branch/main/catalog-info.yaml`,
      );
      context.output('commit', '0123456789abcdef0123456789abcdef01234567');
    },
  });
}
