import { deploymentFileSchema } from '@portico/plugin-promotions-common';
import { imagesOfComponent } from './imagesOfComponent';
import { readDeclaredImages } from './readDeclaredImages';

const [a, b] = ['a', 'b'].map(letter => `sha256:${letter.repeat(64)}`);

function read(file: unknown, text: string) {
  return readDeclaredImages(deploymentFileSchema.parse(file), text);
}

describe('the images that a deployment file declares', () => {
  it.each([
    [
      'an overlay',
      { format: 'kustomize' },
      `images:\n  - {name: app, newName: registry.example/app, newTag: "1.2", digest: "${a}"}\n  - {name: proxy, digest: "${b}"}\n  - {name: loose, newTag: "7"}\n`,
      [
        { names: ['registry.example/app', 'app'], digest: a, tag: '1.2' },
        { names: ['proxy'], digest: b },
      ],
    ],
    [
      'values of a chart',
      {
        format: 'helm',
        path: 'values.yaml',
        values: [
          { image: 'app', digest: 'image.digest', tag: 'image.tag' },
          { image: 'proxy', digest: 'proxy.digest' },
        ],
      },
      `image:\n  digest: ${a}\n  tag: "1.2"\nproxy:\n  digest: ""\n`,
      [{ names: ['app'], digest: a, tag: '1.2' }],
    ],
    [
      'plain YAML of several documents',
      {
        format: 'yaml',
        path: 'app.yaml',
        fields: [
          { image: 'app', path: 'spec.image', value: 'reference' },
          { image: 'job', path: 'job.digest', value: 'digest' },
          { image: 'other', path: 'spec.other', value: 'reference' },
        ],
      },
      `kind: A\n---\nspec:\n  image: app@${a}\n  other: other:latest\njob:\n  digest: ${b}\n`,
      [
        { names: ['app'], digest: a },
        { names: ['job'], digest: b },
      ],
    ],
  ])('are read from %s', (_, file, text, expected) => {
    expect(read(file, text)).toEqual(expected);
  });

  it('cannot be read from what is broken', () => {
    expect(() => read({ format: 'kustomize' }, 'images: {')).toThrow(
      /cannot be read/,
    );
  });

  it('belong to the component by the names of its newest release, all where it has none', () => {
    const declared = [
      { names: ['registry.example/app', 'app'], digest: a },
      { names: ['proxy'], digest: b },
      { names: ['NO NAME'], digest: b },
    ];
    const named = (name: string) => ({ images: [{ name, digest: b }] });
    expect(imagesOfComponent(declared, named('app'))).toEqual([
      { name: 'app', digest: a },
    ]);
    const all = [
      { name: 'proxy', digest: b },
      { name: 'registry.example/app', digest: a },
    ];
    expect(imagesOfComponent(declared, undefined)).toEqual(all);
    expect(imagesOfComponent(declared, named('else'))).toEqual(all);
  });
});
