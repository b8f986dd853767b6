import { type ReactNode, useEffect } from 'react';
import { LoadingState, ProblemState, Section } from '@portico/page-states';

/** What `useAsyncRetry` gives. */
interface Request<T> {
  loading: boolean;
  error?: Error;
  value?: T;
  retry(): void;
}

/** A part of the home page that shows what it asked for, or why it cannot. */
export function LoadedSection<T>(props: {
  title: string;
  /** Said when the request failed. */
  failed: string;
  request: Request<T>;
  /** Called once there is something to see, be it a failure. */
  onReady(): void;
  children(value: T): ReactNode;
}) {
  const { title, failed, request, onReady, children } = props;
  const { loading, error, value, retry } = request;
  useEffect(() => {
    if (!loading) {
      onReady();
    }
  }, [loading, onReady]);

  if (value) {
    return <Section title={title}>{children(value)}</Section>;
  }
  return (
    <Section title={title}>
      {error ? (
        <ProblemState error={error} title={failed} onRetry={retry} />
      ) : (
        <LoadingState />
      )}
    </Section>
  );
}
