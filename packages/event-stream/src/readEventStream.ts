/** One event of a stream of server-sent events. */
export interface ServerSentEvent {
  /** The last id that the stream named, of this event or of one before. */
  id?: string;
  /** `message` unless named. */
  event: string;
  data: string;
}

/**
 * Reads server-sent events (HTML Living Standard, 9.2.6) as they come. Comments, such
 * as heartbeats, are passed over.
 *
 * @param pieces - parts of the text as they come, cut anywhere
 */
export async function* readEventStream(
  pieces: AsyncIterable<string>,
): AsyncGenerator<ServerSentEvent> {
  let id: string | undefined;
  let event = '';
  let data: string[] = [];
  for await (const line of readLines(pieces)) {
    if (line === '') {
      if (data.length > 0) {
        yield { id, event: event || 'message', data: data.join('\n') };
      }
      event = '';
      data = [];
      continue;
    }
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    switch (field) {
      case 'id':
        id = value;
        break;
      case 'event':
        event = value;
        break;
      case 'data':
        data.push(value);
        break;
      default:
        // a comment (no field name), or a field that is none of ours
        break;
    }
  }
}

/** Lines end with LF, CR LF or CR; an unfinished last one is dropped. */
async function* readLines(pieces: AsyncIterable<string>) {
  let rest = '';
  for await (const piece of pieces) {
    rest += piece;
    // A CR at the very end may be the first half of CR LF.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
