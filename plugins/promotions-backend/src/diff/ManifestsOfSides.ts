import { posix } from 'node:path';
import { type DeploymentDiff } from '@portico/plugin-promotions-common';
import { type DiffSources, type SideFiles } from './DiffSources';
import { compareFiles, objectsInFiles } from './manifests/compareFiles';
import { compareManifests } from './manifests/compareManifests';
import { type ManifestObject, readManifest } from './manifests/ManifestObject';
import { SecretRedactor } from './redaction/SecretRedactor';
import { collectChart } from './rendering/collectChart';
import { collectKustomization } from './rendering/collectKustomization';
import { type ManifestRenderer } from './rendering/ManifestRenderer';
import { NotRenderable, type RenderInput } from './rendering/RenderInput';
import { assessRisks } from './risks/assessRisks';

/** Manifests of both sides, compared. */
export interface ManifestsCompared {
  rendered: DeploymentDiff['manifests']['rendered'];
  note?: string;
  items: DeploymentDiff['manifests']['items'];
  risks: DeploymentDiff['risks'];
  /** All objects of both sides, where they are known; empty otherwise. */
  objects: { before: ManifestObject[]; after: ManifestObject[] };
}

/** A side as a tool takes it, or why it cannot. */
interface Prepared {
  input?: RenderInput;
  problem?: string;
  /** What is compared without a tool. */
  files: Map<string, string>;
}

/** Compares what two sides declare: rendered where that works for both, else file by file. */
export class ManifestsOfSides {
  readonly #sources: Pick<DiffSources, 'readBase'>;
  readonly #renderer: ManifestRenderer;

  constructor(options: {
    sources: Pick<DiffSources, 'readBase'>;
    renderer: ManifestRenderer;
  }) {
    this.#sources = options.sources;
    this.#renderer = options.renderer;
  }

  async compare(
    before: SideFiles,
    after: SideFiles,
    signal: AbortSignal,
  ): Promise<ManifestsCompared> {
    const isOneFolder = before.entry === after.entry;
    const [old, fresh] = await Promise.all([
      this.#prepare(before, isOneFolder),
      this.#prepare(after, isOneFolder),
    ]);
    // One for both sides: it tells what changed.
    const redactor = new SecretRedactor();
    const problem = old.problem ?? fresh.problem;
    if (problem === undefined && old.input && fresh.input) {
      try {
        const texts = await Promise.all([
          this.#renderer.render(old.input, signal),
          this.#renderer.render(fresh.input, signal),
        ]);
        const [was = [], is = []] = texts.map(text =>
          readManifest(text, redactor),
        );
        const { items, changes } = compareManifests(was, is);
        return {
          rendered: fresh.input.tool,
          items,
          risks: assessRisks(changes),
          objects: { before: was, after: is },
        };
      } catch (error) {
        if (!(error instanceof NotRenderable)) {
          throw error;
        }
        return compareAsFiles(old, fresh, error.message);
      }
    }
    return compareAsFiles(old, fresh, problem);
  }

  async #prepare(side: SideFiles, isOneFolder: boolean): Promise<Prepared> {
    const files = filesBeside(side, isOneFolder);
    try {
      switch (side.format) {
        case 'kustomize': {
          const { input, baseFiles } = await collectKustomization({
            files: side.files,
            folder: posix.dirname(side.entry),
            readBase: this.#sources.readBase(side.tenant),
          });
          return { input, files: new Map([...files, ...baseFiles]) };
        }
        case 'helm':
          return {
            files,
            input: collectChart({
              files: side.files,
              values: side.entry,
              release: side.component,
            }),
          };
        case 'yaml':
          return { files };
        default:
          return side.format satisfies never;
      }
    } catch (error) {
      if (error instanceof NotRenderable) {
        return { files, problem: error.message };
      }
      throw error;
    }
  }
}

function compareAsFiles(
  before: Prepared,
  after: Prepared,
  problem: string | undefined,
): ManifestsCompared {
  const redactor = new SecretRedactor();
  // Objects of plain files tell of risks, too.
  const forObjects = new SecretRedactor();
  const old = objectsInFiles(before.files, forObjects);
  const fresh = objectsInFiles(after.files, forObjects);
  return {
    rendered: 'files',
    ...(problem && { note: problem }),
    items: compareFiles(before.files, after.files, redactor),
    risks: assessRisks(compareManifests(old, fresh).changes),
    // Without rendering neither replicas nor requests are what will be.
    objects: { before: [], after: [] },
  };
}

/** Files of the folder of the entry; by their place in it where the folders differ. */
function filesBeside(
  { files, entry }: SideFiles,
  isOneFolder: boolean,
): Map<string, string> {
  const folder = posix.dirname(entry);
  const prefix = folder === '.' ? '' : `${folder}/`;
  return new Map(
    [...files]
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, content]) => [
        isOneFolder ? path : path.slice(prefix.length),
        content,
      ]),
  );
}
