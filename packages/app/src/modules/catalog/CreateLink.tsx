import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import { ButtonLink } from '@backstage/ui';
import { RiAddLine } from '@remixicon/react';
import { catalogListTranslationRef } from './translation';

/** Leads to the templates, where the page of them is installed. */
export function CreateLink() {
  const { t } = useTranslationRef(catalogListTranslationRef);
  const route = useRouteRef(scaffolderPlugin.routes.root);
  return route ? (
    <ButtonLink href={route()} variant="primary" iconStart={<RiAddLine />}>
      {t('create')}
    </ButtonLink>
  ) : null;
}
