// HEALTHCHECK of the image: does the portal in this container answer, and its database?
const port = process.env.APP_CONFIG_backend_listen_port ?? 7007;
const answer = await fetch(
  `http://127.0.0.1:${port}/.backstage/health/v1/readiness`,
  { signal: AbortSignal.timeout(4_000) },
);
process.exit(answer.ok ? 0 : 1);
