import { useEffect } from 'react';
import {
  type TranslationFunction,
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { notificationsApiRef } from '@backstage/plugin-notifications';
import { usePermission } from '@backstage/plugin-permission-react';
import { describeProblem } from '@portico/page-states';
import { tenancyApiRef } from '@portico/plugin-tenancy';
import {
  type MachineToken,
  tenancySourceReadPermission,
  tenancyTokenManagePermission,
} from '@portico/plugin-tenancy-common';
import useAsync from 'react-use/esm/useAsync';
import { type InboxPartProps } from '../../inbox/InboxPart';
import { externalRoutes } from '../../routes';
import { homeTranslationRef } from '../../translation';
import styles from '../HomeSection.module.css';
import { InboxList } from '../InboxList';
import { formatMoment } from '../Moment';

const SHOWN = 3;

/** Days before its end from which on a token is mentioned. */
const TOKEN_WARNING_DAYS = 14;
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

type Translate = TranslationFunction<typeof homeTranslationRef.T>;

/** Tells the inbox when a part has loaded or failed. */
function useSettled(
  state: { loading: boolean; error?: Error; value?: unknown[] },
  onSettled: InboxPartProps['onSettled'],
): void {
  const { loading, error, value } = state;
  const isSettled = !loading && (error !== undefined || value !== undefined);
  const count = value?.length;
  useEffect(() => {
    if (isSettled) {
      onSettled(count);
    }
  }, [isSettled, count, onSettled]);
}

function PartProblem(props: { part: string; error: Error; t: Translate }) {
  return (
    <p className={styles.quiet} role="status">
      {props.t('inbox.partFailed', {
        part: props.part,
        reason: describeProblem(props.error),
      })}
    </p>
  );
}

/** What the tenant's catalog files lost, for those who may see it. */
export function RefusalsPart({ me, onSettled }: InboxPartProps) {
  const { t } = useTranslationRef(homeTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const sources = useRouteRef(externalRoutes.sources);
  const access = usePermission({ permission: tenancySourceReadPermission });
  const state = useAsync(async () => {
    if (access.loading) {
      return undefined;
    }
    return access.allowed ? tenancy.refusals(me.tenant.id) : [];
  }, [access.loading, access.allowed, tenancy, me.tenant.id]);
  useSettled(state, onSettled);

  if (state.error) {
    return <PartProblem part={t('inbox.refusals')} error={state.error} t={t} />;
  }
  const refusals = state.value ?? [];
  if (refusals.length === 0) {
    return <></>;
  }
  const href = sources?.();
  return (
    <InboxList
      title={t('inbox.refusals')}
      total={refusals.length}
      items={refusals.slice(0, SHOWN).map((refusal, index) => ({
        id: String(index),
        title:
          refusal.line === undefined
            ? t('inbox.refusalIn', {
                source: refusal.source,
                file: refusal.file,
              })
            : t('inbox.refusalAt', {
                source: refusal.source,
                file: refusal.file,
                line: String(refusal.line),
              }),
        text: refusal.reason,
        href,
      }))}
      all={href ? { title: t('inbox.refusalsAll'), href } : undefined}
    />
  );
}

/** Notifications that the person has not read. */
export function NotificationsPart({ onSettled }: InboxPartProps) {
  const { t } = useTranslationRef(homeTranslationRef);
  const notifications = useApi(notificationsApiRef);
  const page = useRouteRef(externalRoutes.notifications);
  const state = useAsync(
    () =>
      notifications.getNotifications({
        read: false,
        limit: SHOWN,
        sort: 'created',
        sortOrder: 'desc',
      }),
    [notifications],
  );
  const { value } = state;
  useSettled({ ...state, value: value?.notifications }, onSettled);

  if (state.error) {
    return (
      <PartProblem part={t('inbox.notifications')} error={state.error} t={t} />
    );
  }
  if (!value || value.notifications.length === 0) {
    return <></>;
  }
  const href = page?.();
  return (
    <InboxList
      title={t('inbox.notifications')}
      total={value.totalCount}
      items={value.notifications.map(({ id, payload, created }) => ({
        id,
        title: payload.title,
        text: [payload.description, formatMoment(String(created))]
          .filter(Boolean)
          .join(' · '),
        href: isPath(payload.link) ? payload.link : href,
      }))}
      all={href ? { title: t('inbox.notificationsAll'), href } : undefined}
    />
  );
}

/** A link of a notification is followed from here only within the portal. */
function isPath(link: string | undefined): link is string {
  return link !== undefined && /^\/(?![/\\])/.test(link);
}

/** Machine tokens of the tenant that end soon, for those who can make new ones. */
export function TokensPart({ me, onSettled }: InboxPartProps) {
  const { t } = useTranslationRef(homeTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const page = useRouteRef(externalRoutes.tokens);
  const access = usePermission({ permission: tenancyTokenManagePermission });
  const state = useAsync(async () => {
    if (access.loading) {
      return undefined;
    }
    return access.allowed
      ? endingSoon(await tenancy.tokens(me.tenant.id), new Date())
      : [];
  }, [access.loading, access.allowed, tenancy, me.tenant.id]);
  useSettled(state, onSettled);

  if (state.error) {
    return <PartProblem part={t('inbox.tokens')} error={state.error} t={t} />;
  }
  const tokens = state.value ?? [];
  if (tokens.length === 0) {
    return <></>;
  }
  const href = page?.();
  return (
    <InboxList
      title={t('inbox.tokens')}
      total={tokens.length}
      items={tokens.slice(0, SHOWN).map(({ id, name, expiresAt }) => ({
        id,
        title: t(
          new Date(expiresAt) < new Date()
            ? 'inbox.tokenEnded'
            : 'inbox.tokenEnds',
          { name, when: formatMoment(expiresAt) },
        ),
        href,
      }))}
      all={href ? { title: t('inbox.tokensAll'), href } : undefined}
    />
  );
}

/** Tokens in use that end, or ended, within two weeks of now; the first to end first. */
function endingSoon(tokens: MachineToken[], now: Date): MachineToken[] {
  const distance = (token: MachineToken) =>
    new Date(token.expiresAt).getTime() - now.getTime();
  return tokens
    .filter(
      token =>
        token.revokedAt === undefined &&
        Math.abs(distance(token)) < TOKEN_WARNING_DAYS * DAY_MILLISECONDS,
    )
    .sort((a, b) => distance(a) - distance(b));
}
