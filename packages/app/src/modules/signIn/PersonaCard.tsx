import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { PERSONA_STORAGE_KEY } from '@portico/plugin-tenancy';
import { type Persona } from '@portico/plugin-tenancy-common';
import { appTranslationRef } from '../../translation';
import { shellTranslationRef } from '../shell/translation';
import { openTour, tourOf } from '../tour';
import styles from './PersonaCard.module.css';

/** A persona to sign in as, and the tour that leads from here into the portal. */
export function PersonaCard(props: {
  persona: Persona;
  onChoose(userRef: string): void;
}) {
  const { userRef, displayName, tenant, roles } = props.persona;
  const { t } = useTranslationRef(appTranslationRef);
  const { t: tShell } = useTranslationRef(shellTranslationRef);
  const tour = tourOf({ tenant: tenant.id, roles });

  return (
    <div className={styles.root}>
      <button
        type="button"
        className={styles.persona}
        onClick={() => props.onChoose(userRef)}
      >
        <span className={styles.name}>{displayName}</span>
        <span className={styles.roles}>
          {roles.map(role => (
            <span key={role} className={styles.role}>
              {t(`roles.${role}`)}
            </span>
          ))}
        </span>
        {tour && (
          <span className={styles.purpose}>
            {tShell(`tour.roles.${tour.name}`)}
          </span>
        )}
        <span className={styles.ref}>{userRef}</span>
      </button>
      {tour && tour.steps.length > 0 && (
        <details className={styles.tour}>
          <summary
            aria-label={tShell('tour.offerFor', {
              offer: tShell('tour.offer', {
                number: String(tour.steps.length),
              }),
              name: `${displayName}, ${tenant.title}`,
            })}
          >
            {tShell('tour.offer', { number: String(tour.steps.length) })}
          </summary>
          <ol>
            {tour.steps.map(step => (
              <li key={step.name}>
                {/* Nobody is signed in, so there is no router: the page is loaded. */}
                <a
                  href={step.href}
                  onClick={() => {
                    window.localStorage.setItem(PERSONA_STORAGE_KEY, userRef);
                    openTour({ userRef, tenant: tenant.id, roles });
                  }}
                >
                  {tShell(`tour.steps.${step.name}.title`)}
                </a>
                <span>{tShell(`tour.steps.${step.name}.text`)}</span>
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}
