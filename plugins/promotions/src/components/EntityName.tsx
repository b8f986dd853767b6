import { parseEntityRef } from '@backstage/catalog-model';
import { useEntityPresentation } from '@backstage/plugin-catalog-react';
import { Link } from '@backstage/ui';
import { useDeliveryLinks } from '../hooks/useDeliveryLinks';

const catalogRef = /^(?:user|group|component|environment|pipeline|system):/;

/**
 * Somebody or something by ref: the name of an entity with a link to it; roles, machines
 * and the portal's own parts as they are written.
 */
export function EntityName(props: { entityRef: string; isPlain?: boolean }) {
  const { entityRef, isPlain } = props;
  return catalogRef.test(entityRef) ? (
    <CatalogName entityRef={entityRef} isPlain={isPlain} />
  ) : (
    <span>{entityRef}</span>
  );
}

function CatalogName(props: { entityRef: string; isPlain?: boolean }) {
  const { entityRef, isPlain } = props;
  const { kind, namespace } = parseEntityRef(entityRef);
  const { primaryTitle } = useEntityPresentation(entityRef, {
    defaultKind: kind,
    defaultNamespace: namespace,
  });
  const href = useDeliveryLinks().entity(entityRef);
  return href && !isPlain ? (
    <Link href={href}>{primaryTitle}</Link>
  ) : (
    <span>{primaryTitle}</span>
  );
}

/** Several of them, separated by commas. */
export function EntityNames(props: { refs: readonly string[] }) {
  return (
    <>
      {props.refs.map((ref, index) => (
        <span key={ref}>
          {index > 0 && ', '}
          <EntityName entityRef={ref} />
        </span>
      ))}
    </>
  );
}
