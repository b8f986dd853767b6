import { posix } from 'node:path';
import { NotRenderable, type RenderInput } from './RenderInput';

/**
 * Collects the chart that a file of values is for: the nearest folder above it with a
 * `Chart.yaml`.
 *
 * @throws NotRenderable when there is none in the repository
 */
export function collectChart(options: {
  files: ReadonlyMap<string, string>;
  /** Path of the file of values. */
  values: string;
  release: string;
}): RenderInput {
  const { files, values, release } = options;
  for (let folder = posix.dirname(values); ; folder = posix.dirname(folder)) {
    if (files.has(posix.join(folder, 'Chart.yaml'))) {
      return { tool: 'helm', files, folder, values, release };
    }
    if (folder === '.' || folder === '/') {
      throw new NotRenderable(
        `There is no Chart.yaml beside or above ${values}, so the files are compared`,
      );
    }
  }
}
