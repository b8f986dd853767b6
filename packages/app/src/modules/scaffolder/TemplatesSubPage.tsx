import { type ReactNode } from 'react';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import { useCurrentPath } from '../../useCurrentPath';
import { TemplateList } from './TemplateList';

/** The list of templates, or the form of the one that the address names. */
export function TemplatesSubPage(props: { form: ReactNode }) {
  const path = useCurrentPath();
  const createRoute = useRouteRef(scaffolderPlugin.routes.root);
  const isList =
    path.replace(/\/$/, '') === `${createRoute?.() ?? '/create'}/templates`;
  return isList ? <TemplateList /> : <>{props.form}</>;
}
