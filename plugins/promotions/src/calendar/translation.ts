import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** Every text of the freeze calendar. */
export const calendarTranslationRef = createTranslationRef({
  id: 'plugin.promotions.calendar',
  messages: {
    now: {
      title: 'Now',
      open: 'Open',
      closed: 'Closed',
      closes: 'Closes {{moment}}',
      opens: 'Opens {{moment}}',
      noKnownEnd: 'No known end',
      stays: 'Nothing planned',
      none: 'There is no environment yet',
      noneHint: 'Environments come from the catalog, kind Environment.',
    },
    stops: {
      title: 'The line is stopped',
      of: 'Stop of {{environment}}',
      ofAll: 'Stop of all environments',
      byPlatform: 'By the platform, for all tenants',
      since: 'since {{moment}}',
      stop: 'Stop the line',
      lift: 'Lift the stop',
      liftNamed: 'Lift the stop of {{environment}}',
      liftTitle: 'Lift the stop of {{environment}}?',
      liftText:
        'Promotions that wait for it go on as soon as their other gates let them.',
      all: 'All environments',
      dialogTitle: 'Stop the line',
      dialogText:
        'No promotion begins until somebody lifts the stop. What has already begun to act runs to its end.',
      environment: 'Environment',
      reason: 'Reason',
      reasonHelp: 'Everybody whose promotion waits reads it.',
      reasonMissing: 'Say why, in at least 3 characters.',
      submit: 'Stop',
    },
    month: {
      previous: 'The month before',
      next: 'The month after',
      today: 'This month',
      isToday: 'today',
      zone: 'Days of the time zone {{zone}}',
      closes: 'Closed',
      opens: 'Open only then',
      more_one: '{{count}} more',
      more_other: '{{count}} more',
    },
    coming: {
      title: 'Coming windows',
      period:
        'In the next {{days}} days, each in the time zone that it is written in.',
      none: 'No window in the next {{days}} days',
      noneHint: 'Windows are written in the pipelines: docs, "Gates", freeze.',
      window: 'Window',
      effect: 'Effect',
      environments: 'Environments',
      from: 'From',
      to: 'Until',
      reason: 'Reason',
      here: '{{moment}} here',
    },
  },
});
