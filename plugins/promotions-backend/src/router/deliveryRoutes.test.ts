import {
  boardSchema,
  deliveryFiguresSchema,
  deliveryOfComponentSchema,
  deploymentListSchema,
  driftListSchema,
  windowCalendarSchema,
} from '@portico/plugin-promotions-common';
import { dana, kim, pat, vera } from '../__testUtils__/DeliveryPortal';
import {
  checkout,
  DeliveryScene,
  reason,
} from '../__testUtils__/DeliveryScene';

jest.setTimeout(120_000);

describe('lanes, board, windows and drift over HTTP', () => {
  let scene: DeliveryScene;

  beforeAll(async () => {
    scene = await DeliveryScene.start();
  });
  afterAll(() => scene?.stop());

  it('shows where components are: lanes, board and deployments', async () => {
    const basket = 'component:aurora/basket';
    await scene.announce('7.0.0');
    const releases = [
      await scene.announce('8.0.0', basket),
      await scene.announce('8.1.0', basket),
      await scene.announce('8.2.0', basket),
    ];
    const deploy = (index: number, environment: string) =>
      scene.inAurora(({ deployments }) =>
        deployments.add({
          component: basket,
          environment,
          tier: 'production',
          release: releases[index].id,
          version: releases[index].content.version,
          result: 'succeeded',
          kind: 'promote',
          source: 'promotion',
          initiatedBy: dana,
          startedAt: new Date(scene.now().getTime() + index).toISOString(),
          finishedAt: new Date(scene.now().getTime() + index).toISOString(),
          sample: false,
        }),
      );
    await deploy(0, 'prod');
    for (const index of [0, 1]) {
      await deploy(index, 'dev');
    }
    await scene.post(kim, '/holds', {
      ...reason,
      component: basket,
      environment: 'prod',
    });
    const lanes = deliveryOfComponentSchema.parse(
      (await scene.get(vera, `/delivery?component=${basket}`)).body,
    );
    expect(lanes.lanes).toMatchObject([
      {
        environment: 'dev',
        release: { content: { version: '8.1.0' } },
        behind: 1,
        observation: { health: 'degraded' },
        window: { closed: false, reason: 'No window restricts it.' },
      },
      {
        environment: 'prod',
        release: { content: { version: '8.0.0' } },
        behind: 1,
        hold: { by: kim },
        window: { closed: false, nextClose: '2026-12-19T23:00:00.000Z' },
      },
    ]);
    const broken = await scene.get(
      vera,
      '/delivery?component=component:aurora/broken',
    );
    expect(broken.body).toEqual({
      component: 'component:aurora/broken',
      pipelineRefs: [],
      lanes: [],
      problem: 'There is no pipeline:aurora/none',
    });

    const first = boardSchema.parse(
      (await scene.get(vera, '/board?limit=1')).body,
    );
    expect(first).toMatchObject({
      environments: ['dev', 'prod'],
      items: [
        {
          component: basket,
          owner: 'group:aurora/others',
          cells: [
            { environment: 'dev', version: '8.1.0', behind: 1 },
            {
              environment: 'prod',
              version: '8.0.0',
              health: 'degraded',
              held: true,
            },
          ],
        },
      ],
    });
    expect(first.items[0].cells[1].observed).toMatchObject({
      source: expect.any(String),
      reason: expect.any(String),
    });
    const second = boardSchema.parse(
      (await scene.get(vera, `/board?limit=1&cursor=${first.nextCursor}`)).body,
    );
    expect(second.items.map(({ component }) => component)).toEqual([checkout]);
    expect(second.nextCursor).toBeUndefined();
    const owned = boardSchema.parse(
      (await scene.get(vera, '/board?owner=group:aurora/shop')).body,
    );
    expect(owned.items.map(({ component }) => component)).toEqual([checkout]);
    const named = async (...components: string[]) =>
      boardSchema
        .parse(
          (
            await scene.get(
              vera,
              `/board?${components.map(ref => `component=${ref}`).join('&')}`,
            )
          ).body,
        )
        .items.map(({ component }) => component);
    expect(await named(basket)).toEqual([basket]);
    expect(await named(checkout, basket, 'component:aurora/none')).toEqual([
      basket,
      checkout,
    ]);
    expect(await named('component:borealis/booking')).toEqual([]);

    const page = deploymentListSchema.parse(
      (await scene.get(vera, `/deployments?component=${basket}&limit=2`)).body,
    );
    const rest = deploymentListSchema.parse(
      (
        await scene.get(
          vera,
          `/deployments?component=${basket}&cursor=${page.nextCursor}`,
        )
      ).body,
    );
    expect(
      [...page.items, ...rest.items].map(({ version }) => version),
    ).toEqual(['8.1.0', '8.0.0', '8.0.0']);
    const ofOwners = async (query: string) =>
      deploymentListSchema
        .parse((await scene.get(vera, `/deployments?${query}`)).body)
        .items.map(item => item.component);
    expect(await ofOwners('owner=group:aurora/others')).toEqual(
      Array(3).fill(basket),
    );
    expect(await ofOwners('owner=group:aurora/shop')).toEqual([]);
    expect(
      await ofOwners('owner=group:aurora/shop&owner=group:aurora/others'),
    ).toHaveLength(3);
    expect(
      await ofOwners(`owner=group:aurora/shop&component=${basket}`),
    ).toEqual([]);
    expect(await ofOwners('owner=group:borealis/shop')).toEqual([]);
    expect(
      deliveryFiguresSchema.parse(
        (await scene.get(vera, '/figures?scope=group:aurora/shop')).body,
      ).scope,
    ).toBe('group:aurora/shop');
  });

  it('shows when the line is open, stops it and lets it go', async () => {
    const calendar = async () =>
      windowCalendarSchema.parse(
        (
          await scene.get(
            vera,
            '/windows?from=2026-12-01T00:00:00Z&to=2027-01-31T00:00:00Z',
          )
        ).body,
      );
    const stop = await scene.post(kim, '/stops', {
      ...reason,
      environment: 'prod',
    });
    expect(stop.status).toBe(201);
    const stopped = await calendar();
    expect(stopped.occurrences).toMatchObject([
      {
        window: { name: 'Christmas' },
        environments: ['prod'],
        pipelineRef: 'pipeline:default/default',
        from: '2026-12-19T23:00:00.000Z',
      },
    ]);
    const standingOf = ({ now }: typeof stopped, name: string) =>
      now.find(({ environment }) => environment === name)?.standing;
    expect(standingOf(stopped, 'prod')).toMatchObject({
      closed: true,
      reason: expect.stringContaining(reason.reason),
    });
    const lifted = await scene.post(kim, `/stops/${stop.body.id}/lift`, {});
    expect(lifted.body.lifted).toMatchObject({ by: kim });
    expect(standingOf(await calendar(), 'prod')).toMatchObject({
      closed: false,
    });

    // A stop of the platform holds for all, who learn why and not by whom.
    const byPlatform = await scene.post(pat, '/stops', {
      ...reason,
      environment: 'prod',
    });
    expect(byPlatform.body).toMatchObject({ scope: 'platform', by: pat });
    const everywhere = await calendar();
    expect(everywhere.stops).toEqual([
      {
        id: byPlatform.body.id,
        scope: 'platform',
        environment: 'prod',
        reason: reason.reason,
        since: byPlatform.body.since,
      },
    ]);
    expect(standingOf(everywhere, 'prod')).toMatchObject({
      closed: true,
      reason: `The platform stopped the line to prod for all tenants: ${reason.reason}`,
    });
    await scene.post(pat, `/stops/${byPlatform.body.id}/lift`, {});
  });

  it('lists drift, and mutes it for a time that is not too long', async () => {
    const id = await scene.addDrift();
    const listed = driftListSchema.parse(
      (await scene.get(vera, `/drift?component=${checkout}`)).body,
    );
    expect(listed.items.map(drift => drift.id)).toContain(id);
    const mute = (days: number) =>
      scene.post(kim, `/drift/${id}/mute`, {
        ...reason,
        until: new Date(
          scene.now().getTime() + days * 86_400_000,
        ).toISOString(),
      });
    expect((await mute(-1)).status).toBe(400);
    expect((await mute(91)).status).toBe(400);
    expect((await mute(1)).body.muted).toMatchObject({ by: kim, ...reason });
    expect(await scene.portal.recorded('aurora')).toContainEqual(
      expect.objectContaining({
        act: 'promotions.drift.mute',
        subject: { kind: 'drift', ref: id },
      }),
    );
    expect(await scene.portal.recorded('borealis')).toEqual([]);
  });
});
