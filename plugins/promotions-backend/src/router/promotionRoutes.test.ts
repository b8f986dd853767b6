import {
  promotionDetailSchema,
  promotionListSchema,
  releaseListSchema,
  releaseSchema,
} from '@portico/plugin-promotions-common';
import { dana, kim, robin, vera } from '../__testUtils__/DeliveryPortal';
import {
  checkout,
  DeliveryScene,
  digestOf,
  reason,
} from '../__testUtils__/DeliveryScene';

jest.setTimeout(120_000);

describe('releases and promotions over HTTP', () => {
  let scene: DeliveryScene;

  beforeAll(async () => {
    scene = await DeliveryScene.start();
  });
  afterAll(() => scene?.stop());

  it('announces a release once, lists releases page by page, and rejects one for good', async () => {
    const first = await scene.announce('1.0.0');
    const again = await scene.announce('1.0.0', checkout, kim);
    expect(again).toEqual(first);
    await scene.announce('1.1.0');
    await scene.announce('1.2.0');
    await scene.announce('7.0.0', 'component:aurora/basket');

    const versions: string[] = [];
    let query = `?component=${checkout}&limit=2`;
    for (;;) {
      const answer = await scene.get(vera, `/releases${query}`);
      const page = releaseListSchema.parse(answer.body);
      versions.push(...page.items.map(({ content }) => content.version));
      if (page.nextCursor === undefined) {
        break;
      }
      query = `?component=${checkout}&limit=2&cursor=${page.nextCursor}`;
    }
    expect(versions).toEqual(['1.2.0', '1.1.0', '1.0.0']);

    const rejected = await scene.post(
      robin,
      `/releases/${first.id}/reject`,
      reason,
    );
    expect(releaseSchema.parse(rejected.body).rejected).toMatchObject({
      by: robin,
      reason: reason.reason,
    });
    const found = await scene.get(vera, `/releases/${first.id}`);
    expect(found.body).toEqual(rejected.body);
    expect(
      (
        await scene.post(dana, '/promotions', {
          component: checkout,
          environment: 'prod',
          release: first.id,
        })
      ).status,
    ).toBe(409);
  });

  it('shows who can approve, counts the vote, and says what became of it when another thing is shown', async () => {
    const { id, release } = await scene.waiting('3.0.0');
    await scene.wait(id);
    const inbox = await scene.inboxOf(robin);
    expect(
      inbox.filter(item => item.id === id).map(({ waitsFor }) => waitsFor),
    ).toEqual(['approval']);
    for (const userRef of [dana, vera]) {
      expect(await scene.inboxOf(userRef)).toEqual([]);
    }
    const before = await scene.detailOf(id, robin);
    expect(before).toMatchObject({
      promotion: { id, phase: 'waiting' },
      approvals: [
        { rules: [{ name: 'leads', missing: 1, mayApprove: [robin] }] },
      ],
      excluded: [{ ref: dana, why: 'requester' }],
      gates: [{ gate: 'people', outcome: 'waiting' }],
      transitions: [{ event: 'request' }],
      may: {
        approve: { allowed: true },
        withdraw: { allowed: false },
        cancel: { allowed: true },
        breakGlass: { allowed: true },
        rollBack: { allowed: false, why: 'Nothing ran there before.' },
      },
    });
    expect((await scene.detailOf(id, dana)).may.approve).toEqual({
      allowed: false,
      why: 'You asked for it: somebody else has to approve.',
    });
    expect((await scene.detailOf(id, vera)).may.approve).toEqual({
      allowed: false,
      why: 'No rule asks for you: leads asks for 1 of role:approver.',
    });

    const stale = await scene.post(robin, `/promotions/${id}/votes`, {
      decision: 'approve',
      subject: digestOf('b'),
    });
    expect(stale.status).toBe(409);
    const voted = await scene.post(robin, `/promotions/${id}/votes`, {
      decision: 'approve',
      subject: digestOf('a'),
      comment: 'Looks good',
    });
    expect(promotionDetailSchema.parse(voted.body)).toMatchObject({
      votes: [{ voter: robin, standing: 'counts', comment: 'Looks good' }],
      approvals: [{ rules: [{ missing: 0, approvedBy: [robin] }] }],
      may: { approve: { allowed: false }, withdraw: { allowed: true } },
    });
    expect((await scene.inboxOf(robin)).filter(item => item.id === id)).toEqual(
      [],
    );

    await scene.show(id, 'b', release.id);
    const changed = await scene.detailOf(id, robin);
    expect(changed.votes.map(({ standing }) => standing)).toEqual(['stale']);
    expect(changed.subjectChanges).toEqual([
      'checkout/prod.yaml would be written differently.',
    ]);
    expect(changed.may.approve.allowed).toBe(true);
    expect((await scene.inboxOf(robin)).map(item => item.id)).toContain(id);
    const cancelled = await scene.post(
      dana,
      `/promotions/${id}/cancel`,
      reason,
    );
    expect(cancelled.body.promotion.phase).toBe('cancelled');
    expect((await scene.detailOf(id, robin)).may.approve).toEqual({
      allowed: false,
      why: 'It is over.',
    });
  });

  it('counts a vote where the sign-in is fresh, and no other, when the gate asks for that', async () => {
    const { id } = await scene.waiting('3.0.1');
    await scene.inAurora(({ transaction }) =>
      transaction.raw(
        `update portico_promotions.promotions
            set stage = jsonb_set(stage, '{gates,0,options,signedInWithin}', '"PT1H"')
          where id = ?`,
        [id],
      ),
    );
    const seconds = Math.floor(scene.now().getTime() / 1000);
    const standings: string[] = [];
    for (const authenticatedAt of [undefined, seconds - 3_601, seconds - 60]) {
      const token = await scene.portal.signIn(robin, { authenticatedAt });
      const answer = await scene.portal
        .anonymous('post', `/promotions/${id}/votes`)
        .set('authorization', `Bearer ${token}`)
        .send({ decision: 'approve', subject: digestOf('a') });
      const { votes } = promotionDetailSchema.parse(answer.body);
      standings.push(votes.at(-1)?.standing ?? 'none');
    }
    expect(standings).toEqual(['signInTooOld', 'signInTooOld', 'counts']);
    await scene.post(dana, `/promotions/${id}/cancel`, reason);
  });

  it('never takes the vote of a machine, whatever it holds', async () => {
    const { id } = await scene.waiting('3.1.0');
    const machine = await scene.portal.createMachine('aurora', 'ci');
    for (const [path, body] of [
      ['votes', { decision: 'approve', subject: digestOf('a') }],
      ['break-glass', { ...reason, gates: ['people'], ticket: 'INC-1' }],
      ['break-glass/confirm', {}],
    ] as const) {
      const answer = await scene.post(
        machine,
        `/promotions/${id}/${path}`,
        body,
      );
      expect(answer.status).toBe(403);
      expect(answer.body.error.message).toContain('sign in as a person');
    }
    expect(await scene.inboxOf(machine)).toEqual([]);
    expect((await scene.announce('3.2.0', checkout, machine)).announcedBy).toBe(
      machine,
    );
  });

  it('lets break glass wait for a second person, and for the review of a third', async () => {
    const { id } = await scene.waiting('4.0.0');
    await scene.wait(id);
    const waitsFor = async (userRef: string) =>
      (await scene.inboxOf(userRef)).find(item => item.id === id)?.waitsFor;
    const broken = await scene.post(dana, `/promotions/${id}/break-glass`, {
      reason: 'The shop is down',
      gates: ['people'],
      ticket: 'INC-1',
    });
    expect(broken.body.overrides).toMatchObject([
      { by: dana, ticket: 'INC-1' },
    ]);
    expect(await waitsFor(kim)).toBe('breakGlass');
    expect(await waitsFor(dana)).toBeUndefined();
    expect((await scene.detailOf(id, dana)).may.confirmBreakGlass).toEqual({
      allowed: false,
      why: 'You broke the glass: somebody else has to confirm.',
    });
    await scene.post(kim, `/promotions/${id}/break-glass/confirm`, {});
    expect(await waitsFor(kim)).not.toBe('review');
    expect(await waitsFor(robin)).toBe('review');
    const reviewed = await scene.post(
      robin,
      `/promotions/${id}/break-glass/review`,
      {
        finding: 'justified',
        comment: 'It was down',
      },
    );
    expect(reviewed.body.overrides[0].review).toMatchObject({ by: robin });
    expect(await waitsFor(robin)).not.toBe('review');
  });

  it('lists promotions by component, environment and phase, newest first and page by page', async () => {
    const listed = async (query: string) => {
      const ids: string[] = [];
      let cursor = '';
      for (;;) {
        const answer = await scene.get(
          vera,
          `/promotions?limit=2${query}${cursor}`,
        );
        const page = promotionListSchema.parse(answer.body);
        ids.push(...page.items.map(({ id }) => id));
        if (page.nextCursor === undefined) {
          return ids;
        }
        cursor = `&cursor=${page.nextCursor}`;
      }
    };
    const all = await listed('');
    expect(all.length).toBeGreaterThan(2);
    expect(all).toEqual([...all].sort().reverse());
    const open = await listed('&phase=open');
    const ended = await listed('&phase=ended');
    expect([...open, ...ended].sort()).toEqual([...all].sort());
    expect(await listed('&phase=cancelled')).not.toEqual([]);
    expect(await listed(`&component=${checkout}&environment=prod`)).toEqual(
      all,
    );
    expect(await listed('&environment=dev')).toEqual([]);
    // What left the catalog is shown to nobody.
    const catalog = scene.portal.entities.splice(0);
    expect(await listed('')).toEqual([]);
    expect((await scene.get(vera, `/promotions/${all[0]}`)).status).toBe(404);
    scene.portal.entities.push(...catalog);
  });
});
