import { randomBytes } from 'node:crypto';

/** Ids of one process grow also within a millisecond. */
let last = { milliseconds: 0, count: 0 };

/** A UUID of version 7 (RFC 9562): 48 bits of time, 12 that count, then chance. */
export function newPromotionId(now: Date): string {
  const milliseconds = now.getTime();
  const count =
    milliseconds === last.milliseconds ? (last.count + 1) % 4096 : 0;
  last = { milliseconds, count };
  const bytes = randomBytes(16);
  bytes.writeUIntBE(milliseconds, 0, 6);
  bytes.writeUInt16BE(0x7000 + count, 6);
  bytes.writeUInt8(0x80 + (bytes.readUInt8(8) % 64), 8);
  return bytes
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
