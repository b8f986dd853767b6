// Follows what happens in a tenant's delivery as its pages do: over the event stream.
import http from 'node:http';

const LONGEST_WAIT_MILLISECONDS = 20 * 60_000;

/** The newest event of each promotion, and who waits for one. */
export class DeliveryEvents {
  #request;
  #latest = new Map();
  #waiting = new Set();
  #broken;

  /** @param token - of somebody of the tenant */
  static async follow(port, token) {
    const events = new DeliveryEvents();
    await events.#open(port, token);
    return events;
  }

  /** Ids of promotions that have ended well so far. */
  ended() {
    return [...this.#latest.values()]
      .filter(({ phase }) => phase === 'succeeded')
      .map(({ id }) => id);
  }

  /**
   * Waits for an event of a promotion, of those before too.
   *
   * @param found - what is waited for; undefined or false while it is not that
   */
  until(what, found) {
    return new Promise((resolve, reject) => {
      const end = outcome => {
        this.#waiting.delete(waiter);
        clearTimeout(timer);
        outcome();
      };
      const waiter = {
        look: async event => {
          try {
            const result = await found(event);
            if (result) end(() => resolve(result));
          } catch (error) {
            end(() => reject(error));
          }
        },
        fail: error => end(() => reject(error)),
      };
      const timer = setTimeout(
        () => waiter.fail(new Error(`Not within 20 minutes: ${what}`)),
        LONGEST_WAIT_MILLISECONDS,
      );
      this.#waiting.add(waiter);
      if (this.#broken) waiter.fail(this.#broken);
      for (const event of this.#latest.values()) waiter.look(event);
    });
  }

  close() {
    this.#request.destroy();
  }

  #open(port, token) {
    return new Promise((resolve, reject) => {
      this.#request = http.get(
        {
          host: 'localhost',
          family: 4,
          port,
          path: '/api/promotions/events',
          headers: {
            authorization: `Bearer ${token}`,
            accept: 'text/event-stream',
          },
        },
        response => {
          if (response.statusCode !== 200) {
            reject(new Error(`The events answered ${response.statusCode}`));
            response.resume();
            return;
          }
          let rest = '';
          response.setEncoding('utf8');
          response.on('data', text => {
            const lines = (rest + text).split('\n');
            rest = lines.pop();
            for (const line of lines) {
              if (line.startsWith('data:'))
                this.#add(JSON.parse(line.slice(5)));
            }
          });
          response.on('close', () => this.#break());
          resolve();
        },
      );
      this.#request.on('error', error => {
        reject(error);
        this.#break();
      });
    });
  }

  #add(event) {
    if (event.type !== 'promotion') return;
    if (this.#latest.get(event.id)?.revision > event.revision) return;
    this.#latest.set(event.id, event);
    for (const waiter of this.#waiting) waiter.look(event);
  }

  #break() {
    this.#broken = new Error('The stream of events has ended');
    for (const waiter of this.#waiting) waiter.fail(this.#broken);
  }
}
