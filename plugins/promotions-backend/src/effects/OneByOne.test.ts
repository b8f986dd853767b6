import { OneByOne } from './OneByOne';

describe('OneByOne', () => {
  it('lets nobody begin before the one before has ended, and nobody wait for another key', async () => {
    const turns = new OneByOne();
    const said: string[] = [];
    let endFirst = () => {};
    const first = turns.run('main', async () => {
      said.push('first begins');
      await new Promise<void>(resolve => {
        endFirst = resolve;
      });
      said.push('first ends');
      throw new Error('it failed');
    });
    const second = turns.run('main', async () => said.push('second'));
    await turns.run('other', async () => said.push('other'));
    endFirst();
    await expect(first).rejects.toThrow('it failed');
    await second;
    expect(said).toEqual(['first begins', 'other', 'first ends', 'second']);
  });
});
