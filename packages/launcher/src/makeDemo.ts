import { type PorticoDatabaseConnection } from '@portico/database';
import { evidenceFiles, exportEvidence, runDemo } from '@portico/demo';
import { relative, resolve } from 'path';
import { DemoFile } from './DemoFile';
import { repositoryRoot } from './paths';
import { writeDemoHistory } from './writeDemoHistory';

/**
 * Makes the demo in a running portal, and an export of its audit, telling of each step.
 * The portal is of use without it: what fails is told, and goes on at the next start.
 */
export async function makeDemo(options: {
  baseUrl: string;
  /** The portal's data folder. */
  data: string;
  database: PorticoDatabaseConnection;
  print: (text: string) => void;
  signal: AbortSignal;
}): Promise<void> {
  const { baseUrl, data, database, print, signal } = options;
  const startedAt = performance.now();
  const file = new DemoFile(data);
  try {
    const { created } = await runDemo({
      baseUrl,
      writeHistory: history =>
        writeDemoHistory(history, { connection: database, signal }),
      onProgress: text => print(`  ${text}`),
      onCount: progress => file.count(progress),
      signal,
    });
    await file.remove();
    if (created.length > 0) {
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      print(`  The demo is complete after ${seconds} s.`);
    }
  } catch (error) {
    await file.stopped();
    if (!signal.aborted) {
      print(
        `  The demo is not complete: ${describe(
          error,
        )} It goes on at the next start.`,
      );
    }
    return;
  }
  try {
    await exportEvidence({ baseUrl, folder: evidenceFolder(data), signal });
    print(verifyHint(data));
  } catch (error) {
    if (!signal.aborted) {
      print(
        `  The audit of the demo could not be exported: ${describe(
          error,
        )} It is tried again at the next start.`,
      );
    }
  }
}

/** Where exports of the demo's audit lie. */
export function evidenceFolder(data: string): string {
  return resolve(data, 'evidence');
}

/** The words after `portico` that verify what the demo exported. */
export function verifyWords(data: string, tenant: string): string[] {
  const { exports, keyFile } = evidenceFiles(evidenceFolder(data));
  const shown = (file: string) => {
    const path = relative(repositoryRoot, file);
    return path.startsWith('..') ? file : path;
  };
  return ['audit', 'verify', shown(exports[tenant]), '--key', shown(keyFile)];
}

function verifyHint(data: string): string {
  return [
    '  The audit of the demo lies ready; this verifies it without the portal:',
    `    npm run --silent portico -- ${verifyWords(data, 'aurora').join(' ')}`,
  ].join('\n');
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
