import { type Gate } from '@portico/plugin-promotions-node';
import { approvalGate } from './approvalGate';
import { checksGate } from './checksGate';
import { freezeGate } from './freezeGate';
import { healthGate } from './healthGate';
import { soakGate } from './soakGate';

/** The kinds that come with Portico. */
export const builtInGates: readonly Gate[] = [
  approvalGate,
  checksGate,
  freezeGate,
  healthGate,
  soakGate,
];
