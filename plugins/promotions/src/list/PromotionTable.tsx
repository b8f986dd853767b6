import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Link, VisuallyHidden } from '@backstage/ui';
import { describeProblem, Section } from '@portico/page-states';
import {
  type Promotion,
  type PromotionList as List,
} from '@portico/plugin-promotions-common';
import { EntityName } from '../components/EntityName';
import { PhaseMark, SampleMark } from '../components/marks';
import { Moment } from '../components/Moment';
import styles from '../components/Section.module.css';
import { releaseName } from '../content/names';
import { useDeliveryLinks } from '../hooks/useDeliveryLinks';
import { promotionsTranslationRef } from '../translation';

/** Promotions in rows; the first page stays up to date, further ones are asked for. */
export function PromotionTable(props: {
  first: List;
  loadMore(cursor: string): Promise<List>;
}) {
  const { first, loadMore } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const [more, setMore] = useState<List>();
  const [isLoading, setLoading] = useState(false);
  const [problem, setProblem] = useState<string>();
  const known = new Set(first.items.map(({ id }) => id));
  const items = [
    ...first.items,
    ...(more?.items.filter(({ id }) => !known.has(id)) ?? []),
  ];
  const cursor = more ? more.nextCursor : first.nextCursor;
  const onMore = async (from: string) => {
    setLoading(true);
    setProblem(undefined);
    try {
      const next = await loadMore(from);
      setMore({
        items: [
          // What was on the first page then is kept when newer ones push it out.
          ...(more?.items ?? first.items),
          ...next.items,
        ],
        nextCursor: next.nextCursor,
      });
    } catch (error) {
      setProblem(describeProblem(error));
    }
    setLoading(false);
  };
  return (
    <Section title={t('list.title')}>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <caption>
            <VisuallyHidden>{t('list.title')}</VisuallyHidden>
          </caption>
          <thead>
            <tr>
              <th scope="col">{t('list.what')}</th>
              <th scope="col">{t('list.environment')}</th>
              <th scope="col">{t('list.phase')}</th>
              <th scope="col">{t('list.requestedAt')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map(promotion => (
              <PromotionRow key={promotion.id} promotion={promotion} />
            ))}
          </tbody>
        </table>
      </div>
      {cursor && (
        <div>
          <Button
            variant="secondary"
            aria-disabled={isLoading}
            onPress={() => !isLoading && void onMore(cursor)}
          >
            {isLoading ? t('common.loadingMore') : t('common.more')}
          </Button>
        </div>
      )}
      {problem !== undefined && (
        <p className={styles.bad} role="alert">
          {t('common.moreFailed', { reason: problem })}
        </p>
      )}
    </Section>
  );
}

function PromotionRow(props: { promotion: Promotion }) {
  const { promotion } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const links = useDeliveryLinks();
  return (
    <tr>
      <td>
        <Link href={links.promotion(promotion.id)}>
          {releaseName(promotion.release)}
        </Link>
        <p className={styles.small}>
          {t(`kind.${promotion.kind}`)} {promotion.sample && <SampleMark />}
        </p>
      </td>
      <td>{promotion.environment}</td>
      <td>
        <PhaseMark phase={promotion.phase} />
        <p className={styles.small}>{promotion.reason}</p>
      </td>
      <td>
        <Moment at={promotion.requestedAt} />
        <p className={styles.small}>
          {promotion.automatic ? (
            t('list.pipeline')
          ) : (
            <EntityName entityRef={promotion.requestedBy} />
          )}
        </p>
      </td>
    </tr>
  );
}
