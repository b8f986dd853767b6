import { Readable } from 'node:stream';
import { readSecret } from './readSecret';

describe('readSecret', () => {
  it('takes the environment before standard input, without the end of the line', async () => {
    await expect(readSecret(Readable.from(['a\n']), 'b')).resolves.toBe('b');
    await expect(readSecret(Readable.from(['a', 'b\r\n']), '')).resolves.toBe(
      'ab',
    );
  });

  it('refuses a terminal, nothing, and too much', async () => {
    const terminal = Object.assign(Readable.from(['a']), { isTTY: true });
    await expect(readSecret(terminal, undefined)).rejects.toThrow('terminal');
    await expect(readSecret(Readable.from(['\n']), undefined)).rejects.toThrow(
      'There is no secret',
    );
    const long = Readable.from([Buffer.alloc(100_000, 'x')]);
    await expect(readSecret(long, undefined)).rejects.toThrow('too long');
  });
});
