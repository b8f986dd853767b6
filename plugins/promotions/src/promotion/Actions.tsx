import { type ReactElement, useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Section } from '@portico/page-states';
import {
  type DiffSummary,
  isActing,
  isEnd,
  type PromotionDetail,
} from '@portico/plugin-promotions-common';
import { ConfirmDialog, formatMoment } from '@portico/plugin-tenancy';
import { promotionsApiRef } from '../api/PromotionsApi';
import { ActionButton } from '../components/ActionButton';
import { ReasonDialog } from '../components/ReasonDialog';
import { plainName } from '../content/names';
import { RequestDialog } from '../request/RequestDialog';
import { promotionsTranslationRef } from '../translation';
import styles from './Actions.module.css';
import { BreakGlassDialog } from './BreakGlassDialog';
import { ReviewDialog } from './ReviewDialog';
import { VoteDialog } from './VoteDialog';

type Action = keyof PromotionDetail['may'];

/** What the reader may do with a promotion; what not is shown with the reason. */
export function Actions(props: {
  detail: PromotionDetail;
  /** What changes, in short, where that is known of what is voted on. */
  diff?: DiffSummary;
  /** Takes the promotion as it is after an act. */
  onDone(detail: PromotionDetail): void;
  /** Something else changed. */
  onChanged(): void;
}) {
  const { detail } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const [open, setOpen] = useState<Action>();
  const actions = actionsOf(detail);
  return (
    <Section title={t('actions.title')}>
      {actions.length === 0 && (
        <p className={styles.nothing}>
          {t(
            isEnd(detail.promotion.phase) ? 'actions.nothing' : 'actions.begun',
          )}
        </p>
      )}
      <div className={styles.actions}>
        {actions.map(action => (
          <ActionButton
            key={action}
            text={t(`actions.${action}`)}
            variant={action === 'approve' ? 'primary' : 'secondary'}
            isDestructive={action === 'breakGlass'}
            refusal={
              detail.may[action].allowed ? undefined : detail.may[action].why
            }
            onPress={() => setOpen(action)}
          />
        ))}
      </div>
      {open && (
        <ActionDialog
          {...props}
          action={open}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Section>
  );
}

const order: Action[] = [
  'approve',
  'reject',
  'withdraw',
  'confirmBreakGlass',
  'review',
  'rollBack',
  'cancel',
  'breakGlass',
];

/** The acts that make sense where a promotion stands, whoever looks. */
function actionsOf(detail: PromotionDetail): Action[] {
  const { promotion, overrides, may } = detail;
  const { phase } = promotion;
  const isOpen = !isEnd(phase) && !isActing(phase);
  const asksPeople = detail.approvals.length > 0;
  const shown: Record<Action, boolean> = {
    approve: isOpen && asksPeople,
    reject: isOpen && asksPeople,
    withdraw: may.withdraw.allowed,
    confirmBreakGlass:
      isOpen && overrides.some(override => override.confirmed === undefined),
    review: overrides.some(
      override =>
        override.confirmed !== undefined && override.review === undefined,
    ),
    rollBack: phase === 'succeeded',
    cancel: isOpen,
    breakGlass: isOpen,
  };
  return order.filter(action => shown[action]);
}

function ActionDialog(props: {
  action: Action;
  detail: PromotionDetail;
  diff?: DiffSummary;
  onDone(detail: PromotionDetail): void;
  onChanged(): void;
  onClose(): void;
}): ReactElement | null {
  const { action, detail, onDone, onChanged, onClose } = props;
  const { id, component, environment, release } = detail.promotion;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const api = useApi(promotionsApiRef);
  switch (action) {
    case 'approve':
    case 'reject':
    case 'withdraw':
      return (
        <VoteDialog
          decision={action}
          detail={detail}
          diff={props.diff}
          onDone={onDone}
          onClose={onClose}
        />
      );
    case 'cancel':
      return (
        <ReasonDialog
          title={t('cancel.title')}
          text={t('cancel.text')}
          submit={t('cancel.submit')}
          onSubmit={async reason => onDone(await api.cancel(id, { reason }))}
          onClose={onClose}
        />
      );
    case 'breakGlass':
      return (
        <BreakGlassDialog detail={detail} onDone={onDone} onClose={onClose} />
      );
    case 'confirmBreakGlass': {
      const override = detail.overrides.find(
        ({ confirmed }) => confirmed === undefined,
      );
      return override ? (
        <ConfirmDialog
          title={t('breakGlass.confirmTitle')}
          text={t('breakGlass.confirmText', {
            who: plainName(override.by),
            gates: override.gates.join(', '),
            reason: override.reason,
            ticket: override.ticket,
            until: formatMoment(override.expiresAt),
          })}
          action={t('breakGlass.confirm')}
          onConfirm={async () => onDone(await api.confirmBreakGlass(id))}
          onClose={onClose}
        />
      ) : null;
    }
    case 'review':
      return <ReviewDialog id={id} onDone={onDone} onClose={onClose} />;
    case 'rollBack':
      return (
        <RequestDialog
          kind="rollback"
          component={component}
          environment={environment}
          current={release}
          onDone={onChanged}
          onClose={onClose}
        />
      );
    default:
      return action satisfies never;
  }
}
