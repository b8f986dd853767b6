import { useCallback } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { Container, Flex } from '@backstage/ui';
import {
  LoadingState,
  ProblemState,
  useAddressQuery,
} from '@portico/page-states';
import { promotionsApiRef } from '../api/PromotionsApi';
import { PromotionsAccess } from '../components/PromotionsAccess';
import { useLive } from '../hooks/useLive';
import { ComingSection } from './ComingSection';
import { MonthSection } from './MonthSection';
import { rangeOf, readMonth } from './monthGrid';
import { StandingSection } from './StandingSection';

/** So far ahead windows are listed. */
export const COMING_DAYS = 60;

const DAY_MILLISECONDS = 24 * 3_600_000;

/** When environments are open and closed, and stopping the line. */
export function CalendarPage() {
  return (
    <PromotionsAccess>
      <Calendar />
    </PromotionsAccess>
  );
}

function Calendar() {
  const promotions = useApi(promotionsApiRef);
  const [query] = useAddressQuery();
  const monthText = query.get('month');
  // All at once, so that no section moves another when it arrives.
  const load = useCallback(async () => {
    const now = new Date();
    const month = readMonth(monthText, now);
    const { from, to } = rangeOf(month);
    const [ofMonth, coming] = await Promise.all([
      promotions.windows({ from: from.toISOString(), to: to.toISOString() }),
      promotions.windows({
        from: now.toISOString(),
        to: new Date(
          now.getTime() + COMING_DAYS * DAY_MILLISECONDS,
        ).toISOString(),
      }),
    ]);
    return { now, month, ofMonth, coming };
  }, [promotions, monthText]);
  const { value, loading, error, reload } = useLive(
    load,
    event => event.type === 'stop',
  );

  return (
    <Container>
      <Flex direction="column" gap="4" py="4">
        {loading && <LoadingState lines={12} />}
        {error !== undefined && !value && (
          <ProblemState error={error} onRetry={reload} />
        )}
        {value && (
          <>
            <StandingSection calendar={value.coming} onChange={reload} />
            <MonthSection
              month={value.month}
              now={value.now}
              occurrences={value.ofMonth.occurrences}
            />
            <ComingSection
              days={COMING_DAYS}
              occurrences={value.coming.occurrences}
            />
          </>
        )}
      </Flex>
    </Container>
  );
}
