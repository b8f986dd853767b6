import { jsonBody, type PluginRoutes, READS } from './Route';

const LOCATIONS =
  'Locations know no tenant: a user could see, move and delete those of others.';
const PREDICATE_DEPTH = 24;

export const catalogRoutes: PluginRoutes = {
  pluginId: 'catalog',
  routes: [
    {
      method: 'POST',
      path: '/refresh',
      who: ['user', 'service'],
      records: ['catalog.entity-mutate.refresh'],
    },
    {
      method: 'GET',
      path: '/entities',
      who: ['user', 'service'],
      listsMany: true,
    },
    {
      method: 'GET',
      path: '/entities/by-query',
      who: ['user', 'service'],
      listsMany: true,
    },
    {
      method: 'POST',
      path: '/entities/by-query',
      who: ['user', 'service'],
      listsMany: true,
      body: jsonBody(64, PREDICATE_DEPTH),
      unrecorded: READS,
    },
    {
      method: 'POST',
      path: '/entities/by-refs',
      who: ['user', 'service'],
      listsMany: true,
      // The catalog itself takes at most some thousand refs.
      body: jsonBody(512, PREDICATE_DEPTH),
      unrecorded: READS,
    },
    { method: 'GET', path: '/entities/by-uid/:uid', who: ['user', 'service'] },
    {
      method: 'DELETE',
      path: '/entities/by-uid/:uid',
      who: 'closed',
      why: 'An entity leaves when its source lets it go.',
    },
    {
      method: 'GET',
      path: '/entities/by-name/:kind/:namespace/:name',
      who: ['user', 'service'],
    },
    {
      method: 'GET',
      path: '/entities/by-name/:kind/:namespace/:name/ancestry',
      who: ['user', 'service'],
      listsMany: true,
    },
    {
      method: 'GET',
      path: '/entity-facets',
      who: ['user', 'service'],
      listsMany: true,
    },
    {
      method: 'POST',
      path: '/entity-facets',
      who: ['user', 'service'],
      listsMany: true,
      body: jsonBody(64, PREDICATE_DEPTH),
      unrecorded: READS,
    },
    { method: 'GET', path: '/locations', who: 'closed', why: LOCATIONS },
    { method: 'POST', path: '/locations', who: 'closed', why: LOCATIONS },
    {
      method: 'POST',
      path: '/locations/by-query',
      who: 'closed',
      why: LOCATIONS,
    },
    { method: 'GET', path: '/locations/:id', who: 'closed', why: LOCATIONS },
    { method: 'PUT', path: '/locations/:id', who: 'closed', why: LOCATIONS },
    {
      method: 'DELETE',
      path: '/locations/:id',
      who: 'closed',
      why: LOCATIONS,
    },
    {
      method: 'GET',
      path: '/locations/by-entity/:kind/:namespace/:name',
      who: 'closed',
      why: LOCATIONS,
    },
    {
      method: 'POST',
      path: '/analyze-location',
      who: 'closed',
      why: 'It reads any address with the portal’s own access.',
    },
    {
      method: 'POST',
      path: '/validate-entity',
      who: 'closed',
      why: 'It runs processors on any text with the portal’s own access.',
    },
    {
      method: 'GET',
      path: '/entities/unprocessed/failed',
      who: 'closed',
      why: 'It shows raw entities of all tenants.',
    },
    {
      method: 'GET',
      path: '/entities/unprocessed/pending',
      who: 'closed',
      why: 'It shows raw entities of all tenants.',
    },
    {
      method: 'DELETE',
      path: '/entities/unprocessed/delete/:id',
      who: 'closed',
      why: 'It deletes entities of all tenants.',
    },
  ],
};
