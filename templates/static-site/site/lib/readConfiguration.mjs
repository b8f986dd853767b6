/**
 * What the server reads from its environment, checked once at the start.
 *
 * @throws Error that names every problem
 */
export function readConfiguration(environment) {
  const problems = [];
  const wholeNumber = (key, fallback, maximum) => {
    const text = environment[key] ?? String(fallback);
    const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
    if (!(value <= maximum)) {
      problems.push(`${key} must be a whole number from 0 to ${maximum}`);
    }
    return value;
  };
  const configuration = {
    host: environment.HOST ?? '0.0.0.0',
    port: wholeNumber('PORT', 8080, 65535),
    drainSeconds: wholeNumber('DRAIN_SECONDS', 5, 60),
  };
  if (problems.length > 0) {
    throw new Error(`The environment is not usable: ${problems.join('; ')}.`);
  }
  return configuration;
}
