import { endOfLog, MOST_SHOWN_CHARACTERS, readableText } from './logText';

describe('the text of a log', () => {
  it('has no codes of a terminal', () => {
    expect(
      readableText(
        '\u001b[32mok\u001b[0m\r\n\u001b]0;title\u0007a\tb\u0000\u001b[2Kc\u001b[1;31mred',
      ),
    ).toBe('ok\na\tbcred');
  });

  it('is shown from its end, in whole lines', () => {
    expect(endOfLog('short')).toEqual({ text: 'short', isCut: false });
    const long = `${'x'.repeat(99)}\n`.repeat(MOST_SHOWN_CHARACTERS / 100 + 5);
    const { text, isCut } = endOfLog(long);
    expect([isCut, text.slice(0, 3), text.at(-1)]).toEqual([true, 'xxx', '\n']);
    expect(text.length % 100).toBe(0);
    expect(text.length).toBeLessThanOrEqual(MOST_SHOWN_CHARACTERS);
  });
});
