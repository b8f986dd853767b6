import { type BedSystem } from './BedSystem';
import { gitea } from './systems/gitea';
import { nats } from './systems/nats';
import { opa } from './systems/opa';
import { postgres } from './systems/postgres';

/** All systems of the bed; what needs others stands after them. */
export const bedSystems: readonly BedSystem[] = [postgres, gitea, nats, opa];
