import { Link } from '@backstage/ui';
import { useDeliveryLinks } from '../hooks/useDeliveryLinks';

/** An environment by the name that pipelines and commands use, with a link to its page. */
export function EnvironmentLink(props: {
  environment: string;
  environmentRef: string;
}) {
  const href = useDeliveryLinks().entity(props.environmentRef);
  return href ? (
    <Link href={href}>{props.environment}</Link>
  ) : (
    <span>{props.environment}</span>
  );
}
