/** The page that is shown while the portal starts; it asks for the state and reloads when the portal answers. */
export const progressPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Portico is starting</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/.portico/progress.css" />
    <script src="/.portico/progress.js" defer></script>
  </head>
  <body>
    <main>
      <h1>Portico is starting</h1>
      <p id="summary" role="status">The first start takes a few minutes; later ones take seconds.</p>
      <ol id="steps" aria-label="Steps"></ol>
      <details>
        <summary>Last lines of the log</summary>
        <pre id="log" tabindex="0" aria-label="Log"></pre>
      </details>
      <noscript>Reload this page to see how far it is.</noscript>
    </main>
  </body>
</html>
`;

export const progressStyle = `
:root {
  --text: #1b1f24; --muted: #57606a; --page: #f6f7f9; --card: #fff; --line: #d5dae0;
  --done: #1a7f37; --running: #0a53c1; --failed: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e8eaed; --muted: #a7b0ba; --page: #14171b; --card: #1d2126; --line: #3a414a;
    --done: #5fd07f; --running: #8ab8ff; --failed: #ff9d94;
  }
}
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 42rem; margin: 12vh auto 4rem; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
#summary { color: var(--muted); margin: 0 0 1.5rem; }
#summary.failed { color: var(--failed); }
ol { list-style: none; margin: 0 0 1.5rem; padding: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
li { display: grid; grid-template-columns: 5.5rem 1fr auto; gap: .75rem; padding: .6rem 1rem; }
li + li { border-top: 1px solid var(--line); }
.state { font-weight: 600; color: var(--muted); }
.done .state { color: var(--done); }
.running .state { color: var(--running); }
.failed .state { color: var(--failed); }
.detail, .time { color: var(--muted); font-size: .9rem; }
.detail { display: block; overflow-wrap: anywhere; }
pre { overflow: auto; max-height: 16rem; padding: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px; font-size: .8rem; }
`;

export const progressScript = `
const words = { waiting: 'Waiting', running: 'Running', done: 'Done', failed: 'Failed' };
const byId = id => document.getElementById(id);

let failed = false;

function show({ steps, log, failure }) {
  failed = failure !== undefined;
  const items = steps.map(step => {
    const item = document.createElement('li');
    item.className = step.state;
    const part = (name, text) => {
      const element = document.createElement('span');
      element.className = name;
      element.textContent = text;
      return element;
    };
    const label = part('label', step.title);
    if (step.detail) label.append(part('detail', step.detail));
    item.append(
      part('state', words[step.state]),
      label,
      part('time', step.seconds === undefined ? '' : step.seconds + ' s'),
    );
    return item;
  });
  byId('steps').replaceChildren(...items);
  byId('log').textContent = log.join('\\n');
  const running = steps.find(step => step.state === 'running');
  say(failure ?? (running ? running.title : 'The portal is taking over.'), failure);
}

function say(text, failed) {
  const summary = byId('summary');
  if (summary.textContent !== text) summary.textContent = text;
  summary.className = failed ? 'failed' : '';
}

async function ask() {
  try {
    const answer = await fetch('/.portico/progress.json', { cache: 'no-store' });
    if (answer.headers.get('content-type')?.startsWith('application/vnd.portico.progress')) {
      show(await answer.json());
    } else {
      const health = await fetch('/.backstage/health/v1/readiness', { cache: 'no-store' });
      if (health.ok) return location.reload();
      say('The portal is taking over.');
    }
  } catch {
    if (!failed) say('The portal is taking over, or was stopped: look at the terminal.');
  }
  setTimeout(ask, 700);
}
ask();
`;
