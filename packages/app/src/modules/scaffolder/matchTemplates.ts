import { type Entity } from '@backstage/catalog-model';

/** The templates whose title, description, type or tags have every word of the text. */
export function matchTemplates(templates: Entity[], text: string): Entity[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return templates.filter(({ metadata, spec }) => {
    const content = [
      metadata.name,
      metadata.title,
      metadata.description,
      spec?.type,
      ...(metadata.tags ?? []),
    ]
      .filter(part => typeof part === 'string')
      .join(' ')
      .toLocaleLowerCase();
    return words.every(word => content.includes(word));
  });
}
