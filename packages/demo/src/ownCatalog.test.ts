import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  componentEntityV1alpha1Validator,
  type Entity,
  EntityPolicies,
  SchemaValidEntityPolicy,
  systemEntityV1alpha1Validator,
} from '@backstage/catalog-model';
import { parse, parseAllDocuments } from 'yaml';

const root = resolvePackagePath('@portico/demo', '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

const folders = ['packages', 'plugins'].flatMap(parent =>
  readdirSync(path.join(root, parent))
    .map(name => `${parent}/${name}`)
    .filter(folder => existsSync(path.join(root, folder, 'package.json'))),
);
const entities: Entity[] = parseAllDocuments(read('catalog-info.yaml')).map(
  document => document.toJS(),
);
const componentOf = (folder: string) =>
  folder.startsWith('packages/')
    ? `portico-${path.basename(folder)}`
    : path.basename(folder);

it('lists Portico as a system with one component per package', async () => {
  const [system, ...components] = entities;
  await expect(systemEntityV1alpha1Validator.check(system)).resolves.toBe(true);
  for (const component of components) {
    await EntityPolicies.allOf([new SchemaValidEntityPolicy()]).enforce(
      component,
    );
    await expect(
      componentEntityV1alpha1Validator.check(component),
    ).resolves.toBe(true);
    expect(component.spec).toMatchObject({
      owner: 'group:default/platform',
      system: 'portico',
    });
  }
  expect(components.map(({ metadata }) => metadata.name).sort()).toEqual(
    folders.map(componentOf).sort(),
  );
});

it.each(folders)('knows which packages %s needs', folder => {
  const { dependencies = {} } = JSON.parse(read(`${folder}/package.json`));
  const needed = folders.filter(other => {
    const { name } = JSON.parse(read(`${other}/package.json`));
    return name in dependencies;
  });
  const component = entities.find(
    ({ metadata }) => metadata.name === componentOf(folder),
  );
  const dependsOn = (component?.spec?.dependsOn ?? []) as string[];
  expect([...dependsOn].sort()).toEqual(
    needed.map(other => `component:${componentOf(other)}`).sort(),
  );
});

it.each(folders)('%s is in the table of its folder', folder => {
  expect(read(`${path.dirname(folder)}/README.md`)).toContain(
    `[${path.basename(folder)}](${path.basename(folder)})`,
  );
});

it('has documentation whose pages exist and are all in the table of contents', () => {
  const pages: string[] = [];
  const collect = (value: unknown) => {
    if (typeof value === 'string') {
      pages.push(value);
    } else if (typeof value === 'object' && value !== null) {
      Object.values(value).forEach(collect);
    }
  };
  collect(parse(read('mkdocs.yml')).nav);
  const files = readdirSync(path.join(root, 'docs'), { recursive: true })
    .map(String)
    .filter(file => file.endsWith('.md'));
  expect(pages.sort()).toEqual(files.sort());
});

it('has no link in its documentation that leads nowhere', () => {
  const files = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'packages/README.md',
    'plugins/README.md',
    'templates/README.md',
    ...readdirSync(path.join(root, 'docs'))
      .filter(file => file.endsWith('.md'))
      .map(file => `docs/${file}`),
  ];
  const broken = files.flatMap(file =>
    [...read(file).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
      .map(([, target]) => path.join(path.dirname(file), target))
      .filter(target => !existsSync(path.join(root, target)))
      .map(target => `${file} → ${target}`),
  );
  expect(broken).toEqual([]);
});
