import { type ReactNode } from 'react';
import { headingId } from './headingId';

const TAGS = ['h3', 'h4', 'h5', 'h6', 'h6', 'h6'] as const;

/** A heading of a document, two levels below those of the page around it. */
export function ReadmeHeading(props: { level: number; children: ReactNode }) {
  const { level, children } = props;
  const Heading = TAGS[level - 1] ?? 'h6';
  return (
    <Heading id={headingId(textOf(children))} data-level={level}>
      {children}
    </Heading>
  );
}

function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') {
    return String(node);
  }
  if (Array.isArray(node)) {
    return node.map(textOf).join('');
  }
  return typeof node === 'object' && node !== null && 'props' in node
    ? textOf(node.props.children)
    : '';
}
