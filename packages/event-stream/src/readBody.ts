/**
 * Reads the body of an answer piece by piece.
 *
 * @param silence - after so many milliseconds without a piece the answer is given up
 */
export async function* readBody(
  response: Response,
  silence: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (!reader) {
    return;
  }
  try {
    for (;;) {
      const piece = await inTime(reader.read(), silence);
      if (piece.done) {
        return;
      }
      yield piece.value;
    }
  } finally {
    // Nobody waits for the rest, so it must not be sent; the answer may be over already.
    reader.cancel().catch(() => undefined);
  }
}

function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('The portal has stopped sending')),
      milliseconds,
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
