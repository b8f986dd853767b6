import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** Every text of the figures of delivery. */
export const figuresTranslationRef = createTranslationRef({
  id: 'plugin.promotions.figures',
  messages: {
    title: 'Figures of delivery',
    intro:
      'The four figures of DORA over what was deployed to production, from {{from}} until {{to}}. Source: the deployments that Portico made or saw.',
    scope: 'Of',
    scopes: {
      tenant: 'The whole organisation',
      group: 'What {{name}} owns',
      component: '{{name}}',
    },
    window: 'Window',
    days_one: 'Last {{count}} day',
    days_other: 'Last {{count}} days',
    download: 'Download as CSV',
    sample:
      'These figures count sample deployments, which the demo made up with a clock of its own.',
    leaveSampleOut: 'Leave the sample out',
    sampleLeftOut: 'The sample deployments of the demo are left out.',
    countSample: 'Count the sample, too',
    names: {
      deploymentFrequency: 'Deployment frequency',
      leadTime: 'Lead time for changes',
      changeFailureRate: 'Change failure rate',
      timeToRestore: 'Time to restore',
    },
    help: {
      deploymentFrequency:
        'Successful deployments without rollbacks. Elite from 7 a week, medium from 1.',
      leadTime:
        'From the first commit of what was shipped to its deployment, median. Elite below a day, medium up to a week.',
      changeFailureRate:
        'Deployments that failed, or were rolled back within 48 hours. Elite below 5 %, medium up to 15 %.',
      timeToRestore:
        'From a failed deployment to the next that succeeded, median. Elite below an hour, medium up to a day.',
    },
    n: {
      deploymentFrequency_one: 'from {{count}} deployment',
      deploymentFrequency_other: 'from {{count}} deployments',
      leadTime_one: 'from {{count}} deployment with a known first commit',
      leadTime_other: 'from {{count}} deployments with a known first commit',
      changeFailureRate_one: 'from {{count}} deployment',
      changeFailureRate_other: 'from {{count}} deployments',
      timeToRestore_one: 'from {{count}} failure',
      timeToRestore_other: 'from {{count}} failures',
    },
    value: {
      perWeek: '{{value}} a week',
      minutes: '{{value}} min',
      hours: '{{value}} h',
      days: '{{value}} days',
      percent: '{{value}} %',
      none: '–',
    },
    level: { elite: 'Elite', medium: 'Medium', low: 'Low' },
    trend: {
      better: 'Better than before ({{before}})',
      worse: 'Worse than before ({{before}})',
      same: 'As before',
      none: 'Nothing to compare with in the {{days}} days before',
    },
    medianOfComponents: 'Median of the components: {{value}}',
    chart: {
      title: 'Deployments to production',
      day: 'Day (UTC)',
      week: 'Week from (UTC)',
      succeeded: 'Succeeded',
      failed: 'Failed or rolled back',
      summary:
        '{{succeeded}} deployments succeeded and {{failed}} failed or were rolled back; at most {{most}} on one bar.',
      none: 'No deployment to production in this window',
      noneHint: 'A longer window may have some.',
      table: 'As a table',
    },
    deployments: {
      title: 'The deployments behind it',
      board: 'To the board of this team',
      none: 'Nothing was deployed to production yet',
      noneHint: 'Promotions to an environment of tier production appear here.',
      component: 'Component',
      environment: 'Environment',
      version: 'Version',
      unknownVersion: 'Never announced',
      kind: 'Kind',
      result: 'Result',
      finished: 'Finished',
      by: 'By',
      promotion: 'Promotion',
      show: 'Show',
      showNamed: 'Show the promotion of {{component}} {{version}}',
      more: 'Older deployments',
      loading: 'Loading',
    },
  },
});
