import { type ReactNode } from 'react';
import { Flex, Text } from '@backstage/ui';

/** Heading of a part of a page, what it is about, and what can be done there. */
export function SectionHeader(props: {
  title: string;
  description?: string;
  actions?: ReactNode;
}) {
  return (
    <Flex justify="between" align="start" gap="4" style={{ flexWrap: 'wrap' }}>
      <Flex
        direction="column"
        gap="1"
        style={{ maxWidth: '46rem', flex: '1 1 20rem' }}
      >
        <Text as="h2" variant="title-x-small">
          {props.title}
        </Text>
        {props.description && (
          <Text as="p" color="secondary">
            {props.description}
          </Text>
        )}
      </Flex>
      {props.actions}
    </Flex>
  );
}
