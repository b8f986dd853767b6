import { type PrometheusServer } from './PrometheusServer';
import { type QueryTemplate } from './QueryTemplate';

/** A question that pipelines can ask, as the platform wrote it. */
export interface MetricQuery {
  name: string;
  server: Pick<PrometheusServer, 'name' | 'figures'>;
  template: QueryTemplate;
  /** For people. */
  unit?: string;
}
