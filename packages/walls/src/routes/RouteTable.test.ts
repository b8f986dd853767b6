import fc from 'fast-check';
import { jsonDepth } from '../http/jsonDepth';
import { locateRequest } from '../http/locateRequest';
import { porticoRoutes } from './porticoRoutes';
import { RouteTable } from './RouteTable';

const table = new RouteTable({
  plugins: [
    {
      pluginId: 'probe',
      routes: [
        { method: 'GET', path: '/things/new', who: 'closed', why: 'test' },
        { method: 'GET', path: '/things/:id', who: ['user'] },
        { method: 'GET', path: '/:owner/:name.git/info', who: ['public'] },
        {
          method: 'PUT',
          path: '/files/:bucket/*',
          who: ['user'],
          records: ['probe.file.put'],
        },
      ],
    },
  ],
  everyPlugin: [{ method: 'GET', path: '/keys.json', who: ['public'] }],
  index: [{ method: 'GET', path: '/*', who: ['public'] }],
});

describe('RouteTable', () => {
  it.each([
    ['GET', '/things/1', true],
    ['HEAD', '/things/1', true],
    ['POST', '/things/1', false],
    ['GET', '/things/new', false],
    ['GET', '/things', false],
    ['GET', '/things/1/', false],
    ['GET', '/things/1/more', false],
    ['GET', '/Things/1', false],
    ['GET', '/a/b.git/info', true],
    ['GET', '/a/b-git/info', false],
    ['GET', '/a/.git/info', false],
    ['PUT', '/files/a/b/c', true],
    ['PUT', '/files/a/', false],
    ['GET', '/keys.json', true],
    ['GET', '/keysxjson', false],
  ])('opens %s %s: %s', (method, path, open) => {
    expect(table.find('probe', { method, path }) !== undefined).toBe(open);
  });

  it('knows no routes of an unknown plugin, common ones included', () => {
    expect(
      table.find('other', { method: 'GET', path: '/keys.json' }),
    ).toBeUndefined();
  });

  it('lists routes as plugins write them, closed ones too', () => {
    const lists = (method: string, path: string) =>
      table.lists('probe', { method, path });
    expect(lists('GET', '/things/new')).toBe(true);
    expect(lists('GET', '/things/:thingId')).toBe(true);
    expect(lists('PUT', '/files/:bucket/:rest(*)')).toBe(true);
    expect(lists('GET', '/things/:id/parts')).toBe(false);
    expect(lists('POST', '/things/:id')).toBe(false);
  });
});

describe('locateRequest', () => {
  it('finds only paths that have one reading', () => {
    fc.assert(
      fc.property(
        fc
          .array(
            fc.constantFrom(
              '/',
              'api',
              'API',
              'catalog',
              'entities',
              'locations',
              '.',
              '..',
              '%2e',
              '%2f',
              '%5c',
              '\\',
              '%',
              '%00',
              'a',
              '%61',
            ),
            { maxLength: 8 },
          )
          .map(parts => `/${parts.join('')}`),
        path => {
          const route = locateRequest(porticoRoutes, { method: 'GET', path });
          if (!route) {
            return;
          }
          // Read as a URL, as a browser or a proxy would, it is the same path.
          expect(new URL(path, 'http://portal').pathname).toBe(path);
          expect(decodeURIComponent(path)).not.toMatch(/\\|\0|\/\.\.?(\/|$)/);
          expect(
            path.startsWith('/api/') ||
              !/^\/api(\/|$)/i.test(decodeURIComponent(path)),
          ).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('jsonDepth', () => {
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null
      ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
      : 0;

  it('is the depth of the parsed value', () => {
    fc.assert(
      fc.property(fc.json(), text => {
        expect(jsonDepth(Buffer.from(text))).toBe(depthOf(JSON.parse(text)));
      }),
    );
  });

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        expect(jsonDepth(bytes)).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
