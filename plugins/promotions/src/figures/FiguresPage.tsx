import { useCallback } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Container, Flex, Select } from '@backstage/ui';
import {
  LoadingState,
  ProblemState,
  Section,
  useAddressQuery,
} from '@portico/page-states';
import {
  type DeliveryFigures,
  figuresQuerySchema,
} from '@portico/plugin-promotions-common';
import { formatMoment } from '@portico/plugin-tenancy';
import { RiDownloadLine } from '@remixicon/react';
import { promotionsApiRef } from '../api/PromotionsApi';
import { PromotionsAccess } from '../components/PromotionsAccess';
import sectionStyles from '../components/Section.module.css';
import { useLive } from '../hooks/useLive';
import { DaysChart } from './DaysChart';
import { DeploymentsSection } from './DeploymentsSection';
import { FigureCard } from './FigureCard';
import { figureNames } from './figureNames';
import styles from './Figures.module.css';
import { figuresCsv } from './figuresCsv';
import { ScopePicker } from './ScopePicker';
import { figuresTranslationRef } from './translation';

const DAYS = [7, 30, 90, 180, 365];
const DEFAULT_DAYS = 30;

/** The four figures of delivery; the address says of what and over which window. */
export function FiguresPage() {
  return (
    <PromotionsAccess>
      <Container>
        <Flex direction="column" gap="4" py="4">
          <Figures />
        </Flex>
      </Container>
    </PromotionsAccess>
  );
}

function Figures() {
  const { t } = useTranslationRef(figuresTranslationRef);
  const promotions = useApi(promotionsApiRef);
  const [query, replaceQuery] = useAddressQuery();
  const scope = query.get('scope') ?? undefined;
  const days =
    figuresQuerySchema.shape.days.safeParse(query.get('days') ?? undefined)
      .data ?? DEFAULT_DAYS;
  const sample = query.get('sample') === 'without' ? 'without' : undefined;
  const load = useCallback(
    () => promotions.figures({ scope, days, sample }),
    [promotions, scope, days, sample],
  );
  const { value, loading, error, reload } = useLive(
    load,
    event => event.type === 'deployment',
  );
  const change = (name: string, text: string | undefined) => {
    const next = new URLSearchParams(query);
    if (text === undefined) {
      next.delete(name);
    } else {
      next.set(name, text);
    }
    replaceQuery(next);
  };

  return (
    <>
      <Section
        title={t('title')}
        actions={
          <Button
            variant="secondary"
            iconStart={<RiDownloadLine />}
            isDisabled={!value}
            onPress={() => value && saveCsv(value)}
          >
            {t('download')}
          </Button>
        }
      >
        <div className={styles.choice}>
          <ScopePicker scope={scope} onChange={next => change('scope', next)} />
          <Select
            label={t('window')}
            options={[...new Set([...DAYS, days])]
              .sort((a, b) => a - b)
              .map(count => ({
                id: String(count),
                label: t('days', { count }),
              }))}
            value={String(days)}
            onChange={key =>
              change(
                'days',
                key === null || Number(key) === DEFAULT_DAYS
                  ? undefined
                  : String(key),
              )
            }
          />
        </div>
        {loading && <LoadingState lines={8} />}
        {error !== undefined && <ProblemState error={error} onRetry={reload} />}
        {value && (value.sample || sample) && (
          <Alert
            status="info"
            icon
            title={t(sample ? 'sampleLeftOut' : 'sample')}
            customActions={
              <Button
                variant="tertiary"
                onPress={() => change('sample', sample ? undefined : 'without')}
              >
                {t(sample ? 'countSample' : 'leaveSampleOut')}
              </Button>
            }
          />
        )}
        {value && <Cards figures={value} days={days} />}
      </Section>
      {value && (
        <>
          <DaysChart days={value.days} />
          <DeploymentsSection key={scope} scope={scope} />
        </>
      )}
    </>
  );
}

function Cards(props: { figures: DeliveryFigures; days: number }) {
  const { figures, days } = props;
  const { t } = useTranslationRef(figuresTranslationRef);
  return (
    <>
      <p className={sectionStyles.quiet}>
        {t('intro', {
          from: formatMoment(figures.from),
          to: formatMoment(figures.to),
        })}
      </p>
      <div className={styles.cards}>
        {figureNames.map(name => (
          <FigureCard
            key={name}
            name={name}
            figure={figures[name]}
            days={days}
          />
        ))}
      </div>
    </>
  );
}

function saveCsv(figures: DeliveryFigures): void {
  const url = URL.createObjectURL(
    new Blob([figuresCsv(figures)], { type: 'text/csv' }),
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = `delivery-figures-${figures.to.slice(0, 10)}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
