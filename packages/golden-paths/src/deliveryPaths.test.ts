import { templateEntityV1beta3Validator } from '@backstage/plugin-scaffolder-common';
import {
  DELIVERY_API_VERSION,
  freezeGateOptionsSchema,
  pipelineSpecSchema,
} from '@portico/plugin-promotions-common';
import { readEntities } from './__testUtils__/madeRepository';
import { TemplateBench } from './TemplateBench';

// Each run of a template takes a second or so; on a busy machine it takes many.
jest.setTimeout(60_000);

const component = 'component:aurora/order-intake';
const promote = {
  component,
  from: 'environment:default/staging',
  environment: 'environment:default/prod',
};
const rollBack = {
  component,
  environment: 'environment:aurora/prod',
  comment: 'Too slow: "{{ not }}" ${{ parameters.component }} <b> Zoë',
};

const rules = {
  name: 'delivery',
  owner: 'group:aurora/storefront',
  approvers: 'group:aurora/tech-leads',
};

const answers: Record<string, object> = {
  promote,
  'roll-back': rollBack,
  'delivery-rules': rules,
};

let bench: TemplateBench;

beforeAll(async () => {
  bench = await TemplateBench.create('delivery-rules', 'promote', 'roll-back');
});

afterAll(async () => {
  await bench?.close();
});

it.each(['delivery-rules', 'promote', 'roll-back'])(
  '%s is valid for the stock validator',
  async name => {
    await expect(
      templateEntityV1beta3Validator.check(bench.template(name)),
    ).resolves.toBe(true);
  },
);

it('asks for what was chosen, in the words that were written', async () => {
  expect((await bench.run('promote', promote)).promotions).toEqual([promote]);
  expect((await bench.run('roll-back', rollBack)).promotions).toEqual([
    { ...rollBack, kind: 'rollback' },
  ]);
});

it.each([
  ['allowed', 'Allowed', true],
  ['waiting', 'Waiting', true],
  ['refused', 'Refused', false],
] as const)(
  'ends well when it is %s, with the reasons and where to look',
  async (outcome, title, isLinked) => {
    bench.gate.outcome = outcome;
    const { output } = await bench.run('promote', promote);
    expect(output.text).toEqual([
      { title, default: true, content: 'This is why. And this.' },
    ]);
    // The page leaves links without an address out.
    const links = output.links as Array<{ url?: string }>;
    expect(links.flatMap(({ url }) => url ?? [])).toEqual(
      isLinked ? ['http://localhost:7007/delivery/promotions/one'] : [],
    );
  },
);

it.each(['none', 'weekends', 'year-end'])(
  'writes rules as they are known, with a freeze of %s',
  async freeze => {
    const name = `delivery-${freeze}`;
    const made = await bench.run('delivery-rules', {
      ...rules,
      name,
      freeze,
      required: 2,
      timeZone: 'America/New_York',
    });
    const [pipeline] = await readEntities(made.repository(name));
    expect(pipeline).toMatchObject({
      apiVersion: DELIVERY_API_VERSION,
      kind: 'Pipeline',
      metadata: { name: 'default' },
    });
    const { owner, stages } = pipelineSpecSchema.parse(pipeline.spec);
    expect(owner).toBe(rules.owner);
    expect(stages.map(({ environment }) => environment)).toEqual(['prod']);
    const [approval, ...others] = stages[0].gates;
    expect(approval).toEqual({
      name: 'approval',
      kind: 'approval',
      rules: [{ name: 'tech-leads', from: [rules.approvers], required: 2 }],
    });
    const windows = others.flatMap(({ name: _, kind, ...options }) => {
      expect(kind).toBe('freeze');
      return freezeGateOptionsSchema.parse(options).windows;
    });
    expect(windows).toEqual(
      Array(freeze === 'none' ? 0 : 1).fill(
        expect.objectContaining({
          effect: 'deny',
          timeZone: 'America/New_York',
        }),
      ),
    );
  },
);

it.each<[string, string, object]>([
  ['delivery-rules', 'approvers', { approvers: 'group:default/platform' }],
  ['delivery-rules', 'required', { required: 0 }],
  ['delivery-rules', 'freeze', { freeze: 'sometimes' }],
  ['promote', 'component', { component: 'component:default/portal' }],
  ['promote', 'component', { component: 'system:aurora/ordering' }],
  ['promote', 'environment', { environment: 'prod; rm' }],
  ['promote', 'comment', { comment: 'one\ntwo' }],
  ['roll-back', 'comment', { comment: '' }],
])('%s refuses a wrong %s', async (name, field, change) => {
  await expect(
    bench.run(name, { ...answers[name], ...change }),
  ).rejects.toThrow(field);
});
