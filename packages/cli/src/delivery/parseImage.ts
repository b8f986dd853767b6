import { UsageError } from '../output/UsageError';

const pattern =
  /^(?<name>[^@\s]+?)(?::(?<tag>[\w][\w.-]{0,127}))?@(?<digest>sha256:[0-9a-f]{64})$/;

/**
 * Reads the name of an image with its digest, and a tag for people.
 *
 * @throws UsageError for an image without digest: what runs must not change its meaning
 */
export function parseImage(text: string): {
  name: string;
  digest: string;
  tag?: string;
} {
  const { name, tag, digest } = pattern.exec(text)?.groups ?? {};
  if (name === undefined || digest === undefined) {
    throw new UsageError(
      `--image is "${text}", expected a digest as in registry.example/shop/checkout:1.4.2@sha256:…; the push of the image prints it`,
    );
  }
  return { name, digest, ...(tag !== undefined && { tag }) };
}
