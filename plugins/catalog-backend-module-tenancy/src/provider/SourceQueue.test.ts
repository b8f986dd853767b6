import { sourceKey, type SourceName } from './sourceKey';
import { SourceQueue } from './SourceQueue';

const source = (name: string): SourceName => ({
  tenant: 'aurora',
  source: name,
});

function createQueue(concurrency: number) {
  const started: string[] = [];
  const finish: Array<() => void> = [];
  const queue = new SourceQueue({
    concurrency,
    run: name => {
      started.push(sourceKey(name));
      return new Promise(resolve => finish.push(resolve));
    },
  });
  /** Ends the oldest run and lets the queue go on. */
  const finishOne = async () => {
    finish.shift()?.();
    await new Promise(resolve => setImmediate(resolve));
  };
  return { queue, started, finishOne };
}

describe('SourceQueue', () => {
  it('runs a source once more for any number of requests while it runs', async () => {
    const { queue, started, finishOne } = createQueue(4);
    for (let index = 0; index < 10; index++) {
      queue.request(source('a'));
    }
    expect(started).toEqual(['aurora/a']);
    await finishOne();
    expect(started).toEqual(['aurora/a', 'aurora/a']);
    await finishOne();
    expect(started).toHaveLength(2);
  });

  it('runs a few sources at once, the rest in turn', async () => {
    const { queue, started, finishOne } = createQueue(2);
    ['a', 'b', 'c'].map(source).forEach(name => queue.request(name));
    expect(started).toEqual(['aurora/a', 'aurora/b']);
    await finishOne();
    expect(started).toEqual(['aurora/a', 'aurora/b', 'aurora/c']);
  });

  it('stops after what runs', async () => {
    const { queue, started, finishOne } = createQueue(1);
    queue.request(source('a'));
    queue.request(source('b'));
    const stopped = queue.stop();
    await finishOne();
    await stopped;
    queue.request(source('c'));
    expect(started).toEqual(['aurora/a']);
  });
});
