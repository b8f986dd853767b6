import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon, Link } from '@backstage/ui';
import {
  RiCheckboxCircleFill,
  RiCheckboxBlankCircleLine,
  RiCloseLine,
} from '@remixicon/react';
import { HiddenText } from '../shell/HiddenText';
import { shellTranslationRef } from '../shell/translation';
import { useCurrentPath } from '../../useCurrentPath';
import styles from './TourBar.module.css';
import { changeTour } from './tourRecord';
import { pathOf } from './tours';
import { useOpenTour, useTourProgress } from './useTour';

/** The steps of the open tour in a row above the page: it covers nothing. */
export function TourBar() {
  const { t } = useTranslationRef(shellTranslationRef);
  const open = useOpenTour();
  const path = useCurrentPath();
  useTourProgress(open);

  if (!open) {
    return null;
  }
  const { steps } = open.tour;
  const isDone = (name: string) => open.done.includes(name);
  const done = steps.filter(({ name }) => isDone(name)).length;
  const told =
    steps.find(step => pathOf(step) === path) ??
    steps.find(({ name }) => !isDone(name));

  return (
    <section className={styles.root} aria-label={t('tour.title')}>
      <div className={styles.head}>
        <p className={styles.title}>
          {t('tour.title')}
          <span className={styles.count} role="status">
            {t('tour.progress', {
              done: String(done),
              all: String(steps.length),
            })}
          </span>
        </p>
        <ol className={styles.steps}>
          {steps.map(step => (
            <li key={step.name} data-done={isDone(step.name)}>
              <Link
                href={step.href}
                standalone
                className={styles.step}
                aria-current={pathOf(step) === path ? 'step' : undefined}
              >
                {isDone(step.name) ? (
                  <RiCheckboxCircleFill aria-hidden />
                ) : (
                  <RiCheckboxBlankCircleLine aria-hidden />
                )}
                {t(`tour.steps.${step.name}.title`)}{' '}
                {isDone(step.name) && <HiddenText>{t('tour.done')}</HiddenText>}
              </Link>
            </li>
          ))}
        </ol>
        <ButtonIcon
          variant="tertiary"
          size="small"
          icon={<RiCloseLine />}
          aria-label={t('tour.leave')}
          onPress={() => changeTour({ isOpen: false })}
        />
      </div>
      <p className={styles.text}>
        {told ? t(`tour.steps.${told.name}.text`) : t('tour.end')}
      </p>
    </section>
  );
}
