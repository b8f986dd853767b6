import { parseEntityRef } from '@backstage/catalog-model';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { Select } from '@backstage/ui';
import useAsync from 'react-use/esm/useAsync';
import { figuresTranslationRef } from './translation';

/** Key of the whole tenant in the choice. No entity has such a ref. */
const TENANT = '*';

/** More components are not offered; each has its figures by its address. */
const MOST_COMPONENTS = 500;

/**
 * What the figures are about: the tenant, a team or a component. The page does not wait for
 * the choices; without them there are the tenant and what the address names.
 */
export function ScopePicker(props: {
  scope: string | undefined;
  onChange(scope: string | undefined): void;
}) {
  const { scope, onChange } = props;
  const { t } = useTranslationRef(figuresTranslationRef);
  const catalog = useApi(catalogApiRef);
  const { value = { groups: [], components: [] } } = useAsync(async () => {
    const [{ facets }, { items }] = await Promise.all([
      catalog.getEntityFacets({
        filter: { kind: 'component' },
        facets: ['relations.ownedBy'],
      }),
      catalog.queryEntities({
        filter: { kind: 'component' },
        fields: ['metadata.name', 'metadata.namespace'],
        orderFields: { field: 'metadata.name', order: 'asc' },
        limit: MOST_COMPONENTS,
      }),
    ]);
    return {
      groups: (facets['relations.ownedBy'] ?? [])
        .map(facet => facet.value)
        .filter(ref => ref.startsWith('group:')),
      components: items.map(
        ({ metadata }) =>
          `component:${metadata.namespace ?? 'default'}/${metadata.name}`,
      ),
    };
  }, [catalog]);
  const withChosen = (refs: string[], kind: string) => [
    ...new Set([...refs, ...(scope?.startsWith(`${kind}:`) ? [scope] : [])]),
  ];
  return (
    <Select
      label={t('scope')}
      searchable
      options={[
        { id: TENANT, label: t('scopes.tenant') },
        ...withChosen(value.groups, 'group').map(ref => ({
          id: ref,
          label: t('scopes.group', { name: nameOf(ref) }),
        })),
        ...withChosen(value.components, 'component').map(ref => ({
          id: ref,
          label: t('scopes.component', { name: nameOf(ref) }),
        })),
      ]}
      value={scope ?? TENANT}
      onChange={key =>
        onChange(key === null || key === TENANT ? undefined : String(key))
      }
    />
  );
}

function nameOf(ref: string): string {
  try {
    return parseEntityRef(ref).name;
  } catch {
    // Anybody can write anything into an address.
    return ref;
  }
}
