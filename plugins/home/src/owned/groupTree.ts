import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';

/** A group by its ref, with its name for people. */
export interface GroupName {
  ref: string;
  title: string;
}

/** The groups of a tenant, as far as they matter for who owns what. */
export class GroupTree {
  static of(groups: readonly Entity[]) {
    return new GroupTree(groups);
  }

  readonly #titles = new Map<string, string>();
  readonly #children = new Map<string, string[]>();

  private constructor(groups: readonly Entity[]) {
    for (const group of groups) {
      const ref = stringifyEntityRef(group);
      this.#titles.set(ref, titleOf(group));
      const parent = group.spec?.parent;
      if (typeof parent === 'string') {
        this.#children.set(parent, [
          ...(this.#children.get(parent) ?? []),
          ref,
        ]);
      }
    }
  }

  /** The group's name for people. */
  nameOf(ref: string): GroupName {
    return { ref, title: this.#titles.get(ref) ?? ref.replace(/^.*\//, '') };
  }

  /** The groups and all groups below them, each once. */
  withDescendants(refs: readonly string[]): string[] {
    const found = new Set<string>();
    const open = [...refs];
    for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
      if (!found.has(ref)) {
        found.add(ref);
        open.push(...(this.#children.get(ref) ?? []));
      }
    }
    return [...found].sort();
  }
}

function titleOf(group: Entity): string {
  const profile = group.spec?.profile;
  if (
    typeof profile === 'object' &&
    profile !== null &&
    'displayName' in profile &&
    typeof profile.displayName === 'string'
  ) {
    return profile.displayName;
  }
  return group.metadata.title ?? group.metadata.name;
}
