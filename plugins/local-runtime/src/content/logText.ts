/** As many characters of a log as a page shows; more make it slow. */
export const MOST_SHOWN_CHARACTERS = 400_000;

// Colours and cursor moves of terminals, and control characters but tab and newline.
const terminalCodes =
  // eslint-disable-next-line no-control-regex -- control characters are what is removed
  /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** A text as a page shows it: without the codes of a terminal. */
export function readableText(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(terminalCodes, '');
}

/** The end of a log that is not too long to be shown, beginning with a whole line. */
export function endOfLog(text: string): { text: string; isCut: boolean } {
  if (text.length <= MOST_SHOWN_CHARACTERS) {
    return { text, isCut: false };
  }
  const end = text.slice(-MOST_SHOWN_CHARACTERS);
  return { text: end.slice(end.indexOf('\n') + 1), isCut: true };
}
