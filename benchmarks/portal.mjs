// What the benchmarks share: talking to a running portal as a persona.

export const portalUrl = process.env.PORTICO_URL ?? 'http://localhost:7007';

/** Signs in as a development persona and returns a function that calls the portal. */
export async function signIn(userRef) {
  const response = await fetch(`${portalUrl}/api/auth/persona/refresh`, {
    headers: { 'x-portico-persona': userRef },
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) {
    throw new Error(
      `Could not sign in as ${userRef} at ${portalUrl}: ${response.status}. Start the portal with npm start first.`,
    );
  }
  const { backstageIdentity } = await response.json();
  const token = backstageIdentity.token;
  const call = (path, options = {}) =>
    fetch(`${portalUrl}${path}`, {
      ...options,
      headers: {
        authorization: `Bearer ${token}`,
        ...(options.body ? { 'content-type': 'application/json' } : {}),
        ...options.headers,
      },
      signal: AbortSignal.timeout(30_000),
    });
  return { token, call };
}

/** Asks every 10 ms until the check answers, for at most 30 s; milliseconds since `since`. */
export async function timeUntil(since, check) {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    if (await check()) {
      return performance.now() - since;
    }
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  throw new Error('It did not become true within 30 s.');
}

/** Median, 95th percentile and extremes of milliseconds, as one printable line. */
export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  const ms = value => `${Math.round(value)} ms`;
  return `n ${sorted.length}, p50 ${ms(at(0.5))}, p95 ${ms(at(0.95))}, min ${ms(
    sorted[0],
  )}, max ${ms(sorted[sorted.length - 1])}`;
}
