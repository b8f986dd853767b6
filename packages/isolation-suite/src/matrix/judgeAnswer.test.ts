import { type Operation } from '../operations/Operation';
import { Canaries } from '../world/Canaries';
import { absentIn, ghost, type Things } from '../world/Things';
import { type World } from '../world/World';
import { type Cell, judgeAnswer } from './judgeAnswer';
import { normaliseAnswer, normaliseText } from './normalise';

const tenants = ['isola', 'isola-b'].map(id => {
  const canaries = Canaries.of('test', id);
  const things: Things = {
    ...absentIn(id),
    component: `cmp-${canaries.stem}`,
    title: canaries.in('title'),
  };
  return { id, canaries, things, secrets: [], isEmpty: false };
});
const world: World = {
  tenants,
  platform: { id: 'default', canaries: Canaries.of('test', 'default') },
  principals: [],
};
const [own, other] = tenants;
const operation: Operation = {
  row: 'catalog GET /entities',
  variant: 'test',
  build: of => ({ method: 'GET', path: `/api/catalog/${of.component}` }),
};

function judge(
  status: number,
  body: string,
  changes: Partial<Cell> & { reference?: string } = {},
) {
  const answer = { status, headers: {}, body };
  return judgeAnswer({
    world,
    operation,
    route: { method: 'GET', path: '/entities', who: ['user'] },
    principal: { kind: 'developer', tenant: own.id, headers: {} },
    of: other.things,
    own: own.things,
    request: operation.build(other.things, own.things),
    answer,
    normal: normaliseAnswer(answer, other.things, own.things),
    ...changes,
  }).map(({ kind }) => kind);
}

describe('judging an answer', () => {
  it('takes a short id of a tenant that was asked for as an echo, and as a whole word', () => {
    const short = ['trya', 'tryb'].map(id => ({
      ...other,
      id,
      canaries: Canaries.of('test', id),
      things: absentIn(id),
    }));
    const judgeShort = (path: string, body: string) =>
      judge(404, body, {
        world: { ...world, tenants: short },
        of: short[1].things,
        own: short[0].things,
        principal: { kind: 'developer', tenant: 'trya', headers: {} },
        request: { method: 'GET', path },
      });
    const echo = '{"url":"/tenants/tryb/members"}';
    expect(judgeShort('/tenants/tryb/members', echo)).toEqual([]);
    expect(judgeShort('/tenants', echo)).toEqual(['foreign words']);
    expect(judgeShort('/tenants', 'trybunal')).toEqual([]);
  });

  it('finds words of another tenant, also inside of cursors and addresses', () => {
    const word = other.canaries.in('somewhere');
    const cursor = Buffer.from(JSON.stringify({ place: word })).toString(
      'base64',
    );
    for (const body of [word, word.toUpperCase(), cursor, `%2F${word}`]) {
      expect([body, judge(200, body)]).toEqual([body, ['foreign words']]);
    }
    expect(judge(200, 'component:isola-b/x')).toEqual(['foreign words']);
    expect(judge(200, own.canaries.in('own') + own.id)).toEqual([]);
  });

  it('takes no offence at what the request itself said', () => {
    expect(judge(404, `No ${other.things.component} here`)).toEqual([]);
    expect(
      judge(404, `${other.things.component} ${other.things.title}`),
    ).toEqual(['foreign words']);
  });

  it('finds an answer that differs from the one for what does not exist', () => {
    const answerFor = (things: Things, text: string) =>
      normaliseAnswer(
        { status: 404, headers: { date: 'now' }, body: text },
        things,
        own.things,
      );
    const reference = answerFor(ghost, `no ${ghost.component}`);
    const text = `no ${other.things.component}`;
    expect(judge(404, text, { reference })).toEqual([]);
    expect(judge(403, text, { reference })).toEqual(['differs']);
    expect(judge(404, `${text}!`, { reference })).toEqual(['differs']);
  });

  it('finds callers who are let in, and closed rows that answer', () => {
    const disabled = {
      principal: { kind: 'disabled', tenant: own.id, headers: {} },
    } as const;
    expect(judge(401, '', disabled)).toEqual([]);
    expect(judge(200, '', disabled)).toEqual(['let in']);
    const closed = {
      route: { method: 'GET', path: '/x', who: 'closed', why: 'test' },
    } as const;
    expect(judge(404, 'There is nothing at this address', closed)).toEqual([]);
    expect(judge(404, 'No such entity', closed)).toEqual(['unexpected status']);
    expect(judge(500, '')).toEqual(['failure']);
  });
});

describe('normalising', () => {
  it('keeps short names apart from the words that they are a part of', () => {
    const things = { ...ghost, member: 'dev', tenant: 'isola' };
    expect(
      normaliseText(
        'dev develops isola-b/x for user%3Aisola%2Fdev',
        things,
        own.things,
      ),
    ).toBe('{member} develops isola-b/x for user:{tenant}/{member}');
  });
});
