import {
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useState,
} from 'react';
import {
  configApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { ButtonIcon, Link } from '@backstage/ui';
import { TenantSwitcher } from '@portico/plugin-tenancy';
import { RiCloseLine, RiMenuLine } from '@remixicon/react';
import { appTranslationRef } from '../../translation';
import { useCurrentPath } from '../../useCurrentPath';
import { useUnreadCount } from '../notifications';
import { SignedInDemoNotice } from '../signIn/DemoNotice';
import { TourBar } from '../tour';
import { HelpMenu } from './HelpMenu';
import { NotificationsLink } from './NotificationsLink';
import { PorticoLogo } from './PorticoLogo';
import { SearchEntry } from './SearchEntry';
import styles from './Shell.module.css';
import { type Overlay, ShellContext } from './ShellContext';

const CONTENT_ID = 'portico-content';
const NAVIGATION_ID = 'portico-navigation';

/** Header, navigation and the page itself. */
export function Shell(props: { navigation: ReactNode; content: ReactNode }) {
  const { t } = useTranslationRef(appTranslationRef);
  const title =
    useApi(configApiRef).getOptionalString('app.title') ?? 'Portico';
  const path = useCurrentPath();
  const unread = useUnreadCount();
  const [isOpen, setOpen] = useState(false);
  const [overlay, setOverlay] = useState<Overlay>();
  const close = useCallback(() => setOverlay(undefined), []);
  const shell = useMemo(
    () => ({ overlay, open: setOverlay, close, unread }),
    [overlay, close, unread],
  );

  // On a narrow screen the navigation covers the page: it closes once it has led on.
  useEffect(() => setOpen(false), [path]);

  return (
    <ShellContext.Provider value={shell}>
      <div
        className={styles.root}
        data-navigation={isOpen ? 'open' : 'closed'}
        onKeyDown={event => event.key === 'Escape' && setOpen(false)}
        role="presentation"
      >
        <a
          className={styles.skip}
          href={`#${CONTENT_ID}`}
          onClick={event => {
            // The address bar belongs to the router: only the focus moves.
            event.preventDefault();
            document.getElementById(CONTENT_ID)?.focus();
          }}
        >
          {t('shell.skip')}
        </a>
        <header className={styles.header}>
          <ButtonIcon
            className={styles.menuButton}
            variant="tertiary"
            icon={isOpen ? <RiCloseLine /> : <RiMenuLine />}
            aria-label={
              isOpen ? t('shell.closeNavigation') : t('shell.openNavigation')
            }
            aria-expanded={isOpen}
            aria-controls={NAVIGATION_ID}
            onPress={() => setOpen(open => !open)}
          />
          <Link
            href="/"
            standalone
            className={styles.brand}
            aria-label={t('shell.home')}
          >
            <PorticoLogo />
            <span>{title}</span>
          </Link>
          <SearchEntry />
          <div className={styles.account}>
            <NotificationsLink />
            <HelpMenu />
            <TenantSwitcher />
          </div>
        </header>
        <nav
          id={NAVIGATION_ID}
          className={styles.navigation}
          aria-label={t('shell.navigation')}
        >
          {props.navigation}
        </nav>
        <div id={CONTENT_ID} className={styles.content} tabIndex={-1}>
          <TourBar />
          {props.content}
        </div>
        <SignedInDemoNotice />
      </div>
    </ShellContext.Provider>
  );
}
