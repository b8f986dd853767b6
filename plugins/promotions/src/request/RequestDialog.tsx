import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select, Text, TextAreaField } from '@backstage/ui';
import { describeProblem, LoadingState } from '@portico/page-states';
import {
  type PromotionKind,
  type Release,
} from '@portico/plugin-promotions-common';
import { FormDialog, formatMoment } from '@portico/plugin-tenancy';
import useAsync from 'react-use/esm/useAsync';
import { promotionsApiRef } from '../api/PromotionsApi';
import styles from '../components/Section.module.css';
import { randomKey } from '../content/randomKey';
import { promotionsTranslationRef } from '../translation';
import { ChangePreview } from './ChangePreview';
import { type Choice, loadChoices } from './loadChoices';

const words = {
  promote: { title: 'request.promoteTitle', submit: 'request.promote' },
  rollback: { title: 'request.rollBackTitle', submit: 'request.rollBack' },
  redeploy: { title: 'request.redeployTitle', submit: 'request.redeploy' },
} as const;

/** Asks for a promotion, a rollback or a redeployment, the likeliest release preselected. */
export function RequestDialog(props: {
  kind: PromotionKind;
  component: string;
  environment: string;
  /** What runs there. */
  current: Pick<Release, 'id' | 'content'> | undefined;
  /** The environment before, and what runs in it. */
  before?: { environment: string; release: Pick<Release, 'id'> };
  onDone(): void;
  onClose(): void;
}) {
  const { kind, component, environment, current, before, onDone, onClose } =
    props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const api = useApi(promotionsApiRef);
  const [chosen, setChosen] = useState<string>();
  const [comment, setComment] = useState('');
  // A press that is sent twice is one request.
  const [key] = useState(randomKey);
  const choices = useAsync(
    () =>
      loadChoices({
        api,
        kind,
        component,
        environment,
        current,
        before: before?.release,
      }),
    [api, kind, component, environment],
  );
  const release =
    choices.value?.find(({ id }) => id === chosen) ?? choices.value?.at(0);

  const nameOf = (choice: Choice): string => {
    if (kind === 'rollback') {
      return t('request.previous', {
        version: choice.version,
        when: formatMoment(choice.at),
      });
    }
    return before && choice.id === before.release.id
      ? t('request.newestOfBefore', {
          version: choice.version,
          environment: before.environment,
        })
      : t('request.newest', {
          version: choice.version,
          when: formatMoment(choice.at),
        });
  };
  return (
    <FormDialog
      title={t(words[kind].title, { environment })}
      submit={t(words[kind].submit)}
      onClose={onClose}
      onSubmit={async () => {
        if (!release) {
          return false;
        }
        await api.requestPromotion({
          component,
          environment,
          release: release.id,
          kind,
          comment: comment.trim() || undefined,
          key,
        });
        onDone();
        return true;
      }}
    >
      {choices.loading && (
        <LoadingState label={t('request.loading')} lines={1} />
      )}
      {choices.error && (
        <p className={styles.bad} role="alert">
          {t('request.releasesFailed', {
            reason: describeProblem(choices.error),
          })}
        </p>
      )}
      {choices.value?.length === 0 && (
        <p className={styles.text} role="alert">
          {t(kind === 'rollback' ? 'lanes.noRollback' : 'lanes.noRelease')}
        </p>
      )}
      {release && kind !== 'redeploy' && (
        <Select
          label={t('request.release')}
          options={(choices.value ?? []).map(choice => ({
            id: choice.id,
            label: nameOf(choice),
          }))}
          value={release.id}
          onChange={id => setChosen(String(id))}
        />
      )}
      {release && kind === 'redeploy' && (
        <Text as="p">
          {t('request.redeployText', { version: release.version })}
        </Text>
      )}
      {kind === 'rollback' && <Text as="p">{t('request.rollBackText')}</Text>}
      {release && kind !== 'redeploy' && (
        <ChangePreview
          component={component}
          environment={environment}
          release={release.id}
        />
      )}
      <TextAreaField
        label={t('request.comment')}
        description={t('request.commentHelp')}
        value={comment}
        onChange={setComment}
      />
    </FormDialog>
  );
}
