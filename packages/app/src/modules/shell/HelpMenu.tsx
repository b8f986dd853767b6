import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import techdocsPlugin from '@backstage/plugin-techdocs/alpha';
import { ButtonIcon, Menu, MenuItem, MenuTrigger } from '@backstage/ui';
import {
  RiBookOpenLine,
  RiKeyboardBoxLine,
  RiMapPinLine,
  RiQuestionLine,
} from '@remixicon/react';
import { useStartTour } from '../tour';
import { useShell } from './ShellContext';
import { shellTranslationRef } from './translation';

const PORTAL_DOCS = { namespace: 'default', kind: 'system', name: 'portico' };

/** The tour, the shortcuts and the docs of the portal. */
export function HelpMenu() {
  const { t } = useTranslationRef(shellTranslationRef);
  const { open } = useShell();
  const startTour = useStartTour();
  const docsRoute = useRouteRef(techdocsPlugin.routes.docRoot);
  return (
    <MenuTrigger>
      <ButtonIcon
        variant="tertiary"
        icon={<RiQuestionLine />}
        aria-label={t('header.help')}
      />
      <Menu aria-label={t('header.help')}>
        <MenuItem
          iconStart={<RiMapPinLine />}
          onAction={() => void startTour()}
        >
          {t('help.tour')}
        </MenuItem>
        <MenuItem
          iconStart={<RiKeyboardBoxLine />}
          onAction={() => open('shortcuts')}
        >
          {t('help.shortcuts')}
        </MenuItem>
        {docsRoute && (
          <MenuItem
            iconStart={<RiBookOpenLine />}
            href={docsRoute(PORTAL_DOCS)}
          >
            {t('help.docs')}
          </MenuItem>
        )}
      </Menu>
    </MenuTrigger>
  );
}
