import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { describeListener } from './checks.mjs';
import { LauncherError } from './LauncherError.mjs';
import {
  progressPage,
  progressScript,
  progressStyle,
} from './progressPage.mjs';

const logLines = 60;

/**
 * Shows how far a start is, on the port that the portal gets afterwards.
 *
 * `GET /.portico/progress.json` gives `{ steps: [{ id, title, state, detail?, seconds? }], log, failure? }`
 * with state `waiting`, `running`, `done` or `failed`.
 */
export class ProgressServer {
  #steps;
  #log = [];
  #failure;
  #askedAt = 0;
  #server;

  /** @param {Array<{id: string, title: string}>} steps - in the order in which they run */
  constructor(steps) {
    this.#steps = steps.map(step => ({ ...step, state: 'waiting' }));
  }

  /** Listens where the portal will listen, or says who is there. */
  async listen(port) {
    const server = createServer((request, response) =>
      this.#answer(request, response),
    );
    await new Promise((resolve, reject) => {
      server.once('error', error =>
        reject(
          error.code === 'EADDRINUSE'
            ? new LauncherError(
                `Port ${port} is taken by ${describeListener(
                  port,
                )}: stop it, or choose another port with "npm start -- --port ${
                  port + 1
                }".`,
              )
            : new LauncherError(
                `Port ${port} cannot be used (${error.code}): choose another with --port.`,
              ),
        ),
      );
      server.listen(port, 'localhost', resolve);
    });
    this.#server = server;
  }

  /** Notes the state of a step; the title is printed once for each state. */
  step(id, state, detail) {
    const step = this.#steps.find(candidate => candidate.id === id);
    if (!step) return;
    if (state !== step.state) {
      if (state === 'running') step.startedAt = Date.now();
      step.state = state;
      const seconds = this.#seconds(step);
      if (state === 'running') process.stdout.write(`  ${step.title} …\n`);
      if (state === 'done' && seconds >= 1) {
        process.stdout.write(`  ${step.title}: done in ${seconds} s\n`);
      }
      if (state !== 'running') step.seconds = seconds;
    }
    step.detail = detail;
  }

  /** Adds a line to the tail of the log. */
  log(line) {
    // eslint-disable-next-line no-control-regex -- colours of a terminal
    this.#log.push(line.replace(/\u001b\[[0-9;]*m/g, '').slice(0, 500));
    this.#log.splice(0, this.#log.length - logLines);
  }

  /** The last lines of the log. */
  get tail() {
    return [...this.#log];
  }

  /**
   * Shows why the start failed; the running step is the one that did. An open page
   * gets the time to ask for it.
   */
  async fail(message) {
    this.#failure = message;
    const running = this.#steps.find(step => step.state === 'running');
    if (running) this.step(running.id, 'failed', running.detail);
    if (this.#server && Date.now() - this.#askedAt < 5_000) {
      await delay(1_500);
    }
  }

  /** Frees the port at once. */
  async close() {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    await new Promise(resolve => {
      server.close(resolve);
      server.closeAllConnections();
    });
  }

  #seconds(step) {
    return step.startedAt === undefined
      ? undefined
      : Math.round((Date.now() - step.startedAt) / 100) / 10;
  }

  #answer(request, response) {
    const send = (status, type, body) => {
      response.writeHead(status, {
        'content-type': type,
        'cache-control': 'no-store',
        'content-security-policy':
          "default-src 'self'; img-src data:; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    const path = request.url?.split('?')[0];
    if (path === '/.portico/progress.json') {
      this.#askedAt = Date.now();
      send(
        200,
        'application/vnd.portico.progress+json',
        JSON.stringify({
          steps: this.#steps.map(({ startedAt: _, ...step }) => step),
          log: this.#log,
          failure: this.#failure,
        }),
      );
    } else if (path === '/.portico/progress.css') {
      send(200, 'text/css; charset=utf-8', progressStyle);
    } else if (path === '/.portico/progress.js') {
      send(200, 'text/javascript; charset=utf-8', progressScript);
    } else if (path === '/' || request.headers.accept?.includes('text/html')) {
      send(200, 'text/html; charset=utf-8', progressPage);
    } else {
      send(503, 'application/json', '{"status":"starting"}');
    }
  }
}
