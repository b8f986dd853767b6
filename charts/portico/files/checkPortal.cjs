// Run by the pod of `helm test` with the node of the image; PORTAL is the address of the Service.
const portal = process.env.PORTAL;

async function ask(path) {
  const response = await fetch(portal + path, {
    signal: AbortSignal.timeout(10_000),
  });
  return { status: response.status, text: await response.text() };
}

const checks = {
  'is ready': async () =>
    (await ask('/.backstage/health/v1/readiness')).status === 200,
  'shows its page': async () => {
    const { status, text } = await ask('/');
    return status === 200 && /<div id="root"/.test(text);
  },
  'tells nobody what the catalog has': async () =>
    (await ask('/api/catalog/entities')).status === 401,
  'knows no route that is not listed': async () =>
    (await ask('/api/catalog/no-such-route')).status === 404,
};

(async () => {
  let failed = 0;
  for (const [what, check] of Object.entries(checks)) {
    const passed = await check().catch(error => {
      console.log(String(error));
      return false;
    });
    failed += passed ? 0 : 1;
    console.log(`${passed ? 'passed' : 'FAILED'}: the portal ${what}`);
  }
  process.exitCode = failed ? 1 : 0;
})();
