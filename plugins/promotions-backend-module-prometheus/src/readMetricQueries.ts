import { type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { readGateServers } from '@portico/plugin-promotions-node';
import { type MetricQuery } from './MetricQuery';
import { PrometheusServer } from './PrometheusServer';
import { QueryTemplate } from './QueryTemplate';

const PLACE = 'promotions.prometheus';

/**
 * Reads `promotions.prometheus`.
 *
 * @throws InputError that names the place and what to write
 */
export function readMetricQueries(config: Config): Map<string, MetricQuery> {
  const servers = new Map(
    [
      ...readGateServers(
        config.getOptionalConfigArray(`${PLACE}.servers`) ?? [],
        `${PLACE}.servers`,
      ),
    ].map(([name, server]) => [name, new PrometheusServer(server)]),
  );
  const queries = new Map<string, MetricQuery>();
  const configs = config.getOptionalConfigArray(`${PLACE}.queries`) ?? [];
  for (const [index, one] of configs.entries()) {
    const query = readQuery(one, `${PLACE}.queries[${index}]`, servers);
    if (queries.has(query.name)) {
      throw new InputError(
        `${PLACE}.queries[${index}].name: there are two of the name "${query.name}"; give each its own`,
      );
    }
    queries.set(query.name, query);
  }
  return queries;
}

function readQuery(
  config: Config,
  place: string,
  servers: ReadonlyMap<string, PrometheusServer>,
): MetricQuery {
  const serverName = config.getString('server');
  const server = servers.get(serverName);
  if (!server) {
    throw new InputError(
      `${place}.server: there is no server "${serverName}" in ${PLACE}.servers`,
    );
  }
  const template = QueryTemplate.parse(
    config.getString('query'),
    `${place}.query`,
  );
  const allTenants = config.getOptionalBoolean('allTenants') ?? false;
  if (!allTenants && !template.asks('tenant')) {
    throw new InputError(
      `${place}.query does not ask for {tenant}, so that a tenant would see another one's figures: add it, as in namespace="{tenant}", or set allTenants`,
    );
  }
  const unit = config.getOptionalString('unit');
  return {
    name: config.getString('name'),
    server,
    template,
    ...(unit && { unit }),
  };
}
