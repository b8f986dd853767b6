// Builds the site: node build.mjs
import { buildSite } from './lib/buildSite.mjs';

const here = name => new URL(name, import.meta.url).pathname;
try {
  const pages = await buildSite({
    site: here('site.json'),
    content: here('content/'),
    assets: here('public/'),
    target: here('dist/'),
  });
  process.stdout.write(`${pages.length} pages were built into dist/.\n`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
