import {
  type Entity,
  getCompoundEntityRef,
  parseEntityRef,
  RELATION_DEPENDENCY_OF,
  RELATION_DEPENDS_ON,
  RELATION_OWNED_BY,
  RELATION_OWNER_OF,
} from '@backstage/catalog-model';
import { type LocationSpec } from '@backstage/plugin-catalog-common';
import {
  type CatalogProcessor,
  type CatalogProcessorEmit,
  processingResult,
} from '@backstage/plugin-catalog-node';
import { pipelineSpecSchema } from '@portico/plugin-promotions-common';
import { checkDeliveryKind, isDeliveryKind } from '../delivery/deliveryKinds';

/**
 * Makes the catalog know environments and pipelines: their shape, who owns them, and which
 * environments of its own namespace a pipeline leads through. The platform's environments
 * are no relation of a tenant's pipeline, because relations show on both ends.
 */
export class DeliveryKindsProcessor implements CatalogProcessor {
  readonly #environmentsOf: (namespace: string) => Promise<ReadonlySet<string>>;

  /** @param options.environmentsOf - names of the environments that a namespace declares */
  constructor(options: {
    environmentsOf: (namespace: string) => Promise<ReadonlySet<string>>;
  }) {
    this.#environmentsOf = options.environmentsOf;
  }

  getProcessorName(): string {
    return 'DeliveryKindsProcessor';
  }

  async validateEntityKind(entity: Entity): Promise<boolean> {
    return isDeliveryKind(entity.kind)
      ? checkDeliveryKind(entity.kind, entity)
      : false;
  }

  async postProcessEntity(
    entity: Entity,
    _location: LocationSpec,
    emit: CatalogProcessorEmit,
  ): Promise<Entity> {
    if (!isDeliveryKind(entity.kind)) {
      return entity;
    }
    const self = getCompoundEntityRef(entity);
    const relate = (ref: string, kind: string, out: string, back: string) => {
      const target = parseEntityRef(ref, {
        defaultKind: kind,
        defaultNamespace: self.namespace,
      });
      emit(processingResult.relation({ source: self, type: out, target }));
      emit(
        processingResult.relation({ source: target, type: back, target: self }),
      );
    };
    if (typeof entity.spec?.owner === 'string') {
      relate(entity.spec.owner, 'group', RELATION_OWNED_BY, RELATION_OWNER_OF);
    }
    if (entity.kind === 'Pipeline') {
      const own = await this.#environmentsOf(self.namespace);
      for (const stage of pipelineSpecSchema.parse(entity.spec).stages) {
        if (own.has(stage.environment)) {
          relate(
            stage.environment,
            'environment',
            RELATION_DEPENDS_ON,
            RELATION_DEPENDENCY_OF,
          );
        }
      }
    }
    return entity;
  }
}
