import { readFileSync } from 'node:fs';

/** Whether a process runs; one that ended and was not put away yet does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    // a system without /proc
    return true;
  }
}
