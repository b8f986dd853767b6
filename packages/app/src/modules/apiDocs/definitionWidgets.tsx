import {
  apiDocsConfigRef,
  defaultDefinitionWidgets,
} from '@backstage/plugin-api-docs';
import apiDocsPlugin from '@backstage/plugin-api-docs/alpha';
import { lazy, Suspense } from 'react';
import { LoadingState } from '@portico/page-states';

const OpenApiDefinition = lazy(() =>
  import('@portico/plugin-api-try-out').then(m => ({
    default: m.OpenApiDefinition,
  })),
);

/** Definitions in OpenAPI are shown and tried by a part of ours; the others by stock. */
export const definitionWidgets = apiDocsPlugin
  .getExtension('api:api-docs/config')
  .override({
    params: defineParams =>
      defineParams({
        api: apiDocsConfigRef,
        deps: {},
        factory: () => {
          const widgets = defaultDefinitionWidgets().map(widget =>
            widget.type === 'openapi'
              ? {
                  ...widget,
                  component: (definition: string) => (
                    <Suspense fallback={<LoadingState />}>
                      <OpenApiDefinition definition={definition} />
                    </Suspense>
                  ),
                }
              : widget,
          );
          return {
            getApiDefinitionWidget: entity =>
              widgets.find(({ type }) => type === entity.spec.type),
          };
        },
      }),
  });
