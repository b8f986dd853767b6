import { createTranslationRef } from '@backstage/frontend-plugin-api';
import { lanesMessages } from './lanes/messages';
import { promotionMessages } from './promotion/messages';
import { rolloutMessages } from './rollout/messages';

/** Every text of the pages of delivery but those of the overviews of a tenant. */
export const promotionsTranslationRef = createTranslationRef({
  id: 'plugin.promotions',
  messages: {
    noAccess: {
      title: 'You have no access to delivery',
      description:
        'Members of a tenant see the deliveries of their tenant. Ask an administrator of your tenant for a role.',
    },
    common: {
      sample: 'Sample',
      retry: 'Try again',
      close: 'Close',
      more: 'Show more',
      loadingMore: 'Loading more',
      moreFailed: 'The rest could not be loaded: {{reason}}',
      reason: 'Reason',
      reasonHelp: 'Everybody in your organisation can read it.',
      reasonMissing: 'Write at least three characters.',
      release: '{{component}} {{version}}',
      digest: 'digest {{digest}}',
      opensNew: 'opens in a new tab',
    },
    recent: {
      title: 'Recent deployments',
      empty: 'Nothing was deployed yet.',
      failed: 'Deployments could not be loaded: {{reason}}',
      source:
        'From the record of deployments: by promotions, and seen from outside.',
    },
    progress: {
      title: 'Promotion',
      open: 'Open the promotion',
    },
    kind: {
      promote: 'Promotion',
      rollback: 'Rollback',
      redeploy: 'Redeployment',
      observed: 'Seen from outside',
    },
    phase: {
      pending: 'Pending',
      evaluating: 'Asking its gates',
      waiting: 'Waiting',
      ready: 'Ready',
      running: 'Deploying',
      verifying: 'Verifying',
      succeeded: 'Succeeded',
      rejected: 'Rejected',
      failed: 'Failed',
      errored: 'Could not tell',
      expired: 'Expired',
      superseded: 'Superseded',
      cancelled: 'Cancelled',
      rolledBack: 'Rolled back',
    },
    health: {
      healthy: 'Healthy',
      progressing: 'Progressing',
      degraded: 'Degraded',
      suspended: 'Suspended',
      missing: 'Missing',
      unknown: 'Health unknown',
    },
    result: {
      succeeded: 'Succeeded',
      failed: 'Failed',
      rolledBack: 'Rolled back',
    },
    list: {
      title: 'Promotions',
      show: 'Show',
      all: 'All',
      open: 'Open',
      ended: 'Ended',
      forMe: 'Waiting for me',
      what: 'What',
      environment: 'To',
      phase: 'Phase',
      requestedBy: 'Asked for by',
      requestedAt: 'Asked for',
      pipeline: 'the pipeline',
      loading: 'Promotions are loading',
      failed: 'Promotions could not be loaded',
      emptyTitle: 'No promotions here',
      empty:
        'A promotion brings one release of a component to one environment. Ask for one on the tab "Delivery" of a component.',
      emptyForMeTitle: 'Nothing waits for you',
      emptyForMe:
        'Promotions that you could approve, break glass that needs a second person, and reviews that are due are listed here.',
    },
    inbox: {
      title: 'Promotions that wait for you',
      all: 'All that wait for you',
      failed: 'Promotions could not be loaded: {{reason}}',
      approval: 'Approve {{what}} to {{environment}}',
      breakGlass: 'Confirm breaking glass for {{what}} to {{environment}}',
      review: 'Review broken glass of {{what}} to {{environment}}',
      askedBy: '{{who}} asked for it',
      until: 'until {{when}}',
      automatic: 'The pipeline asked for it',
    },
    ...lanesMessages,
    ...promotionMessages,
    ...rolloutMessages,
  },
});
