import { type Response } from 'express';
import { z } from 'zod';
import { type TaskEventNumbers } from './TaskEventNumbers';

const eventSchema = z.looseObject({ id: z.number(), type: z.string() });
const dataLine = /^data: (.*)$/gm;

/** Puts the task's own numbers in place of the ids of a list that is answered. */
export function renumberList(response: Response, numbers: TaskEventNumbers) {
  const send = response.json.bind(response);
  response.json = body => {
    // An error is no list, and has no ids.
    if (!Array.isArray(body)) {
      return send(body);
    }
    const events = understood(response, () =>
      body.map(event => renumber(event, numbers)),
    );
    return events ? send(events) : response;
  };
}

/** Puts the task's own numbers in place of the ids of a stream, as it is written. */
export function renumberStream(response: Response, numbers: TaskEventNumbers) {
  const write = response.write.bind(response);
  response.write = (chunk: unknown) => {
    const text = understood(response, () =>
      String(chunk).replace(
        dataLine,
        (_, data: string) =>
          `data: ${JSON.stringify(renumber(JSON.parse(data), numbers))}`,
      ),
    );
    return text !== undefined && write(text);
  };
}

function renumber(event: unknown, numbers: TaskEventNumbers): unknown {
  const known = eventSchema.parse(event);
  return { ...known, id: numbers.numberOf(known) };
}

/** Breaks the answer off where it holds something else: no unknown id may come out. */
function understood<T>(response: Response, read: () => T): T | undefined {
  try {
    return read();
  } catch {
    response.destroy();
    return undefined;
  }
}
