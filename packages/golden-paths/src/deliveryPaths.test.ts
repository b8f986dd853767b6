import { templateEntityV1beta3Validator } from '@backstage/plugin-scaffolder-common';
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

let bench: TemplateBench;

beforeAll(async () => {
  bench = await TemplateBench.create('promote', 'roll-back');
});

afterAll(async () => {
  await bench?.close();
});

it.each(['promote', 'roll-back'])(
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

it.each<[string, string, object]>([
  ['promote', 'component', { component: 'component:default/portal' }],
  ['promote', 'component', { component: 'system:aurora/ordering' }],
  ['promote', 'environment', { environment: 'prod; rm' }],
  ['promote', 'comment', { comment: 'one\ntwo' }],
  ['roll-back', 'comment', { comment: '' }],
])('%s refuses a wrong %s', async (name, field, change) => {
  await expect(
    bench.run(name, {
      ...(name === 'promote' ? promote : rollBack),
      ...change,
    }),
  ).rejects.toThrow(field);
});
