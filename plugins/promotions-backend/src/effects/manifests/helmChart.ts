import { parseDocument } from 'yaml';
import { z } from 'zod';
import { NotRenderable } from '../../diff/rendering/RenderInput';

const OWN_FILES: ReadonlySet<string> = new Set([
  '.helmignore',
  'Chart.lock',
  'Chart.yaml',
  'values.schema.json',
  'values.yaml',
]);
const OWN_FOLDERS = /^(?:charts|crds|templates)\//;

const chartSchema = z.looseObject({
  dependencies: z
    .array(z.looseObject({ name: z.string() }))
    .nullish()
    .transform(found => found ?? []),
});

/**
 * Which files of a chart Helm reads: its own, and all where a template asks for files.
 *
 * @param files - by their path in the chart
 */
export function readsOtherFiles(
  files: ReadonlyMap<string, string>,
): (path: string) => boolean {
  const asksForFiles = [...files].some(
    ([path, content]) =>
      path.startsWith('templates/') && content.includes('.Files'),
  );
  return path => asksForFiles || OWN_FILES.has(path) || OWN_FOLDERS.test(path);
}

/**
 * What a chart depends on lies in its folder: whatever else Helm would fetch is not known.
 *
 * @throws NotRenderable for a dependency that lies elsewhere
 */
export function assertDependenciesPinned(
  files: ReadonlyMap<string, string>,
  place: string,
): void {
  const document = parseDocument(files.get('Chart.yaml') ?? '', {
    logLevel: 'silent',
  });
  const chart = chartSchema.safeParse(
    document.errors.length > 0 ? undefined : document.toJS(),
  );
  if (!chart.success) {
    throw new NotRenderable(`${place} is no chart`);
  }
  const paths = [...files.keys()];
  const missing = chart.data.dependencies.find(
    ({ name }) =>
      !paths.some(
        path =>
          path.startsWith(`charts/${name}/`) ||
          path.startsWith(`charts/${name}-`),
      ),
  );
  if (missing) {
    throw new NotRenderable(
      `${place} depends on ${missing.name.slice(
        0,
        60,
      )}, which is fetched when it is rendered; put it into charts/ of the chart`,
    );
  }
}
