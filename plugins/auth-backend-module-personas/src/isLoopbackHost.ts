const LOOPBACK_NAME = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Tells whether a `Host` header names this machine itself, with any port. */
export function isLoopbackHost(host: string | undefined): boolean {
  return (
    host !== undefined &&
    LOOPBACK_NAME.test(host.toLowerCase().replace(/:\d{1,5}$/, ''))
  );
}
